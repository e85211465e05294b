"""Locks of other programs: those that are waited for, and those that a transaction can't outwait."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import servers
from prisma.errors import DataError


@pytest.fixture
def other(path: Path) -> Any:
    """Another program's connection to the file."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    yield connection
    connection.close()


async def by_query(tx: Any, score: int) -> None:
    await tx.user.update_many({"score": score}, {"email": "a"})


async def by_sql(tx: Any, score: int) -> None:
    await tx.execute_raw("UPDATE User SET score = ? WHERE email = 'a'", score)


@pytest.mark.parametrize(("write", "code"), [(by_query, "P2034"), (by_sql, "P2010")])
async def test_a_transaction_whose_reads_are_outdated_is_tried_again(
    db: Any, other: sqlite3.Connection, write: Callable[[Any, int], Awaitable[None]], code: str
) -> None:
    """One that begins by raw SQL to read, and writes after another program has: no waiting helps it."""
    await db.user.create({"email": "a"})
    refused: list[tuple[bool, str | None]] = []
    for attempt in range(2):
        try:
            async with db.tx() as tx:
                await tx.execute_raw("COMMIT")
                await tx.execute_raw("BEGIN DEFERRED")
                user = await tx.user.find_unique_or_raise({"email": "a"})
                if not attempt:
                    other.execute("UPDATE User SET score = 10")
                await write(tx, user.score + 1)
        except DataError as error:
            refused.append((error.retriable, error.code))
    assert (refused, other.execute("SELECT score FROM User").fetchall()) == ([(True, code)], [(11,)])


@pytest.mark.parametrize("write", [by_query, by_sql])
async def test_a_lock_is_waited_for(
    make_client: Callable[..., Any],
    stored: Callable[[str], Any],
    other: sqlite3.Connection,
    write: Callable[[Any, int], Awaitable[None]],
) -> None:
    async with make_client(f"?socket_timeout={servers.PATIENCE}") as db:
        await db.user.create({"email": "a"})
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE User SET score = 10")
        # SQLite tries again until the other program has committed.
        release = threading.Timer(0.2, other.execute, ["COMMIT"])
        release.start()
        await write(db, 1)
    release.join()
    assert stored("SELECT score FROM User") == [(1,)]


@pytest.mark.parametrize("write", [by_query, by_sql])
async def test_a_lock_that_stays(
    make_client: Callable[..., Any], other: sqlite3.Connection, write: Callable[[Any, int], Awaitable[None]]
) -> None:
    async with make_client("?socket_timeout=0.05") as db:
        other.execute("BEGIN IMMEDIATE")
        refused: list[tuple[bool, str | None]] = []
        for work in (write(db, 1), db.tx().start()):
            with pytest.raises(DataError) as caught:
                await work
            refused.append((caught.value.retriable, caught.value.code))
    assert refused == [(True, "P1008")] * 2


async def test_writers_of_one_program_that_wait_too_long(make_client: Callable[..., Any]) -> None:
    async with make_client("?socket_timeout=0.05&connection_limit=3") as db, db.tx(timeout=60_000) as tx:
        await tx.user.create({"email": "a"})
        codes: list[str | None] = []
        for work in (by_query(db, 1), by_sql(db, 1), db.tx().start()):
            with pytest.raises(DataError) as caught:
                await work
            codes.append(caught.value.code)
        # Those who read don't wait.
        count = await db.user.count()
    assert (codes, count) == (["P1008"] * 3, 0)


async def test_a_write_while_a_stream_is_read(make_client: Callable[..., Any], path: Path) -> None:
    """Without a write-ahead log, as in files of 0.15.0, who reads keeps writers waiting."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")

    async def rename() -> int:
        async for user in db.user.stream(batch_size=1):
            await db.user.update(where={"id": user.id}, data={"name": "new"})
        return await db.user.count(where={"name": "new"})

    async with make_client("?socket_timeout=0.1") as db:
        await db.user.create_many([{"email": email} for email in "abc"])
        with pytest.raises(DataError) as caught:
            await rename()
    async with make_client("?connection_limit=1") as db:
        await db.execute_raw("PRAGMA journal_mode = WAL")
    async with make_client("?socket_timeout=0.1") as db:
        assert (caught.value.code, await rename()) == ("P1008", 3)
