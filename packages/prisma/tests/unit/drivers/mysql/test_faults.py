from __future__ import annotations

from typing import Any

import pytest

from prisma.drivers.mysql.faults import fault_of, locate
from prisma.drivers.mysql.session_state import changes_session
from prisma.drivers.mysql.url import MysqlOptions
from prisma.faults import FaultKind

OPTIONS = MysqlOptions(user="u", host="h", port=1, schema="shop")
PLACE = {"host": "h", "port": 1, "user": "u", "database": "shop"}

FAULTS: list[tuple[int, str, FaultKind, dict[str, Any]]] = [
    (
        1062,
        "Duplicate entry 'it's 'quoted' for key 'x'' for key 'User_email_key'",
        FaultKind.UNIQUE_CONSTRAINT_VIOLATION,
        {"constraint": "User_email_key", "table": "User"},
    ),
    (
        1062,
        "Duplicate entry '1' for key 'users.PRIMARY'",
        FaultKind.UNIQUE_CONSTRAINT_VIOLATION,
        {"constraint": "users_pkey", "table": "users"},
    ),
    (
        1062,
        "Duplicate entry '1' for key 'PRIMARY'",
        FaultKind.UNIQUE_CONSTRAINT_VIOLATION,
        {"constraint": "User_pkey", "table": "User"},
    ),
    (
        1452,
        (
            "Cannot add or update a child row: a foreign key constraint fails (`shop`.`Post`, CONSTRAINT "
            "`Post_authorId_fkey` FOREIGN KEY (`authorId`) REFERENCES `User` (`id`))"
        ),
        FaultKind.FOREIGN_KEY_CONSTRAINT_VIOLATION,
        {"constraint": "Post_authorId_fkey", "table": "Post"},
    ),
    (
        1048,
        "Column 'name' cannot be null",
        FaultKind.NULL_CONSTRAINT_VIOLATION,
        {"column": "name", "table": "User"},
    ),
    (1406, "Data too long for column 'name' at row 1", FaultKind.LENGTH_MISMATCH, {"column": "name"}),
    (1264, "Out of range value for column 'n' at row 1", FaultKind.VALUE_OUT_OF_RANGE, {"column": "n"}),
    (1146, "Table 'shop.nope' doesn't exist", FaultKind.TABLE_DOES_NOT_EXIST, {"table": "nope"}),
    (1054, "Unknown column 'shop.User.nope' in 'WHERE'", FaultKind.COLUMN_NOT_FOUND, {"column": "nope"}),
    (1213, "Deadlock found", FaultKind.TRANSACTION_WRITE_CONFLICT, {}),
    (1205, "Lock wait timeout exceeded", FaultKind.TRANSACTION_WRITE_CONFLICT, {}),
    (1045, "Access denied", FaultKind.AUTHENTICATION_FAILED, PLACE),
    (1044, "Access denied", FaultKind.DATABASE_ACCESS_DENIED, PLACE),
    (1049, "Unknown database", FaultKind.DATABASE_DOES_NOT_EXIST, PLACE),
    (1040, "Too many connections", FaultKind.TOO_MANY_CONNECTIONS, {}),
    (2003, "Can't connect", FaultKind.DATABASE_NOT_REACHABLE, PLACE),
    (2013, "Lost connection", FaultKind.CONNECTION_CLOSED, {}),
    (1047, "WSREP has not yet prepared node", FaultKind.CONNECTION_CLOSED, {}),
    (4025, "CONSTRAINT `c` failed for `shop`.`t`", FaultKind.DATABASE_ERROR, {}),
]


@pytest.mark.parametrize(("number", "message", "kind", "facts"), FAULTS)
def test_errors_of_the_server(number: int, message: str, kind: FaultKind, facts: dict[str, Any]) -> None:
    sql = "INSERT INTO `shop`.`User` (`id`) VALUES (?)"
    fault = fault_of(Exception(number, message), OPTIONS)
    locate(fault, sql)
    expected = {"message": message, "sqlstate": str(number), "statement": sql, **facts}
    assert (fault.kind, fault.fields) == (kind, expected)


def test_a_broken_socket_is_a_closed_connection() -> None:
    assert fault_of(ConnectionResetError(104, "reset"), OPTIONS).kind is FaultKind.CONNECTION_CLOSED


@pytest.mark.parametrize(
    ("sql", "changes"),
    [
        ("SELECT 1", False),
        (" /* x */ (select 1)", False),
        ("-- x\nUPDATE t SET a = 1;", False),
        ("CREATE TABLE t (a INT)", False),
        ("CREATE TEMPORARY TABLE t (a INT)", True),
        ("CREATE OR REPLACE TEMPORARY TABLE t (a INT)", True),
        ("SET sql_mode = ''", True),
        ("SELECT @a := 1", True),
        ("SELECT GET_LOCK('x', 1)", True),
        ("SELECT 1 /*! INTO @a */", True),
        ("USE other", True),
        ("LOCK TABLES t READ", True),
        ("SELECT 1; SET sql_mode = ''", True),
    ],
)
def test_which_statements_change_the_session(sql: str, changes: bool) -> None:
    assert changes_session(sql) is changes
