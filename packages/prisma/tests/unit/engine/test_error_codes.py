"""Faults → codes, sentences and facts."""

from __future__ import annotations

from typing import Any

import pytest

from prisma.engine.error_codes import describe
from prisma.faults import FaultKind

K = FaultKind
FIELDS = {"users_email_key": ("email",), "posts_author_id_fkey": ("authorId",)}
SERVER = {"sqlstate": "42703", "message": 'column "x" does not exist'}
PLACE = {"host": "db", "port": 5432, "database": "app", "user": "me", "message": "no"}

POOL = (
    "Timed out fetching a new connection from the connection pool. More info: http://pris.ly/d/connection-pool "
    "(Current connection pool timeout: 10, connection limit: 5)"
)

CASES: list[tuple[FaultKind, dict[str, Any], str, str, dict[str, Any]]] = [
    (
        K.UNIQUE_CONSTRAINT_VIOLATION, {"constraint": "users_email_key", "columns": ("e_mail",)},
        "P2002", "Unique constraint failed on the fields: (`email`)", {"target": ["email"]},
    ),
    (
        K.UNIQUE_CONSTRAINT_VIOLATION, {"constraint": "other", "columns": ("a", "b")},
        "P2002", "Unique constraint failed on the fields: (`a`,`b`)", {"target": ["a", "b"]},
    ),
    (
        K.UNIQUE_CONSTRAINT_VIOLATION, {"constraint": "other"},
        "P2002", "Unique constraint failed on the constraint: `other`", {"target": "other"},
    ),
    (
        K.UNIQUE_CONSTRAINT_VIOLATION, {},
        "P2002", "Unique constraint failed on the (not available)", {"target": None},
    ),
    (
        K.FOREIGN_KEY_CONSTRAINT_VIOLATION, {"constraint": "posts_author_id_fkey", "columns": ("id",)},
        "P2003", "Foreign key constraint failed on the field: `authorId`",
        {"field_name": "authorId", "constraint": "posts_author_id_fkey"},
    ),
    (
        K.FOREIGN_KEY_CONSTRAINT_VIOLATION, {"constraint": "other", "columns": ("id",)},
        "P2003", "Foreign key constraint failed on the field: `other (index)`",
        {"field_name": "other (index)", "constraint": "other"},
    ),
    (
        K.FOREIGN_KEY_CONSTRAINT_VIOLATION, {},
        "P2003", "Foreign key constraint failed on the field: `foreign key`", {"field_name": "foreign key"},
    ),
    (
        K.NULL_CONSTRAINT_VIOLATION, {"column": "name"},
        "P2011", "Null constraint violation on the fields: (`name`)", {"constraint": ["name"]},
    ),
    (
        K.NULL_CONSTRAINT_VIOLATION, {},
        "P2011", "Null constraint violation on the (not available)", {"constraint": []},
    ),
    (
        K.LENGTH_MISMATCH, {"column": "name"}, "P2000",
        "The provided value for the column is too long for the column's type. Column: name", {"column_name": "name"},
    ),
    (K.INVALID_INPUT_VALUE, PLACE, "P2007", "Invalid input value: no", {"message": "no"}),
    (K.VALUE_OUT_OF_RANGE, PLACE, "P2020", "Value out of range for the type: no", {"message": "no"}),
    (
        K.MISSING_FULL_TEXT_INDEX, {}, "P2030",
        "Cannot find a fulltext index to use for the search, try adding a @@fulltext([Fields...]) to your schema", {},
    ),
    (
        K.TABLE_DOES_NOT_EXIST, {"table": "users"},
        "P2021", "The table `users` does not exist in the current database.", {"table": "users"},
    ),
    (
        K.TABLE_DOES_NOT_EXIST, {},
        "P2021", "The table `(not available)` does not exist in the current database.", {},
    ),
    (
        K.COLUMN_NOT_FOUND, {"column": "x"},
        "P2022", "The column `x` does not exist in the current database.", {"column": "x"},
    ),
    (
        K.TRANSACTION_WRITE_CONFLICT, {"sqlstate": "40001"}, "P2034",
        "Transaction failed due to a write conflict or a deadlock. Please retry your transaction", {"code": "40001"},
    ),
    (
        K.TRANSACTION_WRITE_CONFLICT, {"sqlstate": "40P01"}, "P2034",
        "Transaction failed due to a write conflict or a deadlock. Please retry your transaction (deadlock detected)",
        {"code": "40P01"},
    ),
    (
        K.INCONSISTENT_COLUMN_DATA, {"message": "the column 'x' holds …", "column": "x"}, "P2023",
        "Inconsistent column data: the column 'x' holds …", {"message": "the column 'x' holds …", "column": "x"},
    ),
    (K.TOO_MANY_CONNECTIONS, PLACE, "P2037", "Too many database connections opened: no", {"message": "no"}),
    (
        K.AUTHENTICATION_FAILED, PLACE, "P1000",
        "Authentication failed against the database server: the credentials of `me` are not valid.", {"user": "me"},
    ),
    (
        K.DATABASE_ACCESS_DENIED, PLACE,
        "P1010", "User `me` was denied access on the database `app`", {"user": "me", "database": "app"},
    ),
    (
        K.DATABASE_DOES_NOT_EXIST, PLACE,
        "P1003", "Database `app` does not exist on the database server.", {"database": "app"},
    ),
    (
        K.DATABASE_ALREADY_EXISTS, PLACE,
        "P1009", "Database `app` already exists on the database server", {"database": "app"},
    ),
    (
        K.DATABASE_NOT_REACHABLE,
        {**PLACE, "host": "a,b", "port": "1,2", "reasons": {"a:1": "refused", "b:2": "a standby"}},
        "P1001", "Can't reach a suitable database server. `a:1`: refused; `b:2`: a standby",
        {"host": "a,b", "port": "1,2", "reasons": {"a:1": "refused", "b:2": "a standby"}},
    ),
    (
        K.DATABASE_NOT_REACHABLE, PLACE,
        "P1001", "Can't reach database server at `db:5432`", {"host": "db", "port": 5432},
    ),
    (
        K.SOCKET_TIMEOUT, PLACE,
        "P1002", "The database server at `db`:`5432` was reached but timed out.", {"host": "db", "port": 5432},
    ),
    (K.SOCKET_TIMEOUT, {"timeout": 2.5}, "P1008", "Operations timed out after 2.5 s", {"timeout": 2.5}),
    (K.SOCKET_TIMEOUT, {}, "P1008", "Operations timed out", {}),
    (K.CONNECTION_CLOSED, PLACE, "P1017", "Server has closed the connection.", {}),
    (
        K.INHERITED_CONNECTION,
        PLACE,
        "P1017",
        "The connection belongs to the process that forked this one. Begin again what used it.",
        {},
    ),
    (K.TLS_CONNECTION_ERROR, PLACE, "P1011", "Error opening a TLS connection: no", {"message": "no"}),
    (
        K.POOL_TIMEOUT, {"timeout": 10, "limit": 5}, "P2024",
        POOL,
        {"timeout": 10, "limit": 5},
    ),
    (K.INVALID_URL, PLACE, "P1013", "The provided database string is invalid. no", {"message": "no"}),
    (
        K.DATABASE_ERROR, {"sqlstate": "22012", "message": "division by zero"}, "P2039",
        "Database error. Code: `22012`. Message: `division by zero`", {"code": "22012", "message": "division by zero"},
    ),
    (K.DATABASE_ERROR, PLACE, "P2039", "Database error. no", {"message": "no"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "fields", "code", "message", "meta"), CASES, ids=[f"{kind.name} {code}" for kind, _, code, _, _ in CASES]
)
def test_fault(kind: FaultKind, fields: dict[str, Any], code: str, message: str, meta: dict[str, Any]) -> None:
    described = describe(kind, fields, field_names=FIELDS.get)
    assert (described.code, described.message, described.meta) == (code, message, meta)


@pytest.mark.parametrize("raw", [False, True])
@pytest.mark.parametrize(
    ("sqlstate", "message", "has_fix"),
    [
        ("26000", 'prepared statement "prisma_7" does not exist', True),
        ("42P05", 'prepared statement "prisma_7" already exists', True),
        ("08P01", 'bind message supplies 1 parameters, but prepared statement "prisma_7" requires 2', True),
        ("26000", 'prepared statement "mine" does not exist', False),
        ("42P07", 'relation "prisma_7" already exists', False),
    ],
)
def test_a_statement_of_another_session_names_the_fix(sqlstate: str, message: str, has_fix: bool, raw: bool) -> None:
    described = describe(K.DATABASE_ERROR, {"sqlstate": sqlstate, "message": message}, raw=raw)
    fix = (
        ". If a pooler in transaction mode, such as PgBouncer, is in front of the database, "
        "add pgbouncer=true to the URL."
    )
    assert (described.message.partition("`. Message: `")[2], described.meta) == (
        f"{message}`{fix if has_fix else ''}",
        {"code": sqlstate, "message": message},
    )


def test_every_kind_is_described() -> None:
    assert {kind for kind, *_ in CASES} == set(FaultKind)


@pytest.mark.parametrize(
    ("kind", "fields", "code", "message"),
    [
        (K.COLUMN_NOT_FOUND, SERVER, "P2010", 'Raw query failed. Code: `42703`. Message: `column "x" does not exist`'),
        (K.CONNECTION_CLOSED, {**SERVER, "sqlstate": "57P01"}, "P1017", "Server has closed the connection."),
        (K.INVALID_INPUT_VALUE, {"message": "no"}, "P2010", "Raw query failed. Code: `22P02`. Message: `no`"),
        (K.VALUE_OUT_OF_RANGE, {"message": "no"}, "P2010", "Raw query failed. Code: `22003`. Message: `no`"),
        (K.DATABASE_ERROR, {"message": "no"}, "P2010", "Raw query failed. Code: `N/A`. Message: `no`"),
    ],
)
def test_fault_of_raw_sql(kind: FaultKind, fields: dict[str, Any], code: str, message: str) -> None:
    described = describe(kind, fields, raw=True)
    assert (described.code, described.message) == (code, message)
