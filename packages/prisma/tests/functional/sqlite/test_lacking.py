"""The table of what SQLite lacks, in docs/guides/sqlite.md: each row is refused, with the error that the row names."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from prisma import Json, errors
from prisma.generator import generate
from prisma.schema.errors import SchemaError
from prisma.schema_engine.errors import SchemaEngineError
from servers.sqlite import make_file

PAGE = Path(__file__).resolve().parents[5] / "docs" / "guides" / "sqlite.md"
ROW = re.compile(r"\| (.+) \| (.+) \|")
_, _, SECTION = PAGE.read_text(encoding="utf-8").partition("## What SQLite lacks")
TABLE = {found[1]: found[2] for line in SECTION.splitlines() if (found := ROW.fullmatch(line))}

Call = Callable[[Any], Any]
SCHEMA = """
datasource db {
  provider = "sqlite"
  url      = "file:./dev.db"
}
generator client {
  provider = "prisma-client-py"
}
model User {
  id   Int %s
}
"""


def where(**conditions: Any) -> Call:
    return lambda db: db.user.find_many(where=conditions)


def in_json(name: str) -> Call:
    return where(data={"path": "$.a", name: Json(1)})


async def with_level(db: Any) -> None:
    async with db.tx(isolation_level="ReadCommitted"):
        pass


async def with_settings(db: Any) -> None:
    await db.with_settings({"app.user": "1"}).user.count()


async def settings_of_a_transaction(db: Any) -> None:
    tx = await db.tx().start({"app.user": "1"})
    await tx.user.count()


NO_SETTINGS = "SQLite has no settings of a transaction"

# The first column of a row, a word of the refusal's sentence, and what is refused.
CASES: list[tuple[str, str, Call]] = [
    (
        "`skip_duplicates`",
        "create_many_skip_duplicates is not supported by sqlite",
        lambda db: db.user.create_many([{"email": "a"}], skip_duplicates=True),
    ),
    ("`mode`, `search`, `_relevance`", "`mode`", where(name={"contains": "a", "mode": "insensitive"})),
    ("`mode`, `search`, `_relevance`", "`search`", where(name={"search": "a"})),
    (
        "`mode`, `search`, `_relevance`",
        "`_relevance`",
        lambda db: db.user.find_many(order={"_relevance": {"fields": ["name"], "search": "a", "sort": "asc"}}),
    ),
    *(
        (
            "Json filters `array_contains`, `lt`, `lte`, `gt`, `gte`",
            f"`{name}`",
            in_json(name),
        )
        for name in ("array_contains", "lt", "lte", "gt", "gte")
    ),
    (
        "more than 32766 values in the lists of one statement, other than whole numbers and texts",
        "SQLite takes 32766. Split its lists.",
        where(ratio={"in": [number / 2 for number in range(32_767)]}),
    ),
    (
        "more than 1000 conditions in one `AND` or `OR`",
        "Expression tree is too large (maximum depth 1000)",
        where(OR=[{"score": number} for number in range(1001)]),
    ),
    ("isolation levels but `Serializable`", "'ReadCommitted' is not an isolation level of SQLite", with_level),
    (
        "`with_settings`, settings of a transaction",
        NO_SETTINGS,
        with_settings,
    ),
    (
        "`with_settings`, settings of a transaction",
        "SQLite has no settings of a transaction",
        settings_of_a_transaction,
    ),
]
SCHEMAS: list[tuple[str, str]] = [
    ("@id\n  tags String[]", "The current connector does not support lists of primitive types"),
    ("@id @db.Integer", "Native type Integer is not supported for sqlite connector"),
]
REFUSED_SCHEMAS = "lists of scalars, native types"


@pytest.mark.parametrize(("row", "sentence", "call"), CASES, ids=[f"{row} {text}" for row, text, _ in CASES])
async def test_what_is_refused(db: Any, row: str, sentence: str, call: Call) -> None:
    with pytest.raises(errors.PrismaError) as caught:
        await call(db)
    code = getattr(caught.value, "code", None)
    said = {f"`{type(caught.value).__name__}`", f"`{type(caught.value).__name__}` ({code})"}
    assert (TABLE[row] in said, sentence in str(caught.value)) == (True, True), (said, str(caught.value))


@pytest.mark.parametrize(("field", "sentence"), SCHEMAS)
def test_schemas_that_are_refused(tmp_path: Path, field: str, sentence: str) -> None:
    schema = tmp_path / "schema.prisma"
    schema.write_text(SCHEMA % field, encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        generate(schema, root=tmp_path)
    assert sentence in str(caught.value)


def test_every_row_is_tried() -> None:
    assert set(TABLE) - {" | "} == {*(row for row, _, _ in CASES), REFUSED_SCHEMAS}


DEFAULTS = """
datasource db {
  provider = "sqlite"
  url      = "file:./dev.db"
}
model Plain {
  id   Int  @id @default(autoincrement())
  data Json @default(%s)
}
model Big {
  id   BigInt @id @default(autoincrement())
  name String
}
"""


def test_defaults_that_a_table_of_sqlite_can_have(tmp_path: Path) -> None:
    """What the page says of ids and of Json; Prisma's own command makes the same tables."""
    path = tmp_path / "dev.db"
    with pytest.raises(SchemaEngineError, match="unrecognized token"):
        make_file(tmp_path / "other.db", [("schema.prisma", DEFAULTS % r'"{\"a\": 1}"')])
    make_file(path, [("schema.prisma", DEFAULTS % r"""dbgenerated("('{\"a\": 1}')")""")])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO Plain DEFAULT VALUES")
        with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"):
            connection.execute("INSERT INTO Big (name) VALUES ('a')")
        assert connection.execute("SELECT * FROM Plain").fetchall() == [(1, '{"a": 1}')]
