"""mypy finds what the cases say, and nothing else; with its plugin, what `include` says literally, results are."""

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


Finding = tuple[str, int, str]


@pytest.fixture(scope="module")
def silent(project: Path) -> list[str]:
    """What mypy says of the program, the client and the cases when the plugin says nothing by itself."""
    text = '[tool.mypy]\nplugins = ["prisma.mypy"]\n\n[tool.prisma-mypy]\nwarn_parsing_errors = false\n'
    return _check(project, "pyproject.toml", text, *CASES)


def _check(project: Path, config: str, text: str, *files: str) -> list[str]:
    (project / config).write_text(text, encoding="utf-8")
    (project / "program.py").write_text(PROGRAM, encoding="utf-8")
    options = ["--config-file", config, "--cache-dir", str(project / ".cache"), "--no-error-summary"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        out, err, _ = api.run([*options, "program.py", *files])
    assert err == "", err
    return out.splitlines()


def _findings(lines: list[str]) -> list[Finding]:
    found = (re.match(r"(\S+\.py):(\d+): error: .*\[([\w-]+)\]$", line) for line in lines)
    return sorted({(match[1], int(match[2]), match[3]) for match in found if match})


@pytest.mark.timeout(300)
def test_a10_5_included_lists_are_not_optional(project: Path) -> None:
    lines = _check(project, "mypy.ini", "[mypy]\nplugins = prisma.mypy\n")
    revealed = [line.partition('type is "')[2][:-1] for line in lines if "Revealed type" in line]
    assert [text.replace("builtins.", "") for text in revealed] == REVEALED
    assert [code for _, _, code in _findings(lines)] == ["prisma-parsing"]


@pytest.mark.timeout(300)
def test_program_and_client_are_clean(silent: list[str]) -> None:
    assert [finding for finding in _findings(silent) if finding[0] not in CASES] == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("case", CASES)
def test_case(case: str, silent: list[str], announced: Callable[[str, str], list[Finding]]) -> None:
    assert [finding for finding in _findings(silent) if finding[0] == case] == announced(case, "mypy")
