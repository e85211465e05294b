"""Faults of statements, each one caused on a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from prisma.drivers._async.pool import ConnectionPool
from prisma.drivers.postgresql._async.connection import PostgresConnection
from prisma.faults import DriverFault, FaultKind

SCHEMA = """
    CREATE SCHEMA shop;
    CREATE TABLE shop.users (
        id int PRIMARY KEY, email varchar(20) NOT NULL CONSTRAINT users_email_key UNIQUE, "Age" int CHECK ("Age" > 0),
        name text
    );
    CREATE UNIQUE INDEX users_name_age ON shop.users (lower(name), "Age");
    CREATE TABLE shop.posts (
        id int PRIMARY KEY, author int CONSTRAINT posts_author_fkey REFERENCES shop.users ON DELETE RESTRICT
    );
    INSERT INTO shop.users VALUES (1, 'a@x', 5, 'Ann');
    INSERT INTO shop.posts VALUES (1, 1);
    CREATE FUNCTION shop.fail(state text) RETURNS void LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'raised' USING ERRCODE = state, DETAIL = 'some detail', HINT = 'some hint'; END $$;
"""

TABLE: dict[str, object] = {"schema": "shop", "table": "users"}
POSTS: dict[str, object] = {"schema": "shop", "table": "posts", "constraint": "posts_author_fkey"}

# Statement, values, kind, SQLSTATE, the other fields that must be there.
CASES: list[tuple[str, list[object], FaultKind, str, dict[str, object]]] = [
    (
        "INSERT INTO shop.users VALUES (2, 'a@x')", [], FaultKind.UNIQUE_CONSTRAINT_VIOLATION, "23505",
        TABLE | {"constraint": "users_email_key", "columns": ("email",)},
    ),
    (
        "INSERT INTO shop.users VALUES ($1, 'b@x', 5, 'ANN')", [3], FaultKind.UNIQUE_CONSTRAINT_VIOLATION, "23505",
        TABLE | {"constraint": "users_name_age", "columns": ("lower(name)", "Age")},
    ),
    (
        "INSERT INTO shop.posts VALUES (2, $1)", [9], FaultKind.FOREIGN_KEY_CONSTRAINT_VIOLATION, "23503",
        POSTS | {"columns": ("author",)},
    ),
    ("DELETE FROM shop.users WHERE id = $1", [1], FaultKind.FOREIGN_KEY_CONSTRAINT_VIOLATION, "23001", POSTS),
    (
        "INSERT INTO shop.users (id) VALUES ($1)", [4], FaultKind.NULL_CONSTRAINT_VIOLATION, "23502",
        TABLE | {"column": "email"},
    ),
    (
        'UPDATE shop.users SET "Age" = $1', [-1], FaultKind.DATABASE_ERROR, "23514",
        TABLE | {"constraint": "users_Age_check"},
    ),
    ("UPDATE shop.users SET email = $1", ["x" * 21], FaultKind.LENGTH_MISMATCH, "22001", {}),
    ("SELECT 'x'::int", [], FaultKind.INVALID_INPUT_VALUE, "22P02", {}),
    ("SELECT $1::int8::int4", [2**40], FaultKind.VALUE_OUT_OF_RANGE, "22003", {}),
    ("SELECT 1 FROM shop.nothing", [], FaultKind.TABLE_DOES_NOT_EXIST, "42P01", {"schema": "shop", "table": "nothing"}),
    ('SELECT 1 FROM "No ""thing"', [], FaultKind.TABLE_DOES_NOT_EXIST, "42P01", {"table": 'No "thing'}),
    ('SELECT "t0"."Nick" FROM shop.users AS "t0"', [], FaultKind.COLUMN_NOT_FOUND, "42703", {"column": "Nick"}),
    ("CREATE DATABASE postgres", [], FaultKind.DATABASE_ALREADY_EXISTS, "42P04", {}),
    ("SELECT 1 / 0", [], FaultKind.DATABASE_ERROR, "22012", {}),
    ("SELEC 1", [], FaultKind.DATABASE_ERROR, "42601", {}),
    ("SELECT shop.fail($1)", ["40001"], FaultKind.TRANSACTION_WRITE_CONFLICT, "40001", {}),
    ("SELECT shop.fail($1)", ["40P01"], FaultKind.TRANSACTION_WRITE_CONFLICT, "40P01", {}),
    ("SELECT shop.fail($1)", ["53300"], FaultKind.TOO_MANY_CONNECTIONS, "53300", {}),
    (
        "SELECT shop.fail($1)", ["ZZ001"], FaultKind.DATABASE_ERROR, "ZZ001",
        {"message": "raised", "detail": "some detail", "hint": "some hint", "severity": "ERROR"},
    ),
]  # fmt: skip


async def caught(work: Awaitable[object]) -> DriverFault:
    with pytest.raises(DriverFault) as caught:
        await work
    return caught.value


async def test_faults(connection: PostgresConnection) -> None:
    await connection.command(SCHEMA)
    expected = [(sql, kind, state, fields) for sql, _, kind, state, fields in CASES]
    found: list[object] = []
    for sql, args, _, _, fields in CASES:
        fault = await caught(connection.query(sql, args))
        facts = {name: fault.fields.get(name) for name in fields}
        found.append((sql, fault.kind, fault.fields["sqlstate"], facts))
    assert found == expected


async def test_every_call_translates(connection: PostgresConnection) -> None:
    calls = [
        connection.query("SELECT 1 / 0", []),
        connection.query_raw("SELECT 1 / $1", [0]),
        connection.execute("SELECT 1 / 0", []),
        connection.execute("SELECT 1 / $1", [0]),
        connection.command("SELECT 1; SELECT 1 / 0"),
        connection.command("SAVEPOINT outside_a_transaction"),
        connection.begin("CHAOS"),
        connection.query("SELECT $1::int", []),
    ]
    faults = [await caught(call) for call in calls]
    states = [fault.fields.get("sqlstate") for fault in faults]
    assert states == ["22012"] * 5 + ["25P01", None, "08P01"]
    assert all(fault.__cause__ is not None for fault in faults if fault.kind is not FaultKind.INVALID_INPUT_VALUE)


async def test_a_session_that_the_server_ends(pool: ConnectionPool[Any]) -> None:
    victim, killer = await pool.acquire(), await pool.acquire()
    rows = await victim.query("SELECT pg_backend_pid() AS pid", [])
    await killer.query("SELECT pg_terminate_backend($1)", [rows[0]["pid"]])
    first = await caught(victim.query("SELECT 1", []))
    second = await caught(victim.query("SELECT 1", []))
    await pool.release(victim)
    await pool.release(killer)
    assert [first.kind, second.kind] == [FaultKind.CONNECTION_CLOSED] * 2
    assert (pool.stats.in_use, pool.stats.idle) == (0, 1)


async def test_a_deadlock(pool: ConnectionPool[Any]) -> None:
    one, two = await pool.acquire(), await pool.acquire()
    await one.command("CREATE TABLE t (n int); INSERT INTO t VALUES (1), (2)")
    await one.begin()
    await two.begin()
    await one.execute("UPDATE t SET n = n WHERE n = $1", [1])
    await two.execute("UPDATE t SET n = n WHERE n = $1", [2])
    results = await asyncio.gather(
        one.execute("UPDATE t SET n = n WHERE n = $1", [2]),
        two.execute("UPDATE t SET n = n WHERE n = $1", [1]),
        return_exceptions=True,
    )
    await pool.release(one)
    await pool.release(two)
    kinds = [result.kind for result in results if isinstance(result, DriverFault)]
    assert kinds == [FaultKind.TRANSACTION_WRITE_CONFLICT]


async def test_socket_timeout(database: str, make_pool: Callable[[str], ConnectionPool[Any]]) -> None:
    pool = make_pool(f"{database}&connection_limit=1&socket_timeout=0.1")
    connection = await pool.acquire()
    fault = await caught(connection.query("SELECT pg_sleep(60)", []))
    await pool.release(connection)
    again = await pool.acquire()
    rows = await again.query("SELECT 1 AS one", [])
    await pool.release(again)
    assert (fault.kind, [dict(row) for row in rows]) == (FaultKind.SOCKET_TIMEOUT, [{"one": 1}])


async def test_values_that_python_can_not_hold(connection: PostgresConnection) -> None:
    fault = await caught(connection.query("SELECT '10000-01-01'::date", []))
    rows = await connection.query("SELECT 1 AS one", [])
    assert (fault.kind, rows[0]["one"]) == (FaultKind.INCONSISTENT_COLUMN_DATA, 1)


CHANGES = [
    ("ALTER TABLE t ADD more int DEFAULT 7", [1], {"n": 1, "more": 7}),
    ("ALTER TABLE t ALTER n TYPE bigint", [1], {"n": 1}),
    ("ALTER TABLE t ALTER n TYPE bigint; INSERT INTO t VALUES (1099511627776)", [2**40], {"n": 2**40}),
    ("ALTER TABLE t ALTER n TYPE text", ["1"], {"n": "1"}),
    ("ALTER TABLE t ALTER n TYPE float8", [1.0], {"n": 1.0}),
    ("DROP TABLE t; CREATE TABLE t (n timestamp); INSERT INTO t VALUES ('2024-01-01')", ["2024-01-01"], None),
    ("DEALLOCATE ALL", [1], {"n": 1}),
]


@pytest.mark.parametrize(("change", "args", "expected"), CHANGES)
@pytest.mark.parametrize("parameters", ["", "&pgbouncer=true"])
async def test_statements_survive_a_change_of_the_schema(
    database: str,
    make_pool: Callable[[str], ConnectionPool[Any]],
    change: str,
    args: list[object],
    expected: dict[str, object] | None,
    parameters: str,
) -> None:
    pool = make_pool(f"{database}&connection_limit=1{parameters}")
    connection = await pool.acquire()
    sql = "SELECT * FROM t WHERE n = $1"
    await connection.command("CREATE TABLE t (n int); INSERT INTO t VALUES (1)")
    before = [dict(row) for row in await connection.query(sql, [1])]
    await connection.command(change)
    after = [dict(row) for row in await connection.query(sql, args)]
    assert before == [{"n": 1}]
    assert len(after) == 1
    assert expected is None or after == [expected]
    await pool.release(connection)
