"""The example of `with_transaction` on a file of SQLite, whose conflicts have other reasons than PostgreSQL's."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.database.retry import with_transaction
from prisma.generator import generate
from servers.sqlite import make_file

SCHEMA = """
datasource db {
  provider = "sqlite"
  url      = "file:./dev.db"
}
generator client {
  provider = "prisma-client-py"
  output   = "./client_of_a_file"
}
model Counter {
  id    Int @id
  value Int
}
"""


async def no_sleep(_: float) -> None:
    """Let no time pass."""


@pytest.fixture
async def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    """A client of a file with one counter, at 0."""
    schema = tmp_path / "schema.prisma"
    schema.write_text(SCHEMA, encoding="utf-8")
    make_file(tmp_path / "dev.db", [(str(schema), SCHEMA)])
    generate(schema, root=tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    async with importlib.import_module("client_of_a_file").Prisma(use_dotenv=False) as client:
        await client.counter.create({"id": 1, "value": 0})
        yield client


async def test_outdated_reads_are_repeated(db: Any, tmp_path: Path) -> None:
    """A transaction that reads first, by raw SQL, and writes after another program has."""
    found: list[int] = []

    async def work(tx: Any) -> None:
        await tx.execute_raw("COMMIT")
        await tx.execute_raw("BEGIN DEFERRED")
        counter = await tx.counter.find_unique_or_raise({"id": 1})
        found.append(counter.value)
        if counter.value == 0:
            with closing(sqlite3.connect(tmp_path / "dev.db", isolation_level=None)) as other:
                other.execute("UPDATE Counter SET value = 10")
        await tx.counter.update({"value": counter.value + 1}, {"id": 1})

    await with_transaction(db, work, sleep=no_sleep)
    assert (found, (await db.counter.find_unique_or_raise({"id": 1})).value) == ([0, 10], 11)
