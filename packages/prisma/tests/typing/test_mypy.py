"""mypy reports the expected errors and no others; with its plugin, a literal `include` gives exact types."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from mypy import api

pytestmark = pytest.mark.long

CASES = tuple(sorted(path.name for path in Path(__file__).with_name("cases").glob("*.py")))
PROGRAM = """
from client import Prisma, types

async def main(db: Prisma, unknown: types.CustomerInclude) -> None:
    plain = await db.customers.find_unique_or_raise({"id": 1})
    reveal_type(plain.orders)
    one = await db.customers.find_unique({"id": 1}, include={"orders": True, "profile": True, "referred": False})
    assert one
    reveal_type(one.orders)
    reveal_type(one.profile)
    reveal_type(one.referred)
    many = await db.customers.find_many(
        include={"orders": {"take": 1, "include": {"lines": True}}, "favourites": {"include": {"fans": True}}},
    )
    reveal_type(many[0].orders[0].lines)
    reveal_type(many[0].favourites[0].fans)
    created = await db.customers.create({"email": "a@b.c"}, include=types.CustomerInclude(orders=True))
    reveal_type(created.orders)
    await db.customers.find_many(include=unknown)
"""
REVEALED = [
    "list[client.models.Order] | None",
    "list[client.models.Order]",
    "client.models.Profile | None",
    "list[client.models.Customer] | None",
    "list[client.models.OrderLine]",
    "list[client.models.Customer]",
    "list[client.models.Order]",
]

# What is skipped has no part in the client's types, and is half of what there is to read.
CONFIG = """
[mypy]
plugins = prisma.mypy

[prisma-mypy]
warn_parsing_errors = false

[mypy-prisma._generated.*,rich.*,dns.*,wasmtime.*,opentelemetry.*]
follow_imports = skip
"""
# What the plugin takes for a generated client.
ACTIONS = """
from typing import TypedDict, overload

class Key(TypedDict):
    id: int

class BookActions:
    @overload
    def find_many(self, cursor: Key, include: object = None) -> int: ...
    @overload
    def find_many(self, cursor: Key, include: object = None, *, omit: object) -> str: ...
    def find_many(self, cursor: Key, include: object = None, omit: object = None) -> object: ...

def main(books: BookActions, unknown: object) -> None:
    books.find_many({"id": 1}, include=unknown) + 1
"""

Finding = tuple[str, int, str]


@pytest.fixture(scope="module")
def said(project: Path) -> list[str]:
    """What mypy says of the program, the client and the cases when the plugin says nothing by itself."""
    (project / "program.py").write_text(PROGRAM, encoding="utf-8")
    (project / "mypy.ini").write_text(CONFIG, encoding="utf-8")
    return _check(project, "mypy.ini", "program.py", *CASES)


def _check(folder: Path, config: str, *files: str) -> list[str]:
    options = ["--config-file", config, "--cache-dir", ".cache", "--no-error-summary"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        out, err, _ = api.run([*options, *files])
    assert err == "", err
    return out.splitlines()


def _findings(lines: list[str]) -> list[Finding]:
    found = (re.match(r"(\S+\.py):(\d+): error: .*\[([\w-]+)\]$", line) for line in lines)
    return sorted({(match[1], int(match[2]), match[3]) for match in found if match})


def test_included_lists_are_not_optional(said: list[str]) -> None:
    revealed = [line.partition('type is "')[2][:-1] for line in said if "Revealed type" in line]
    assert [text.replace("builtins.", "") for text in revealed] == REVEALED


def test_program_and_client_are_clean(said: list[str]) -> None:
    assert [finding for finding in _findings(said) if finding[0] not in CASES] == []


@pytest.mark.parametrize("case", CASES)
def test_case(case: str, said: list[str], announced: Callable[[str, str], list[Finding]]) -> None:
    assert [finding for finding in _findings(said) if finding[0] == case] == announced(case, "mypy")


@pytest.mark.parametrize(("option", "codes"), [("", ["prisma-parsing"]), ("warn_parsing_errors = false", [])])
def test_what_the_plugin_can_not_read_is_said_unless_switched_off(
    option: str, codes: list[str], tmp_path: Path
) -> None:
    (tmp_path / "actions.py").write_text(ACTIONS, encoding="utf-8")
    text = f'[tool.mypy]\nplugins = ["prisma.mypy"]\n\n[tool.prisma-mypy]\n{option}\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert [code for _, _, code in _findings(_check(tmp_path, "pyproject.toml", "actions.py"))] == codes
