"""Workers: what their callers did not wait for."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from prisma.drivers.sqlite._async.connection import AsyncSqliteConnection
from prisma.drivers.sqlite._async.worker import Worker
from prisma.drivers.sqlite.file_url import FileOptions
from prisma.drivers.sqlite.session import Session

ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


@pytest.fixture
def options(tmp_path: Path) -> FileOptions:
    options = FileOptions(path=str(tmp_path / "dev.db"), connection_limit=1)
    session = Session(options, may_create=True)
    session.script("CREATE TABLE t (a)")
    session.close()
    return options


@pytest.mark.parametrize("turns", [0, 1, 2, 5])
async def test_a_statement_whose_caller_is_cancelled_ends(options: FileOptions, turns: int) -> None:
    """Whether the worker has begun it or not: with no turn of the loop between, an interrupt alone comes too early."""
    connection = await AsyncSqliteConnection.open(options)
    for _ in range(10):
        task = asyncio.create_task(connection.query(ENDLESS, ()))
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
