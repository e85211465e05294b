"""Whatever raw SQL leaves behind, the next user of the connection gets a clean session."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from prisma.drivers._async.pool import ConnectionPool
from prisma.drivers.postgresql._async.connection import PostgresConnection
from prisma.drivers.postgresql.session_state import changes_session
from prisma.drivers.postgresql.stateless_words import CALCULATING, CONSTRUCTS, FUNCTIONS, OWN_OPERATORS
from prisma.faults import DriverFault

from .session_texts import TABLES, changing, plain

ROUNDS = 60

# State that a session can have and a new one has not; `seeded` tells whether random() goes on from setseed(0.5).
STATE = """
    SELECT current_user::text AS role, session_user::text AS login, current_setting('role') AS wanted,
        coalesce(current_setting('app.tenant', true), '') AS tenant,
        coalesce(current_setting('local.tenant', true), '') AS other_tenant,
        (SELECT string_agg(name || setting, ',') FROM pg_settings
            WHERE setting <> reset_val AND name !~ '^transaction_') AS settings,
        (SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks,
        (SELECT COUNT(*) FROM pg_cursors WHERE is_holdable) AS cursors,
        (SELECT COUNT(*) FROM pg_listening_channels()) AS channels,
        (SELECT COUNT(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()) AS tables,
        (SELECT COUNT(*) FROM pg_proc WHERE pronamespace = pg_my_temp_schema()) AS functions,
        (SELECT COUNT(*) FROM pg_prepared_statements WHERE from_sql) AS statements,
        random() = ANY (ARRAY{drawn}) AS seeded
"""


@pytest.fixture
def world(database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute(TABLES.encode())
        yield owner


@pytest.fixture
async def narrow(world: Any, database: str, make_pool: Callable[[str], ConnectionPool[Any]]) -> ConnectionPool[Any]:
    """A pool of one connection, to what TABLES makes."""
    return make_pool(f"{database}&connection_limit=1")


@pytest.fixture
def state(world: psycopg.Connection[Any]) -> Callable[[PostgresConnection], Any]:
    """Return the state of a session that a new one does not have."""
    world.execute("SELECT setseed(0.5)")
    drawn = [world.execute("SELECT random()").fetchone() for _ in range(9)]
    sql = STATE.format(drawn=[row and row[0] for row in drawn])

    async def look(connection: PostgresConnection) -> dict[str, object]:
        return dict((await connection.query(sql, []))[0])

    return look


async def run(chance: random.Random, connection: PostgresConnection, sql: str) -> None:
    """Run SQL by one of the methods that callers have."""
    if ";" not in sql and sql.startswith("SELECT") and "INTO" not in sql and chance.random() < 0.5:
        await connection.query_raw(sql, [1] if "$1" in sql else [])
    elif "$1" in sql:
        await connection.execute_raw(sql, [1])
    elif chance.random() < 0.3 and "BEGIN" not in sql:
        await connection.begin()
        await connection.execute_raw(sql, [])
        await connection.commit()
    else:
        await connection.execute_raw(sql, [])


@pytest.mark.parametrize("seed", range(2))
async def test_the_next_user_sees_nothing_of_what_was_left_behind(
    narrow: ConnectionPool[Any], state: Callable[[PostgresConnection], Any], driver: str, seed: int
) -> None:
    chance = random.Random(f"{driver} {seed}")
    connection = await narrow.acquire()
    new = await state(connection)
    missed: list[tuple[str, object]] = []
    for _ in range(ROUNDS):
        sql = changing(chance)
        await run(chance, connection, sql)
        left = await state(connection)
        narrow.release_nowait(connection)
        connection = await narrow.acquire()
        after = await state(connection)
        if left == new or after != new:
            missed.append((sql, {key: after[key] for key in new if after[key] != new[key]} or "left nothing"))
    await narrow.release(connection)
    assert missed == []


async def test_plain_sql_costs_no_reset(
    narrow: ConnectionPool[Any], state: Callable[[PostgresConnection], Any], driver: str
) -> None:
    chance = random.Random(driver)
    connection = await narrow.acquire()
    new = await state(connection)
    for _ in range(2 * ROUNDS):
        sql = plain(chance)
        await run(chance, connection, sql)
        assert (connection.clean, sql) == (True, sql)
    assert await state(connection) == new
    await narrow.release(connection)


async def test_what_an_error_leaves_behind(
    narrow: ConnectionPool[Any], state: Callable[[PostgresConnection], Any]
) -> None:
    connection = await narrow.acquire()
    new = await state(connection)
    for sql in (
        "SELECT pg_advisory_lock(1) FROM item WHERE 1 / (n - 3) < 5 OR 1 / 0 = 1",
        "SET app.tenant = 1; SELECT 1 / 0",
    ):
        with pytest.raises(DriverFault):
            await connection.execute_raw(sql, [])
    with pytest.raises(DriverFault):
        await connection.query_raw("SELECT pg_advisory_lock($1), 1 / ($1 - 5)", [5])
    narrow.release_nowait(connection)
    again = await narrow.acquire()
    assert await state(again) == new
    await narrow.release(again)


async def test_statements_of_the_connection_outlive_raw_sql_that_drops_them(narrow: ConnectionPool[Any]) -> None:
    answers: list[object] = []
    for sql in ("DEALLOCATE ALL", "DISCARD ALL", "PREPARE behind AS SELECT 1"):
        connection = await narrow.acquire()
        answers += await connection.query("SELECT $1::int AS n", [1])
        await connection.execute_raw(sql, [])
        # In a transaction a statement that is gone could not be prepared again after its failure.
        for _ in range(2):
            await connection.begin()
            answers += await connection.query("SELECT $1::int AS n", [1])
            await connection.commit()
            narrow.release_nowait(connection)
            connection = await narrow.acquire()
        await narrow.release(connection)
    assert [dict(answer) for answer in answers] == [{"n": 1}] * 9  # type: ignore[call-overload]


async def test_a_role_that_the_login_starts_with_comes_back(
    world: psycopg.Connection[Any], database: str, make_pool: Callable[[str], ConnectionPool[Any]]
) -> None:
    world.execute("CREATE ROLE starter LOGIN IN ROLE pg_monitor, pg_read_all_data")
    try:
        world.execute("ALTER ROLE starter SET role = 'pg_monitor'")
        pool = make_pool(database.replace("postgres@", "starter@") + "&connection_limit=1")
        connection = await pool.acquire()
        await connection.execute_raw("SET ROLE pg_read_all_data", [])
        pool.release_nowait(connection)
        again = await pool.acquire()
        rows = (await again.query_raw("SELECT current_user::text", [])).rows
        await pool.close(0)
        assert [tuple(row) for row in rows] == [("pg_monitor",)]
    finally:
        world.execute("DROP ROLE starter")


def test_known_sql_is_what_the_server_has(world: psycopg.Connection[Any]) -> None:
    """No known function may change a session, and no construct may be the name of a function."""
    own = "pronamespace = 'pg_catalog'::regnamespace"
    volatile = world.execute(
        f"SELECT DISTINCT proname FROM pg_proc WHERE {own} AND provolatile = 'v' AND proname = ANY(%s)",
        [CALCULATING.split()],
    ).fetchall()
    wrong = world.execute(
        "SELECT word FROM pg_get_keywords() WHERE catcode NOT IN ('R', 'C') AND word = ANY(%s)", [list(CONSTRUCTS)]
    ).fetchall()
    operators = world.execute(
        "SELECT array_agg(DISTINCT oprname) FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace"
    ).fetchone()
    writable = world.execute(
        "SELECT ev_class::regclass::text FROM pg_rewrite WHERE ev_type <> '1' AND ev_class < 16384"
    ).fetchall()
    assert operators is not None
    assert (volatile, wrong, set(operators[0]) - set(OWN_OPERATORS.split()), {name for (name,) in writable}) == (
        [], [], set(), {"pg_settings"},
    )  # fmt: skip


def test_many_more_texts_are_told_apart() -> None:
    chance = random.Random(7)
    missed = [sql for sql in (changing(chance) for _ in range(3000)) if not changes_session(sql)]
    costly = [sql for sql in (plain(chance) for _ in range(1500)) if changes_session(sql)]
    assert (missed, costly) == ([], [])


def test_functions_that_change_a_session_are_not_known() -> None:
    assert FUNCTIONS.isdisjoint({"set_config", "setseed", "pg_advisory_lock", "query_to_xml", "ts_stat", "dblink"})
