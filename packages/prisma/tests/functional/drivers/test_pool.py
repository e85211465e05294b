"""The pool: limits, fairness, cancellation, resetting of sessions, and closing."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from prisma.drivers._async.pool import ConnectionPool
from prisma.drivers._async.protocol import Connection, Pool
from prisma.drivers.postgresql._async.connection import PostgresConnection
from prisma.drivers.postgresql.asyncpg import AsyncpgPool
from prisma.drivers.postgresql.psycopg._async.pool import AsyncPsycopgPool
from prisma.drivers.postgresql.url import parse_url
from prisma.drivers.results import PoolStats
from prisma.faults import DriverFault, FaultKind

MakePool = Callable[[str], ConnectionPool[Any]]

IDLE = PoolStats(in_use=0, idle=1, limit=1, waiting=0)


@pytest.fixture
def narrow(database: str, make_pool: MakePool) -> ConnectionPool[Any]:
    """A pool of one connection."""
    return make_pool(f"{database}&connection_limit=1")


async def until(condition: Callable[[], bool]) -> None:
    """Let other tasks run until the condition holds."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 (the pool tells nobody when it changes)
            await asyncio.sleep(0)


async def backend(connection: PostgresConnection) -> object:
    return (await connection.query("SELECT pg_backend_pid() AS pid", []))[0]["pid"]


def test_pools_fit_the_protocol() -> None:
    pools: list[Pool[Any]] = [make(parse_url("postgresql://u@h/db")) for make in (AsyncpgPool, AsyncPsycopgPool)]
    connection: type[Connection] = PostgresConnection
    assert ([pool.stats.in_use for pool in pools], connection) == ([0, 0], PostgresConnection)


async def test_the_pool_grows_to_its_limit_and_reuses_the_last_returned_connection(pool: ConnectionPool[Any]) -> None:
    await pool.open()
    assert pool.stats == PoolStats(in_use=0, idle=1, limit=3, waiting=0)
    connections = [await pool.acquire() for _ in range(3)]
    assert pool.stats == PoolStats(in_use=3, idle=0, limit=3, waiting=0)
    for connection in connections:
        pool.release_nowait(connection)
    assert pool.stats == PoolStats(in_use=0, idle=3, limit=3, waiting=0)
    assert pool.try_acquire() is connections[-1]
    assert await pool.acquire() is connections[-2]


async def test_a_second_release_does_nothing(narrow: ConnectionPool[Any]) -> None:
    connection = await narrow.acquire()
    await narrow.release(connection)
    await narrow.release(connection)
    narrow.release_nowait(connection)
    assert narrow.stats == IDLE


@pytest.mark.tasks
async def test_first_come_first_served(narrow: ConnectionPool[Any]) -> None:
    served: list[int] = []

    async def visit(number: int) -> None:
        connection = await narrow.acquire()
        await connection.query("SELECT 1", [])
        served.append(number)
        await narrow.release(connection)

    held = await narrow.acquire()
    visits = [asyncio.ensure_future(visit(number)) for number in range(20)]
    await until(lambda: narrow.stats.waiting == 20)
    # A new caller must not overtake the waiting ones, although a connection is about to come back.
    narrow.release_nowait(held)
    assert narrow.try_acquire() is None
    await asyncio.gather(*visits)
    assert (served, narrow.stats) == (list(range(20)), IDLE)


async def test_calls_and_transactions_are_served_in_turns(narrow: ConnectionPool[Any]) -> None:
    served: list[str] = []

    async def visit(name: str) -> None:
        connection = await narrow.acquire(transaction=name.startswith("transaction"))
        served.append(name)
        await narrow.release(connection)

    held = await narrow.acquire()
    visits: list[asyncio.Future[None]] = []
    for name in ("call 1", "call 2", "call 3", "call 4", "call 5", "transaction 1", "transaction 2", "call 6"):
        visits.append(asyncio.ensure_future(visit(name)))
        await until(lambda: narrow.stats.waiting == len(visits))
    await narrow.release(held)
    await asyncio.gather(*visits)
    turns = ["transaction 1", "call 1", "transaction 2", "call 2", "call 3", "call 4", "call 5", "call 6"]
    assert (served, narrow.stats) == (turns, IDLE)


@pytest.mark.parametrize("timeout", [0.05, 0])
async def test_waiting_ends(narrow: ConnectionPool[Any], timeout: float) -> None:
    connection = await narrow.acquire()
    with pytest.raises(DriverFault) as caught:
        await narrow.acquire(timeout)
    await narrow.release(connection)
    fields = {name: caught.value.fields[name] for name in ("timeout", "limit")}
    assert (caught.value.kind, fields) == (FaultKind.POOL_TIMEOUT, {"timeout": timeout, "limit": 1})
    assert narrow.stats == IDLE


async def test_the_url_says_how_long_to_wait(database: str, make_pool: MakePool) -> None:
    pool = make_pool(f"{database}&connection_limit=1&pool_timeout=0.05")
    await pool.open()
    connection = await pool.acquire()
    with pytest.raises(DriverFault) as caught:
        await pool.acquire()
    await pool.release(connection)
    assert caught.value.fields["timeout"] == 0.05


