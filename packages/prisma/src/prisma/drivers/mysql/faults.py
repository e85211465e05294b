"""Errors of MySQL and MariaDB as faults: by their numbers, as texts may be in the server's language.

Names of keys and columns come from the texts, where they stand between quotes in every language.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from prisma.drivers.mysql.url import MysqlOptions

DEADLOCK: Final = 1213
"""The whole transaction was rolled back; a node of Galera says it also of a commit that others were quicker than."""

PACKET_TOO_LARGE: Final = 1153
"""A statement is longer than `max_allowed_packet`; the server closes the connection after it has said so."""

EMPTY_QUERY: Final = "1065"
"""A text of blanks and comments."""

_KINDS: Final[Mapping[int, FaultKind]] = {
    1062: FaultKind.UNIQUE_CONSTRAINT_VIOLATION,
    1586: FaultKind.UNIQUE_CONSTRAINT_VIOLATION,
    1451: FaultKind.FOREIGN_KEY_CONSTRAINT_VIOLATION,
    1452: FaultKind.FOREIGN_KEY_CONSTRAINT_VIOLATION,
    1048: FaultKind.NULL_CONSTRAINT_VIOLATION,
    1263: FaultKind.NULL_CONSTRAINT_VIOLATION,
    1364: FaultKind.NULL_CONSTRAINT_VIOLATION,
    1264: FaultKind.VALUE_OUT_OF_RANGE,
    1690: FaultKind.VALUE_OUT_OF_RANGE,
    1406: FaultKind.LENGTH_MISMATCH,
    1265: FaultKind.INVALID_INPUT_VALUE,
    1292: FaultKind.INVALID_INPUT_VALUE,
    1366: FaultKind.INVALID_INPUT_VALUE,
    1146: FaultKind.TABLE_DOES_NOT_EXIST,
    1054: FaultKind.COLUMN_NOT_FOUND,
    1191: FaultKind.MISSING_FULL_TEXT_INDEX,
    1049: FaultKind.DATABASE_DOES_NOT_EXIST,
    1007: FaultKind.DATABASE_ALREADY_EXISTS,
    1044: FaultKind.DATABASE_ACCESS_DENIED,
    1045: FaultKind.AUTHENTICATION_FAILED,
    1698: FaultKind.AUTHENTICATION_FAILED,
    DEADLOCK: FaultKind.TRANSACTION_WRITE_CONFLICT,
    # Another transaction has held a row for too long: as with a deadlock, another attempt may do.
    1205: FaultKind.TRANSACTION_WRITE_CONFLICT,
    1020: FaultKind.TRANSACTION_WRITE_CONFLICT,
    1040: FaultKind.TOO_MANY_CONNECTIONS,
    1203: FaultKind.TOO_MANY_CONNECTIONS,
    1226: FaultKind.TOO_MANY_CONNECTIONS,
    # A node of Galera that has lost the others.
    1180: FaultKind.DATABASE_NOT_REACHABLE,
    2002: FaultKind.DATABASE_NOT_REACHABLE,
    2003: FaultKind.DATABASE_NOT_REACHABLE,
    2005: FaultKind.DATABASE_NOT_REACHABLE,
    2026: FaultKind.TLS_CONNECTION_ERROR,
    0: FaultKind.CONNECTION_CLOSED,
    2006: FaultKind.CONNECTION_CLOSED,
    2013: FaultKind.CONNECTION_CLOSED,
    1927: FaultKind.CONNECTION_CLOSED,
    1053: FaultKind.CONNECTION_CLOSED,
    4031: FaultKind.CONNECTION_CLOSED,
    # A node of Galera that does not take statements yet, or any more.
    1047: FaultKind.CONNECTION_CLOSED,
}

READ_ONLY: Final = frozenset({"1290", "1836"})
"""A write on a server that takes none, such as a primary that was demoted; 1290 also is for other options."""

SERVER_ENDS: Final = frozenset({"1047", "1053", "1180"})
"""The server shuts down, or is a node of Galera that takes no statements: all connections to it are of no use."""

CLOSING: Final = frozenset({FaultKind.CONNECTION_CLOSED, FaultKind.DATABASE_NOT_REACHABLE})
"""Kinds after which a connection is of no use."""

_QUOTED: Final = re.compile(r"['`]([^'`]+)['`]")
_NAME: Final = r"`((?:[^`]|``)+)`"
# `… fails (`shop`.`Post`, CONSTRAINT `Post_authorId_fkey` FOREIGN KEY …`
_KEY: Final = re.compile(rf"{_NAME}, CONSTRAINT {_NAME} FOREIGN KEY")
_WRITTEN: Final = re.compile(rf"(?:INSERT (?:IGNORE )?INTO|UPDATE|DELETE FROM) {_NAME}\.{_NAME}")
# `Table 'shop.User' doesn't exist`
_TABLE: Final = re.compile(r"'(?:[^'.]*\.)?([^']+)'")


def fault_of(error: BaseException, options: MysqlOptions) -> DriverFault:
    """Return the fault for an error of asyncmy or PyMySQL.

    Its field `sqlstate` is the error's number as text, as Prisma's own driver gives it.
    """
    number, message = _facts(error)
    fields: dict[str, Any] = {"message": message, "sqlstate": str(number)}
    kind = _KINDS.get(number, FaultKind.DATABASE_ERROR)
    if kind in _FIELDS:
        fields |= _FIELDS[kind](message)
    if kind in _OF_CONNECTIONS:
        fields |= {**options.facts, "user": options.user, "database": options.schema}
    return DriverFault(kind, fields)


def locate(fault: DriverFault, sql: str) -> None:
    """Add to a fault its statement, and where that says more than the server, the table whose constraint was broken."""
    fields = fault.fields
    fields.setdefault("statement", sql)
    written = _WRITTEN.match(sql) if fault.kind in _OF_TABLES else None
    if written is not None:
        fields.setdefault("table", _unquoted(written[2]))
    if fields.get("constraint") == _PRIMARY and "table" in fields:
        # Every primary key has this name. The client knows it by Prisma's own.
        fields["constraint"] = f"{fields['table']}_pkey"


def _unquoted(name: str) -> str:
    return name.replace("``", "`")


def _facts(error: BaseException) -> tuple[int, str]:
    if isinstance(error, OSError):
        return 2013, str(error)
    match error.args:
        case (int(number), *rest):
            return number, str(rest[0]) if rest else ""
        case _:
            return 2013, str(error)


def _unique(message: str) -> Mapping[str, Any]:
    # `Duplicate entry 'ada@example.com' for key 'User_email_key'`; MySQL 8 writes the table before it. The value may
    # hold anything, so it is the last word that counts.
    found = message.rstrip("'").rpartition("'")[2]
    return {"constraint": found.rpartition(".")[2], **({"table": found.partition(".")[0]} if "." in found else {})}


def _foreign_key(message: str) -> Mapping[str, Any]:
    found = _KEY.search(message)
    return {"table": _unquoted(found[1]), "constraint": _unquoted(found[2])} if found else {}


def _table(message: str) -> Mapping[str, Any]:
    found = _TABLE.search(message)
    return {"table": found[1]} if found else {}


def _column(message: str) -> Mapping[str, Any]:
    found = _QUOTED.search(message)
    return {"column": found[1].rpartition(".")[2]} if found else {}


_FIELDS: Final[Mapping[FaultKind, Callable[[str], Mapping[str, Any]]]] = {
    FaultKind.UNIQUE_CONSTRAINT_VIOLATION: _unique,
    FaultKind.FOREIGN_KEY_CONSTRAINT_VIOLATION: _foreign_key,
    FaultKind.NULL_CONSTRAINT_VIOLATION: _column,
    FaultKind.VALUE_OUT_OF_RANGE: _column,
    FaultKind.LENGTH_MISMATCH: _column,
    FaultKind.TABLE_DOES_NOT_EXIST: _table,
    FaultKind.COLUMN_NOT_FOUND: _column,
}
_PRIMARY: Final = "PRIMARY"
_OF_TABLES: Final = frozenset({FaultKind.UNIQUE_CONSTRAINT_VIOLATION, FaultKind.NULL_CONSTRAINT_VIOLATION})
_OF_CONNECTIONS: Final = frozenset(
    {
        FaultKind.DATABASE_NOT_REACHABLE,
        FaultKind.AUTHENTICATION_FAILED,
        FaultKind.DATABASE_ACCESS_DENIED,
        FaultKind.DATABASE_DOES_NOT_EXIST,
    }
)
