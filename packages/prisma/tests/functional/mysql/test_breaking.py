"""What breaks on the way: killed statements and sessions, a server that crashes, texts that are too long."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from prisma.errors import PrismaError
from servers import PATIENCE
from servers.mysql import MariaDb, mariadb_program

pytestmark = [pytest.mark.schema("blog"), pytest.mark.only_mysql]

SLOW = "SELECT SLEEP(1000) AS slow"
CLOSED = ("P1017", "Server has closed the connection.")
INTERRUPTED = ("P2010", "Raw query failed. Code: `1317`. Message: `Query execution was interrupted`")


async def outcome(call: Awaitable[Any]) -> Any:
    """Return the answer of a call, or the code of its error and what it says."""
    try:
        return await call
    except PrismaError as error:
        return getattr(error, "code", None), str(error)


def running(server: MariaDb, sql: str) -> list[int]:
    """Return the sessions that run a statement."""
    found = server.run("SELECT id, info FROM information_schema.processlist")
    return [number for number, info in found if info == sql]


async def wait_for(server: MariaDb, sql: str, *, runs: bool = True) -> None:
    """Wait until a statement runs, or until it does not."""
    deadline = time.monotonic() + PATIENCE
    # Only asking tells what the server does.
    while bool(running(server, sql)) != runs and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    assert bool(running(server, sql)) == runs


async def kill(server: MariaDb, word: str) -> None:
    """End the slow statement when it runs."""
    await wait_for(server, SLOW)
    server.run(f"{word} {running(server, SLOW)[0]}")


def kill_all(server: MariaDb) -> None:
    """Close all sessions of clients."""
    for (number,) in server.run("SELECT id FROM information_schema.processlist WHERE user = 'prisma'"):
        server.run(f"KILL {number}")


@pytest.mark.parametrize(("word", "end"), [("KILL", CLOSED), ("KILL QUERY", INTERRUPTED)])
async def test_a_statement_that_is_killed(db: Any, mysql_server: MariaDb, word: str, end: tuple[str, str]) -> None:
    slow = asyncio.ensure_future(outcome(db.query_raw(SLOW)))
    await kill(mysql_server, word)
    assert (await slow, await db.user.count()) == (end, 0)


async def test_a_transaction_whose_session_is_killed(db: Any, mysql_server: MariaDb) -> None:
    found: list[Any] = []
    with pytest.raises(PrismaError) as caught:
        async with db.tx() as tx:
            await tx.user.create({"name": "a"})
            kill_all(mysql_server)
            found += [await outcome(tx.user.count()), await outcome(tx.user.create({"name": "b"}))]
    assert (found, str(caught.value)) == ([CLOSED, CLOSED], CLOSED[1])
    # Nothing of it stayed, and nothing ran outside of it.
    assert await db.user.count() == 0


async def test_a_statement_that_is_longer_than_the_server_takes(db: Any) -> None:
    code, said = await outcome(db.query_raw("SELECT LENGTH(?) AS n", "x" * 16_777_216))
    assert (code, "max_allowed_packet" in said) == ("P2010", True)
    # The server has closed that connection.
    assert await db.query_raw("SELECT LENGTH(?) AS n", "x" * 16_000_000) == [{"n": 16_000_000}]


async def test_an_answer_of_several_packets(db: Any) -> None:
    [row] = await db.query_raw("SELECT REPEAT('é', 8000000) AS a, REPEAT('x', 16000000) AS b, 'end' AS c")
    assert (len(row["a"]), len(row["b"]), row["c"]) == (8_000_000, 16_000_000, "end")


@pytest.mark.tasks
async def test_a_task_that_is_cancelled_between_the_rows(db: Any, mysql_server: MariaDb) -> None:
    many = "SELECT SEQ, REPEAT('x', 1000) AS a FROM seq_1_to_1000000"
    reading = asyncio.ensure_future(db.query_raw(many))
    await wait_for(mysql_server, many)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await db.query_raw("SELECT 1 AS a") == [{"a": 1}]
    await wait_for(mysql_server, many, runs=False)


@pytest.fixture
def crashing_server() -> Iterator[MariaDb]:
    program = mariadb_program()
    if program is None:
        pytest.skip("MariaDB is not installed (Debian: apt-get install mariadb-server-core).")
    server = MariaDb(program)
    server.start()
    yield server
    server.destroy()


async def test_a_server_that_crashes(crashing_server: MariaDb, make_client: Callable[..., Any]) -> None:
    url = crashing_server.create_database("shop")
    async with make_client(datasource={"url": f"{url}?connection_limit=2"}) as client:
        slow = asyncio.ensure_future(outcome(client.query_raw(SLOW)))
        await wait_for(crashing_server, SLOW)
        crashing_server.kill()
        during = await slow
        down = await outcome(client.query_raw("SELECT 1 AS a"))
        crashing_server.start()
        assert (during, down[0], await client.query_raw("SELECT 1 AS a")) == (CLOSED, "P1001", [{"a": 1}])