@pytest.mark.tasks
async def test_cancelled_waiters_leak_nothing(narrow: ConnectionPool[Any]) -> None:
    held = await narrow.acquire()
    waiting = [asyncio.ensure_future(narrow.acquire()) for _ in range(10)]
    await until(lambda: narrow.stats.waiting == 10)
    # The first is handed the connection and cancelled in the same turn of the loop.
    narrow.release_nowait(held)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert narrow.stats == IDLE


@pytest.mark.tasks
async def test_a_storm_of_cancellations_leaks_nothing(pool: ConnectionPool[Any]) -> None:
    chance = random.Random(7)
    answers: list[tuple[object, object]] = []

    async def work(number: int) -> None:
        connection = await pool.acquire()
        try:
            if number % 3 == 0:
                await connection.begin()
            rows = await connection.query("SELECT $1::int AS number, pg_sleep($2)", [number, 0.001 * (number % 4)])
            answers.append((number, rows[0]["number"]))
            if number % 6 == 0:
                await connection.commit()
        finally:
            await pool.release(connection)

    async def impatient(number: int) -> None:
        async with asyncio.timeout(chance.random() * 0.05):
            await work(number)

    results = await asyncio.gather(*(impatient(number) for number in range(400)), return_exceptions=True)
    await until(lambda: pool.stats.in_use == 0)
    stats = pool.stats
    rows: list[int] = []
    for number in range(6):
        connection = await pool.acquire()
        assert connection.clean
        row = (await connection.query("SELECT $1::int AS number", [number]))[0]
        rows.append(int(str(row["number"])))
        await pool.release(connection)
    assert {type(result) for result in results} <= {type(None), TimeoutError}
    assert all(asked == answered for asked, answered in answers)
    assert (stats.waiting, stats.in_use, rows) == (0, 0, list(range(6)))


async def cancel_in_query(connection: PostgresConnection) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await connection.query("SELECT pg_sleep(60)", [])


async def cancel_in_transaction(connection: PostgresConnection) -> None:
    await connection.begin()
    await connection.execute("CREATE TABLE left_over (n int)", [])
    await cancel_in_query(connection)


async def fail_in_transaction(connection: PostgresConnection) -> None:
    await connection.begin("RepeatableRead")
    with pytest.raises(DriverFault):
        await connection.query("SELECT 1 / 0", [])


async def leave_transaction_open(connection: PostgresConnection) -> None:
    await connection.begin()
    await connection.execute("CREATE TABLE left_over (n int)", [])


async def open_transaction_by_hand(connection: PostgresConnection) -> None:
    await connection.execute_raw("BEGIN", [])
    await connection.execute("CREATE TABLE left_over (n int)", [])


async def change_settings(connection: PostgresConnection) -> None:
    await connection.execute_raw("SET search_path TO pg_catalog; SET statement_timeout = '5s'", [])
    await connection.query_raw("SELECT set_config('work_mem', $1, false)", ["1MB"])


async def take_locks_and_listen(connection: PostgresConnection) -> None:
    await connection.query_raw("SELECT pg_advisory_lock($1)", [5])
    await connection.execute_raw("LISTEN channel", [])
    await connection.execute_raw("CREATE TEMP TABLE left_over (n int)", [])
    await connection.execute_raw("DECLARE c CURSOR WITH HOLD FOR SELECT 1", [])


async def change_role(connection: PostgresConnection) -> None:
    await connection.execute_raw("SET ROLE pg_monitor", [])


async def give_a_wrong_value(connection: PostgresConnection) -> None:
    with pytest.raises(DriverFault):
        await connection.query("SELECT $1::int", ["x"])


LEFT = """
    SELECT current_user::text AS role, current_setting('search_path') AS path, current_setting('work_mem') AS memory,
        current_setting('statement_timeout') AS timeout, to_regclass('left_over')::text AS tables,
        (SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory') AS locks,
        (SELECT COUNT(*) FROM pg_cursors) AS cursors, (SELECT COUNT(*) FROM pg_listening_channels()) AS channels,
        pg_current_xact_id_if_assigned()::text AS transaction
"""

CANCELLATIONS = [cancel_in_query, cancel_in_transaction]
MISDEEDS: list[Callable[[PostgresConnection], Coroutine[None, None, None]]] = [
    fail_in_transaction,
    leave_transaction_open,
    open_transaction_by_hand,
    change_settings,
    take_locks_and_listen,
    change_role,
    give_a_wrong_value,
]


