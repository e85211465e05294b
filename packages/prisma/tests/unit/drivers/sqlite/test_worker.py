"""Workers: what their callers did not wait for."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from prisma.drivers.sqlite._async.connection import AsyncSqliteConnection
from prisma.drivers.sqlite._async.worker import Worker
from prisma.drivers.sqlite.file_url import FileOptions
from prisma.drivers.sqlite.session import Session

MANY = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
ENDLESS = [f"{MANY} WHERE i < 0", f"SELECT max(i) FROM ({MANY})"]


@pytest.fixture
def options(tmp_path: Path) -> FileOptions:
    options = FileOptions(path=str(tmp_path / "dev.db"), connection_limit=1)
    session = Session(options, may_create=True)
    session.script("CREATE TABLE t (a)")
    session.close()
    return options


@pytest.mark.parametrize("sql", ENDLESS)
@pytest.mark.parametrize("turns", [0, 1, 2, 5])
async def test_a_statement_whose_caller_is_cancelled_ends(options: FileOptions, sql: str, turns: int) -> None:
    """Whether the worker has begun it or not: with no turn of the loop between, an interrupt alone comes too early."""
    connection = await AsyncSqliteConnection.open(options)
    for _ in range(10):
        task = asyncio.create_task(connection.query(sql, ()))
        for _ in range(1 + turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert [tuple(row) for row in await connection.query("SELECT 1", ())] == [(1,)]
    await connection.close(0)


async def test_what_was_not_begun_is_left_out() -> None:
    worker = Worker()
    may_go_on = threading.Event()
    done: list[int] = []
    first = asyncio.create_task(worker.run(may_go_on.wait))
    second = asyncio.create_task(worker.run(done.append, 2))
    await asyncio.sleep(0)
    second.cancel()
    third = asyncio.create_task(worker.run(done.append, 3))
    await asyncio.sleep(0)
    may_go_on.set()
    await asyncio.wait([first, second, third])
    worker.stop(None)
    assert (second.cancelled(), done) == (True, [3])


@pytest.mark.parametrize(
    ("sql", "args", "is_at_once"),
    [
        ("SELECT thread() AS t", (), True),
        ("SELECT thread() AS t FROM t WHERE a = ?", (1,), True),
        (f"SELECT max(thread()) AS t FROM ({MANY} LIMIT 1000)", (), False),
        ("INSERT INTO t VALUES (?) RETURNING thread() AS t", (1,), False),
        ("WITH x AS (SELECT thread() AS t) SELECT * FROM x", (), False),
    ],
)
async def test_short_reads_run_in_the_thread_of_the_loop(
    options: FileOptions, sql: str, args: tuple[object, ...], is_at_once: bool
) -> None:
    connection = await AsyncSqliteConnection.open(options)
    connection._session._connection.create_function("thread", 0, threading.get_ident)  # pyright: ignore[reportPrivateUsage]
    await connection.execute("INSERT INTO t VALUES (1)", ())
    # Often enough for the steps of all runs together to be many.
    found = {row["t"] == threading.get_ident() for _ in range(300) for row in await connection.query(sql, args)}
    await connection.begin()
    inside = {row["t"] == threading.get_ident() for row in await connection.query(sql, args)}
    await connection.close(0)
    assert (found, inside) == ({is_at_once}, {False})


async def test_reads_of_a_file_without_a_write_ahead_log_may_wait(options: FileOptions) -> None:
    with closing(sqlite3.connect(options.path)) as other:
        other.execute("PRAGMA journal_mode = delete")
    connection = await AsyncSqliteConnection.open(options)
    connection._session._connection.create_function("thread", 0, threading.get_ident)  # pyright: ignore[reportPrivateUsage]
    [row] = await connection.query("SELECT thread() AS t", ())
    await connection.close(0)
    assert row["t"] != threading.get_ident()
