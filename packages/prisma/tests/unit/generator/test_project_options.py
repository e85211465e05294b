"""`[tool.prisma.generator]` of pyproject.toml: the options of our generator for a schema without a block for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from prisma.errors import GeneratorError
from prisma.generator import Result, generate
from prisma.generator.options import Options, read_options
from prisma.generator.project_options import makes_client, read_project
from prisma.schema.errors import SchemaError

Generate = Callable[..., Result]
MODEL = "model User {\n  id Int @id\n}\n"
HEAD = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'
JAVASCRIPT = 'generator client {\n  provider = "prisma-client-js"\n  previewFeatures = ["relationJoins"]\n}\n'
OURS = 'generator mine {\n  provider = "prisma-client-py"\n  interface = "sync"\n}\n'
LISTING = 'generator listing {\n  provider = "python listing.py"\n}\n'
TABLE = '[tool.prisma.generator]\noutput = "there"\n'


def options_of(folder: Path, generators: str, project: str | None) -> list[Options]:
    """Return the options of the clients that a project asks for."""
    (folder / "db").mkdir(exist_ok=True)
    (folder / "db" / "schema.prisma").write_text(HEAD + generators + MODEL, encoding="utf-8")
    (folder / "pyproject.toml").unlink(missing_ok=True)
    if project is not None:
        (folder / "pyproject.toml").write_text(project, encoding="utf-8")
    _, config = read_project(Path("db/schema.prisma"), folder)
    ours = [block for block in config["generators"] if block["provider"]["value"] == "prisma-client-py"]
    return [read_options(block, {}) for block in ours]


def options(folder: Path, **others: object) -> Options:
    """The defaults, and `others`."""
    defaults: dict[str, object] = {
        "name": "python",
        "output": None,
        "output_base": str(folder / "pyproject.toml"),
        "preview_features": (),
        "interface": "asyncio",
        "recursive_type_depth": -1,
        "partial_type_generator": None,
        "enable_experimental_decimal": False,
        "engine_type": None,
        "driver": "asyncpg",
    }
    return Options(**{**defaults, **others})  # pyright: ignore[reportArgumentType]


def test_all_options(tmp_path: Path) -> None:
    project = (
        '[tool.prisma.generator]\noutput = "there"\npreviewFeatures = ["views", "metrics"]\ninterface = "sync"\n'
        'recursive_type_depth = 5\npartial_type_generator = "partials.py"\nenable_experimental_decimal = true\n'
        'engineType = "binary"\ndriver = "psycopg"\nbinaryTargets = ["native"]\n'
    )
    assert options_of(tmp_path, JAVASCRIPT, project) == [
        options(
            tmp_path,
            output="there",
            preview_features=("relationJoins", "views"),
            interface="sync",
            recursive_type_depth=5,
            partial_type_generator="partials.py",
            enable_experimental_decimal=True,
            engine_type="binary",
            driver="psycopg",
        )
    ]


@pytest.mark.parametrize("project", [None, "", "[tool.prisma]\nseed = 'x'\n", "[tool.prisma.generator]\n"])
@pytest.mark.parametrize(("generators", "features"), [("", ()), (JAVASCRIPT, ("relationJoins",))])
def test_defaults(generators: str, features: tuple[str, ...], project: str | None, tmp_path: Path) -> None:
    assert options_of(tmp_path, generators, project) == [options(tmp_path, preview_features=features)]


def test_a_block_in_the_schema_wins(tmp_path: Path) -> None:
    found = options_of(tmp_path, JAVASCRIPT + OURS, TABLE)
    assert [(each.name, each.interface, each.output, each.preview_features) for each in found] == [
        ("mine", "sync", None, ())
    ]


def test_the_name_is_free(tmp_path: Path) -> None:
    assert [each.name for each in options_of(tmp_path, JAVASCRIPT.replace("client {", "python {"), TABLE)] == [
        "python_"
    ]


@pytest.mark.parametrize(
    ("generators", "project", "clients", "asks"),
    [
        ("", None, 1, False),
        (JAVASCRIPT, None, 1, False),
        (JAVASCRIPT, TABLE, 1, True),
        (OURS, None, 1, True),
        # Other programs in Python may be all that the schema is for.
        (LISTING, None, 0, False),
        (LISTING, TABLE, 1, True),
    ],
)
def test_which_projects_ask_for_a_client(
    generators: str, project: str | None, clients: int, asks: bool, tmp_path: Path
) -> None:
    found = options_of(tmp_path, generators, project)
    assert (len(found), makes_client(Path("db/schema.prisma"), tmp_path)) == (clients, asks)


def test_generated_client(generate_from: Generate, tmp_path: Path) -> None:
    """The output is relative to pyproject.toml; the compiler finds the preview features in the datamodel."""
    (tmp_path / "pyproject.toml").write_text(TABLE + 'previewFeatures = ["views", "metrics"]\n', encoding="utf-8")
    result = generate_from(MODEL, generator=JAVASCRIPT, generators=["python"])
    metadata = (tmp_path / "there" / "metadata.py").read_text(encoding="utf-8")
    assert (result.outputs, result.warnings) == ((tmp_path / "there",), ())
    assert 'preview_features=("relationJoins", "views", "metrics"),' in metadata
    assert '  previewFeatures = ["views"]' in metadata


def test_options_that_change_nothing_leave_the_client_the_same(generate_from: Generate, tmp_path: Path) -> None:
    """An image generates with pyproject.toml, and the service in it without: it may not write."""
    clients: list[dict[str, str]] = []
    for folder, interface in (("first_place", ""), ("second_place", 'interface = "asyncio"\n')):
        (tmp_path / "pyproject.toml").write_text(TABLE.replace("there", folder) + interface, encoding="utf-8")
        generate_from(MODEL, generator=JAVASCRIPT)
        files = sorted((tmp_path / folder).glob("*.py"))
        clients.append({file.name: file.read_text(encoding="utf-8").replace(folder, "") for file in files})
    assert clients[0] == clients[1]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('interface = "trio"', r"^\[tool\.prisma\.generator\] of pyproject\.toml: interface is asyncio or sync"),
        ('intreface = "sync"', r"^\[tool\.prisma\.generator\] of pyproject\.toml has the unknown option `intreface`"),
        ('provider = "prisma-client-js"', "has the unknown option `provider`"),
        ("interface = ['sync']", r"`interface` of \[tool\.prisma\.generator\] in pyproject\.toml must be a text"),
        ('previewFeatures = "views"', r"`previewFeatures` of .* must be a list of texts"),
        ("previewFeatures = [1]", r"`previewFeatures` of .* must be a list of texts"),
        ("interface = ", r"pyproject\.toml can't be read: "),
    ],
)
def test_refusals(table: str, message: str, generate_from: Generate, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(f"{TABLE}{table}\n", encoding="utf-8")
    with pytest.raises(GeneratorError, match=message):
        generate_from(MODEL, generator=JAVASCRIPT)
    assert not (tmp_path / "there").exists()


def test_a_generator_that_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match=r"`generator` in pyproject\.toml must be a table"):
        options_of(tmp_path, "", '[tool.prisma]\ngenerator = "prisma-client-py"\n')


def test_an_unknown_preview_feature_is_the_parsers_error(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match='preview feature "nope" is not known'):
        options_of(tmp_path, "", f'{TABLE}previewFeatures = ["nope"]\n')


def test_the_root_is_the_folder_of_pyproject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text(TABLE, encoding="utf-8")
    (tmp_path / "schema.prisma").write_text(HEAD + MODEL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert generate(root=Path(), environment={}).output.resolve() == tmp_path / "there"
