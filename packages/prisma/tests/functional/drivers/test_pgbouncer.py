"""`pgbouncer=true` through a real PgBouncer in transaction mode, with fewer servers than clients."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from prisma.drivers._async.pool import ConnectionPool
from prisma.engine.error_codes import describe
from prisma.faults import DriverFault, FaultKind
from servers.bouncer import SERVER_CONNECTIONS, PgBouncer

pytestmark = pytest.mark.long

MakePool = Callable[[str], ConnectionPool[Any]]

TASKS = 20
QUERIES = 500
TRANSACTION_EVERY = 25  # queries of a task

SCHEMA = """
    CREATE TYPE mood AS ENUM ('happy', 'sad');
    CREATE TABLE samples (id int PRIMARY KEY, mood mood NOT NULL, label text NOT NULL, numbers int[] NOT NULL);
    INSERT INTO samples SELECT i, CASE WHEN i % 2 = 0 THEN 'happy' ELSE 'sad' END::mood, 'label ' || i, ARRAY[i, -i]
        FROM generate_series(1, 1000) AS i;
    CREATE TABLE balances (task int PRIMARY KEY, amount int NOT NULL);
    INSERT INTO balances SELECT i, 0 FROM generate_series(0, 19) AS i;
    CREATE SCHEMA other;
    CREATE TABLE other.place AS SELECT 'other' AS name;
    CREATE TABLE place AS SELECT 'public' AS name;
