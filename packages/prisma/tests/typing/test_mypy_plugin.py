"""The plugin for mypy: what `include` says literally, results are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from mypy import api

from prisma.generator import generate

pytestmark = pytest.mark.long

SCHEMA = Path(__file__).parents[1] / "golden" / "cases" / "everything.prisma"
PARTIALS = SCHEMA.with_name("partials.py")
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


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a generated client and the program."""
    shutil.copy(SCHEMA, tmp_path / "schema.prisma")
    shutil.copy(PARTIALS, tmp_path)
    generate(root=tmp_path, environment={"GOLDEN_OUTPUT": str(tmp_path / "client")})
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    return tmp_path


def _check(project: Path, config: str, text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    (project / config).write_text(text, encoding="utf-8")
    monkeypatch.chdir(project)
    arguments = ["--config-file", config, "--cache-dir", str(project / ".cache"), "--no-error-summary", "program.py"]
    out, err, _ = api.run(arguments)
    assert err == "", err
    lines = [line for line in out.splitlines() if line.startswith("program.py")]
    revealed = [line.partition('type is "')[2][:-1] for line in lines if "Revealed type" in line]
    return revealed, [line for line in lines if ": error:" in line]


@pytest.mark.timeout(300)
def test_a10_5_included_lists_are_not_optional(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    revealed, errors = _check(project, "mypy.ini", "[mypy]\nplugins = prisma.mypy\n", monkeypatch)
    assert [text.replace("builtins.", "") for text in revealed] == REVEALED
    assert [line.rpartition("[")[2] for line in errors] == ["prisma-parsing]"]
    silent = '[tool.mypy]\nplugins = ["prisma.mypy"]\n\n[tool.prisma-mypy]\nwarn_parsing_errors = false\n'
    assert _check(project, "pyproject.toml", silent, monkeypatch)[1] == []
