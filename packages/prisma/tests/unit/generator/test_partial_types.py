"""Partial types: the project's script, run while the client is generated."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from prisma.errors import GeneratorError
from prisma.generator import Result

# Each starts Python.
pytestmark = pytest.mark.long

Generate = Callable[..., Result]
MODELS = """
model User {
  id    Int     @id
  name  String?
  tags  String[]
  posts Post[]
}

model Post {
  id     Int  @id
  userId Int
  user   User @relation(fields: [userId], references: [id])
}
"""
CREATE = "from prisma.models import User, Post\n"


def _generator(option: str = "") -> str:
    return f'generator client {{\n  provider = "prisma-client-py"\n  output = "client"\n  {option}\n}}\n'


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Import a module of the generated client."""
    monkeypatch.syspath_prepend(str(tmp_path))
    yield lambda name: importlib.import_module(f"client.{name}")
    for name in [name for name in sys.modules if name.partition(".")[0] == "client"]:
        del sys.modules[name]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("option", "file"),
    [
        ('partial_type_generator = "scripts/types.py"', "scripts/types.py"),
        ('partial_type_generator = "scripts.types"', "scripts/types.py"),
        ("", "prisma/partial_types.py"),
    ],
)
def test_places_of_the_script(
    option: str, file: str, generate_from: Generate, tmp_path: Path, client: Callable[[str], ModuleType]
) -> None:
    _write(tmp_path / file, f"{CREATE}User.create_partial('UserName', include={{'name', 'id'}}, required=['name'])")
    generate_from(MODELS, generator=_generator(option))
    fields = client("partials").UserName.model_fields
    assert {name: field.is_required() for name, field in fields.items()} == {"id": True, "name": True}


def test_options_of_create_partial(
    generate_from: Generate, tmp_path: Path, client: Callable[[str], ModuleType]
) -> None:
    lines = (
        "User.create_partial('Row', exclude_relational_fields=True, optional={'id'})",
        "User.create_partial('Plain', exclude=['posts', 'tags'])",
        "Post.create_partial('PostOfPlain', relations={'user': 'Plain'}, required={'user'})",
        "User.create_partial('Ordered', include=['tags', 'id'])",
        "User.create_partial('WithPosts', include=['posts'])",
    )
    _write(tmp_path / "partials.py", "\n".join((CREATE, *lines)))
    generate_from(MODELS, generator=_generator('partial_type_generator = "partials.py"'))
    partials = client("partials")
    made = {
        name: {field: str(info.annotation).replace("client.", "") for field, info in cls.model_fields.items()}
        for name, cls in vars(partials).items()
        if isinstance(cls, type) and cls.__module__ == "client.partials" and cls.model_rebuild() is not False
    }
    assert made == {
        "Row": {"id": "typing.Optional[int]", "name": "typing.Optional[str]", "tags": "typing.List[str]"},
        "Plain": {"id": "<class 'int'>", "name": "typing.Optional[str]"},
        "PostOfPlain": {"id": "<class 'int'>", "userId": "<class 'int'>", "user": "<class 'partials.Plain'>"},
        "Ordered": {"tags": "typing.List[str]", "id": "<class 'int'>"},
        "WithPosts": {"posts": "typing.Optional[typing.List[models.Post]]"},
    }
    assert partials.Ordered.model_validate({"tags": None, "id": 1}).tags == []
    assert (partials.Row.__prisma_model__, partials.Row.__mro__[1].__name__) == ("User", "BaseUser")


def test_the_client_that_is_being_made_is_the_one_that_scripts_see(
    generate_from: Generate, tmp_path: Path, client: Callable[[str], ModuleType]
) -> None:
    script = tmp_path / "prisma" / "partial_types.py"
    _write(script, "from client.models import User\nUser.create_partial('Part', include={'id'})")
    generate_from(MODELS, generator=_generator())
    _write(script, "from client.models import User\nUser.create_partial('Part', include={'age'})")
    generate_from(MODELS.replace("name  String?", "age Int"), generator=_generator())
    assert list(client("partials").Part.model_fields) == ["age"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("User.create_partial('A', include={'nope'})", "ValueError: nope is not a valid User / A field."),
        ("User.create_partial('A', exclude={'nope'})", "ValueError: nope is not a valid User / A field."),
        ("User.create_partial('A', exclude={'id'}, required={'id'})", "ValueError: id is not a valid User / A field."),
        ("User.create_partial('A', include={'id'}, exclude={'id'})", "TypeError: Exclude and include are mutually"),
        (
            "User.create_partial('A', include={'id'}, exclude_relational_fields=True)",
            "TypeError: Include and exclude_relational_fields=True are mutually exclusive.",
        ),
        (
            "User.create_partial('A', required={'id'}, optional={'id'})",
            "ValueError: Cannot make the same field(s) required and optional {'id'}",
        ),
        (
            "User.create_partial('A', exclude_relational_fields=True, relations={'posts': 'B'})",
            "ValueError: exclude_relational_fields and relations are mutually exclusive",
        ),
        ("User.create_partial('A', relations={'name': 'B'})", 'UnknownRelationalFieldError: Field: "name" either'),
        (
            "User.create_partial('A', relations={'posts': 'B'})",
            'ValueError: Unknown partial type: "B". Did you remember to generate the B type before this one?',
        ),
        (
            "User.create_partial('A')\nUser.create_partial('A')",
            'ValueError: Partial type "A" has already been created.',
        ),
        ("User.create_partial('a b')", 'ValueError: Partial type "a b" can\'t have this name'),
        ("raise SystemError('own')", "SystemError: own"),
        ("def broken(:", "SyntaxError"),
    ],
)
def test_errors_show_the_line_of_the_script(line: str, message: str, generate_from: Generate, tmp_path: Path) -> None:
    script = tmp_path / "prisma" / "partial_types.py"
    _write(script, CREATE + line)
    with pytest.raises(GeneratorError) as caught:
        generate_from(MODELS, generator=_generator())
    text = str(caught.value)
    assert (message in text, f'File "{script}", line' in text, "runpy" in text) == (True, True, False), text
    assert not (tmp_path / "client").exists()


def test_a_missing_generator(generate_from: Generate) -> None:
    for place in ("nowhere.py", "no.where", ".relative"):
        with pytest.raises(GeneratorError, match=f"Could not find a python file or module at {place}"):
            generate_from(MODELS, generator=_generator(f'partial_type_generator = "{place}"'))


def test_create_partial_works_only_while_generating() -> None:
    from prisma.models import User

    with pytest.raises(RuntimeError, match="Attempted to create a partial type outside of client generation"):
        User.create_partial("Part")