"""


@pytest.fixture
async def name(database: str, make_pool: MakePool) -> str:
    """The name of a database with the tables above."""
    pool = make_pool(database)
    connection = await pool.acquire()
    await connection.command(SCHEMA)
    await pool.release(connection)
    await pool.close()
    return urlsplit(database).path.removeprefix("/")


async def task(pool: ConnectionPool[Any], number: int) -> list[object]:
    """Run the queries of one task, each of several texts; return what was not as expected."""
    wrong: list[object] = []
    for turn in range(QUERIES):
        key = (number * 37 + turn * 11) % 1000 + 1
        mood = "happy" if key % 2 == 0 else "sad"
        row = {"id": key, "mood": mood, "label": f"label {key}", "numbers": [key, -key]}
        connection = await pool.acquire()
        try:
            if turn % TRANSACTION_EVERY == 0:
                await connection.begin()
                await connection.execute("UPDATE balances SET amount = amount + $1 WHERE task = $2", [turn, number])
                await connection.command(connection.dialect.savepoint("half_way"))
                await connection.execute("UPDATE balances SET amount = 0 WHERE task = $1", [number])
                await connection.command(connection.dialect.rollback_to_savepoint("half_way"))
                await (connection.commit() if turn % 2 == 0 else connection.rollback())
            elif turn % 3 == 0:
                found = await connection.query("SELECT * FROM samples WHERE id = $1", [key])
                wrong += [] if [dict(each) for each in found] == [row] else [(turn, found)]
            elif turn % 3 == 1:
                found = await connection.query("SELECT label FROM samples WHERE mood = $1 AND id = $2", [mood, key])
                wrong += [] if [dict(each) for each in found] == [{"label": row["label"]}] else [(turn, found)]
            else:
                found = await connection.query(
                    "SELECT $1::text AS said, id FROM samples WHERE id = ANY($2)", [f"{number}", [key]]
                )
                wrong += [] if [dict(each) for each in found] == [{"said": f"{number}", "id": key}] else [(turn, found)]
        finally:
            pool.release_nowait(connection)
    return wrong


async def test_twenty_tasks_on_four_servers(pgbouncer: PgBouncer, make_pool: MakePool, name: str) -> None:
    pool = make_pool(pgbouncer.url(name, pgbouncer="true", connection_limit="12"))
    wrong = await asyncio.gather(*(task(pool, number) for number in range(TASKS)))
    expected = sum(turn for turn in range(0, QUERIES, TRANSACTION_EVERY) if turn % 2 == 0)
    connection = await pool.acquire()
    balances = await connection.query("SELECT DISTINCT amount FROM balances", [])
    await pool.release(connection)
    assert wrong == [[] for _ in range(TASKS)]
    assert [row["amount"] for row in balances] == [expected]


async def test_nothing_stays_on_the_servers(pgbouncer: PgBouncer, make_pool: MakePool, name: str) -> None:
    pool = make_pool(pgbouncer.url(name, pgbouncer="true", connection_limit=str(SERVER_CONNECTIONS)))
    connections = [await pool.acquire() for _ in range(SERVER_CONNECTIONS)]
    for connection in connections:
        await connection.query("SELECT id FROM samples WHERE mood = $1", ["sad"])
    # With a transaction open on each, these are all the servers there are.
    left: list[dict[str, object]] = []
    for connection in connections:
        await connection.begin()
        rows = await connection.query(
            "SELECT (SELECT COUNT(*) FROM pg_prepared_statements WHERE name <> '') AS statements, "
            "(SELECT COUNT(*) FROM pg_settings WHERE setting <> reset_val AND context = 'user' AND source = 'session') "
            "AS settings",
            [],
        )
        left += [dict(row) for row in rows]
    for connection in connections:
        await connection.rollback()
        await pool.release(connection)
    assert left == [{"statements": 0, "settings": 0}] * SERVER_CONNECTIONS


async def test_a_value_that_does_not_fit_frees_its_server(pgbouncer: PgBouncer, make_pool: MakePool, name: str) -> None:
    clients = SERVER_CONNECTIONS + 1
    pool = make_pool(pgbouncer.url(name, pgbouncer="true", connection_limit=str(clients)))
    connections = [await pool.acquire() for _ in range(clients)]
    for connection in connections:
        with pytest.raises(DriverFault):
            await connection.query("SELECT id FROM samples WHERE id = $1", ["one"])
        await pool.release(connection)
    rows = [await (await pool.acquire()).query("SELECT 1 AS one", []) for _ in range(clients)]
    assert [row[0]["one"] for row in rows] == [1] * clients


async def test_the_schema_of_the_url_holds_for_raw_sql(pgbouncer: PgBouncer, make_pool: MakePool, name: str) -> None:
    pool = make_pool(pgbouncer.url(name, pgbouncer="true", schema="other", connection_limit="1"))
    connection = await pool.acquire()
    outside = await connection.query_raw("SELECT name FROM place", [])
    changed = await connection.execute("UPDATE place SET name = $1", ["changed"])
    with pytest.raises(DriverFault):
        await connection.query_raw("SELECT 1 / 0", [])
    await connection.begin("Serializable")
    inside = await connection.query_raw("SELECT name FROM place", [])
    await connection.commit()
    await pool.release(connection)
    assert ([tuple(row) for row in outside.rows], changed) == ([("other",)], 1)
    assert [tuple(row) for row in inside.rows] == [("changed",)]


@pytest.mark.parametrize("schema", ["public", "other"])
async def test_declared_types_of_raw_sql(pgbouncer: PgBouncer, make_pool: MakePool, name: str, schema: str) -> None:
    clients = SERVER_CONNECTIONS + 1
    pool = make_pool(pgbouncer.url(name, pgbouncer="true", schema=schema, connection_limit=str(clients)))
    connections = [await pool.acquire() for _ in range(clients)]
    found: list[Any] = []
    for connection in connections:
        # One placeholder is declared; for the other, the server accepts only the inferred type.
        rows = await connection.query_raw("SELECT name, repeat('a', $1), 2147483647 + $2 FROM place", [2, 1])
        found += [tuple(row) for row in rows.rows]
        with pytest.raises(DriverFault):
            await connection.query_raw("SELECT nothing($1)", [1])
        await pool.release(connection)
    again = [await (await pool.acquire()).query_raw("SELECT $1", [5]) for _ in range(clients)]
    assert found == [(schema, "aa", 2147483648)] * clients
    assert [tuple(rows.rows[0]) for rows in again] == [(5,)] * clients


@pytest.mark.parametrize("parameters", [{"schema": "other"}, {"pgbouncer": "true", "statement_timeout": "1000"}])
async def test_settings_that_pgbouncer_refuses(
    pgbouncer: PgBouncer, make_pool: MakePool, name: str, parameters: dict[str, str]
) -> None:
    with pytest.raises(DriverFault) as caught:
        await make_pool(pgbouncer.url(name, **parameters)).open()
    assert caught.value.kind is FaultKind.DATABASE_ERROR
    assert "PgBouncer" in str(caught.value.fields["hint"])


@pytest.mark.tasks
async def test_a_cancelled_query_frees_its_server(pgbouncer: PgBouncer, make_pool: MakePool, name: str) -> None:
    pool = make_pool(pgbouncer.url(name, pgbouncer="true", connection_limit="1"))
    connection = await pool.acquire()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await connection.query("SELECT pg_sleep(60)", [])
    await pool.release(connection)
    again = await pool.acquire()
    rows = await again.query("SELECT 1 AS one", [])
    await pool.release(again)
    assert rows[0]["one"] == 1


async def test_cursors_and_arrays(pgbouncer: PgBouncer, make_pool: MakePool, name: str) -> None:
    clients = SERVER_CONNECTIONS + 1
    pool = make_pool(pgbouncer.url(name, pgbouncer="true", connection_limit=str(clients)))
    connections = [await pool.acquire() for _ in range(clients)]
    insert = "INSERT INTO balances (task, amount) VALUES ($1, $2)"
    found: list[list[Any]] = []
    types: Any = None
    for number, connection in enumerate(connections):
        await connection.begin()
        await connection.open_cursor("portions", "SELECT id FROM samples WHERE id > $1 ORDER BY id", [990])
        portions = [await connection.query(connection.dialect.fetch_cursor("portions", 4), []) for _ in range(3)]
        found.append([row["id"] for portion in portions for row in portion])
        await connection.command(connection.dialect.close_cursor("portions"))
        types = await connection.array_types(insert)
        rows = [[100 + number, 200 + number], [number, number]]
        await connection.execute(f"INSERT INTO balances SELECT * FROM unnest($1::{types[0]}, $2::{types[1]})", rows)
        await connection.commit()
    described: list[object] = []
    for connection in connections:
        # Nothing comes after it; the pool frees its server.
        described.append(await connection.array_types(insert))
        await pool.release(connection)
    rows = await (await pool.acquire()).query("SELECT sum(amount)::int AS sum FROM balances", [])
    assert (found, described) == ([list(range(991, 1001))] * clients, [types] * clients)
    assert [row["sum"] for row in rows] == [2 * sum(range(clients))]


async def test_a_forgotten_parameter_is_named(pgbouncer: PgBouncer, make_pool: MakePool, name: str) -> None:
    pool = make_pool(pgbouncer.url(name, connection_limit="2"))
    first, second = await pool.acquire(), await pool.acquire()
    await first.query("SELECT id FROM samples WHERE id = $1", [1])
    # PgBouncer gives out the server that was used last, so the statement is on the server that this one holds.
    await second.begin()
    await second.query("SELECT 1 AS one", [])
    await first.begin()
    with pytest.raises(DriverFault) as caught:
        await first.query("SELECT id FROM samples WHERE id = $1", [1])
    for connection in (first, second):
        await connection.rollback()
        await pool.release(connection)
    refusal = describe(caught.value.kind, caught.value.fields)
    assert (refusal.code, refusal.meta["code"]) == ("P2039", "26000")
    assert refusal.message.endswith("add pgbouncer=true to the URL.")