@pytest.mark.parametrize("misdeed", MISDEEDS)
async def test_the_next_user_finds_a_session_as_new(
    narrow: ConnectionPool[Any], misdeed: Callable[[PostgresConnection], Coroutine[None, None, None]]
) -> None:
    connection = await narrow.acquire()
    before, pid = [dict(row) for row in await connection.query(LEFT, [])], await backend(connection)
    await misdeed(connection)
    narrow.release_nowait(connection)
    again = await narrow.acquire()
    after = [dict(row) for row in await again.query(LEFT, [])]
    clean, same = again.clean, await backend(again) == pid
    await narrow.release(again)
    assert (after, clean, same, narrow.stats) == (before, True, True, IDLE)


@pytest.mark.tasks
@pytest.mark.parametrize("misdeed", CANCELLATIONS)
async def test_the_next_user_finds_a_session_as_new_after_a_cancellation(
    narrow: ConnectionPool[Any], misdeed: Callable[[PostgresConnection], Coroutine[None, None, None]]
) -> None:
    await test_the_next_user_finds_a_session_as_new(narrow, misdeed)


async def test_plain_raw_queries_cost_no_reset(narrow: ConnectionPool[Any]) -> None:
    connection = await narrow.acquire()
    await connection.execute("CREATE TABLE t (n int)", [])
    await connection.query_raw("SELECT 1", [])
    await connection.execute_raw("INSERT INTO t VALUES ($1) ON CONFLICT DO NOTHING", [1])
    await connection.execute_raw("UPDATE t SET n = $1", [2])
    clean = connection.clean
    await narrow.release(connection)
    assert clean


async def test_committing_a_failed_transaction_says_so(narrow: ConnectionPool[Any]) -> None:
    connection = await narrow.acquire()
    await fail_in_transaction(connection)
    with pytest.raises(DriverFault) as caught:
        await connection.commit()
    await narrow.release(connection)
    assert (caught.value.fields["sqlstate"], connection.in_transaction) == ("25P02", False)


async def test_transactions_and_savepoints(narrow: ConnectionPool[Any]) -> None:
    connection = await narrow.acquire()
    await connection.execute("CREATE TABLE t (n int)", [])
    await connection.begin("Serializable")
    level = await connection.query("SELECT current_setting('transaction_isolation') AS level", [])
    await connection.execute("INSERT INTO t VALUES ($1)", [1])
    await connection.command(connection.dialect.savepoint("here"))
    await connection.execute("INSERT INTO t VALUES ($1)", [2])
    await connection.command(connection.dialect.rollback_to_savepoint("here"))
    await connection.command(connection.dialect.release_savepoint("here"))
    inside = connection.in_transaction
    await connection.commit()
    await connection.begin()
    await connection.execute("INSERT INTO t VALUES ($1)", [3])
    await connection.rollback()
    rows = await connection.query("SELECT n FROM t", [])
    await narrow.release(connection)
    found = (level[0]["level"], inside, connection.in_transaction, [row["n"] for row in rows])
    assert found == ("serializable", True, False, [1])


async def test_the_url_sets_up_the_session(database: str, make_pool: MakePool) -> None:
    await make_pool(database).open()
    settings = (
        "application_name=me&schema=my%20schema&options=-c%20jit%3Doff%20-c%20statement_timeout%3D9s&TimeZone=UTC"
    )
    pool = make_pool(f"{database}&{settings}")
    connection = await pool.acquire()
    sql = "SELECT name, setting FROM pg_settings WHERE name = ANY($1) ORDER BY name"
    names = ["application_name", "search_path", "jit", "statement_timeout", "TimeZone"]
    rows = await connection.query(sql, [names])
    await pool.release(connection)
    assert {row["name"]: row["setting"] for row in rows} == {
        "application_name": "me",
        "search_path": '"my schema"',
        "jit": "off",
        "statement_timeout": "9000",
        "TimeZone": "UTC",
    }


async def test_closing_waits_for_those_in_use(narrow: ConnectionPool[Any]) -> None:
    connection = await narrow.acquire()
    waiter = asyncio.ensure_future(narrow.acquire())
    await until(lambda: narrow.stats.waiting == 1)
    closing = asyncio.ensure_future(narrow.close(10))
    with pytest.raises(DriverFault) as refused:
        await waiter
    rows = await connection.query("SELECT 1 AS one", [])
    assert not closing.done()
    await narrow.release(connection)
    await closing
    with pytest.raises(DriverFault) as closed:
        await narrow.acquire()
    assert (rows[0]["one"], connection.closed) == (1, True)
    assert {refused.value.kind, closed.value.kind} == {FaultKind.CONNECTION_CLOSED}


async def test_closing_ends_connections_that_are_not_returned(narrow: ConnectionPool[Any]) -> None:
    connection = await narrow.acquire()
    running = asyncio.ensure_future(connection.query("SELECT pg_sleep(60)", []))
    await narrow.close(0.05)
    with pytest.raises(DriverFault) as caught:
        await running
    await narrow.release(connection)
    assert (caught.value.kind, connection.closed) == (FaultKind.CONNECTION_CLOSED, True)


async def test_a_closed_pool_opens_again(narrow: ConnectionPool[Any]) -> None:
    await narrow.open()
    await narrow.close()
    await narrow.open()
    assert narrow.stats == IDLE
