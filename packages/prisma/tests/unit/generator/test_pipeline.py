"""`generate`, from the schema's text to the folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from prisma.errors import GeneratorError
from prisma.generator import DEFAULT_OUTPUT, Result, generate
from prisma.generator.options import Options, read_options
from prisma.schema.errors import SchemaError

MODEL = "model User {\n  id Int @id\n}\n"
Generate = Callable[..., Result]


def test_result(generate_from: Generate, tmp_path: Path) -> None:
    result = generate_from(MODEL)
    names = "__init__ actions bases batch client enums metadata models partials types"
    written = tuple(tmp_path / "client" / f"{name}.py" for name in names.split())
    assert result == Result(written, (tmp_path / "client",), ())
    assert generate_from(MODEL) == Result((), (tmp_path / "client",), ())


def test_only_changed_files_are_written(generate_from: Generate, tmp_path: Path) -> None:
    generate_from(MODEL)
    times = {file.name: file.stat().st_mtime_ns for file in (tmp_path / "client").glob("*.py")}
    written = {file.name for file in generate_from(MODEL.replace("Int", "BigInt")).written}
    unchanged = {
        file.name for file in (tmp_path / "client").glob("*.py") if file.stat().st_mtime_ns == times[file.name]
    }
    assert (written, unchanged) == ({"metadata.py"} | (set(times) - unchanged), set(times) - written)
    assert "actions.py" in unchanged


@pytest.mark.parametrize(
    "provider", ["prisma-client-py", "python -m prisma", "coverage run -m prisma", "/opt/venv/bin/prisma-client-py"]
)
def test_any_command_of_ours_is_a_provider(provider: str, generate_from: Generate, tmp_path: Path) -> None:
    generator = f'generator py {{\n  provider = "{provider}"\n  output = "client"\n}}\n'
    javascript = 'generator js {\n  provider = "prisma-client-js"\n}\n'
    assert generate_from(MODEL, generator=javascript + generator).outputs == (tmp_path / "client",)


def test_generators_by_name(generate_from: Generate, tmp_path: Path) -> None:
    blocks = "".join(
        f'generator {name} {{\n  provider = "prisma-client-py"\n  output = "{name}"\n}}\n' for name in ("one", "two")
    )
    assert generate_from(MODEL, generator=blocks).outputs == (tmp_path / "one", tmp_path / "two")
    assert generate_from(MODEL, generator=blocks, generators=["two"]).outputs == (tmp_path / "two",)


def test_all_files_of_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "prisma" / "schema"
    (folder / "models").mkdir(parents=True)
    (folder / "main.prisma").write_text(
        'datasource db {\n  provider = "postgresql"\n  url = env("URL")\n}\n'
        'generator client {\n  provider = "prisma-client-py"\n  output = "../../client"\n}\n',
        encoding="utf-8",
    )
    (folder / "models" / "user.prisma").write_text(MODEL, encoding="utf-8")
    result = generate(root=tmp_path, environment={})
    assert result.output.resolve() == tmp_path / "client"
    metadata = (result.output / "metadata.py").read_text(encoding="utf-8")
    assert "model User {" in metadata
    assert 'path="prisma/schema"' in metadata
    assert 'url=Url(env="URL")' in metadata


def test_without_output_the_client_goes_beside_the_runtime() -> None:
    assert DEFAULT_OUTPUT.parts[-2:] == ("prisma", "_generated")


def test_accepted_options() -> None:
    block = {
        "name": "client",
        "provider": {"fromEnvVar": None, "value": "prisma-client-py"},
        "output": {"fromEnvVar": "OUT", "value": None},
        "config": {
            "interface": "sync",
            "recursive_type_depth": "5",
            "partial_type_generator": "partials.py",
            "enable_experimental_decimal": "true",
            "engineType": "binary",
        },
        "binaryTargets": [],
        "previewFeatures": ["relationJoins"],
        "sourceFilePath": "schema.prisma",
    }
    environment = {"PRISMA_PY_CONFIG_INTERFACE": "asyncio", "OUT": "there"}
    assert read_options(block, environment) == Options(
        name="client",
        output="there",
        output_base="schema.prisma",
        preview_features=("relationJoins",),
        interface="asyncio",
        recursive_type_depth=5,
        partial_type_generator="partials.py",
        enable_experimental_decimal=True,
        engine_type="binary",
        driver="asyncpg",
    )


def _generator(*lines: str) -> str:
    return "\n".join(("generator client {", 'provider = "prisma-client-py"', 'output = "client"', *lines, "}", ""))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"generator": _generator('driver = "pg8000"')}, "the driver is asyncpg or psycopg, not pg8000"),
        ({"generator": _generator('interface = "sync"', 'driver = "asyncpg"')}, "the driver is psycopg, not asyncpg"),
        ({"generator": _generator('interface = "trio"')}, "interface is asyncio or sync, not trio"),
        ({"generator": _generator('http = "aiohttp"')}, "`http` was renamed"),
        ({"generator": _generator('intreface = "sync"')}, "unknown option `intreface`; known are interface"),
        ({"generator": _generator('recursive_type_depth = "deep"')}, "recursive_type_depth is a whole number"),
        ({"generator": _generator('enable_experimental_decimal = "maybe"')}, "is true or false, not maybe"),
        ({"generator": _generator().replace('"client"', 'env("OUT")')}, r"`output` is env\('OUT'\), which is not set"),
        (
            {"generator": 'generator js {\nprovider = "prisma-client-js"\n}\n', "generators": ["js"]},
            "The provider of js is another program than prisma-client-py; `npx prisma generate` runs those of npm",
        ),
        (
            {"generator": 'generator client {\nprovider = "prisma-client-python"\n}\n'},
            'Generator client has the provider "prisma-client-python"; write provider = "prisma-client-py"',
        ),
        ({"generators": ["other"]}, "has no generator named other"),
        ({"head": ""}, "has no datasource"),
        (
            {"head": 'datasource db {\nprovider = "mongodb"\nurl = env("URL")\n}\n'},
            "provider mongodb, which this release does not support; it supports postgresql, sqlite, mysql and cockr",
        ),
        (
            {"models": MODEL + "model USER {\n  id Int @id\n}\n"},
            "models User and USER would both be the client's attribute `user`",
        ),
        ({"models": '/// @Python(instance: "x")\n' + MODEL}, r'write /// @Python\(instance_name: "name"\)'),
    ],
)
def test_refusals(arguments: dict[str, object], message: str, generate_from: Generate, tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match=message):
        generate_from(**{"models": MODEL, **arguments})
    assert not (tmp_path / "client").exists()


def test_wrong_schema(generate_from: Generate) -> None:
    with pytest.raises(SchemaError, match=r'Type "Strin" is neither a built-in type'):
        generate_from("model User {\n  id Strin @id\n}\n")


def test_one_folder_for_two_clients(generate_from: Generate, tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match="The generators one, two would write to one folder"):
        generate_from(
            MODEL, generator=_generator().replace("client {", "one {") + _generator().replace("client {", "two {")
        )
    assert not (tmp_path / "client").exists()


def test_a_url_in_the_schema_is_not_in_the_datamodel(generate_from: Generate, tmp_path: Path) -> None:
    generate_from(MODEL, head='datasource db {\n  provider = "postgresql"\n  url = "postgresql://u:secret@h/d"\n}\n')
    metadata = (tmp_path / "client" / "metadata.py").read_text(encoding="utf-8")
    assert [line.strip() for line in metadata.split("\n") if "secret" in line] == [
        'url=Url(literal="postgresql://u:secret@h/d"),'
    ]


@pytest.mark.parametrize(
    ("features", "kept"),
    [
        ('["metrics"]', '("metrics",)'),
        ('["metrics", "views"]', '("views", "metrics")'),
        ('["views", "metrics"]', '("views", "metrics")'),
        ('["views", "metrics", "relationJoins"]', '("relationJoins", "views", "metrics")'),
        ('["fullTextSearch"]', '("fullTextSearchPostgres",)'),
    ],
)
def test_former_preview_features(features: str, kept: str, generate_from: Generate, tmp_path: Path) -> None:
    result = generate_from(MODEL, generator=_generator(f"previewFeatures = {features}"))
    metadata = (tmp_path / "client" / "metadata.py").read_text(encoding="utf-8")
    assert f"preview_features={kept}" in metadata
    assert len(result.warnings) == features.count("fullTextSearch")
