"""Errors of SQLite as faults: by the names of its result codes, and by texts where only they name a column."""

from __future__ import annotations

import re
import sqlite3
from typing import Final

from prisma.faults import DriverFault, FaultKind

_CONSTRAINTS: Final = {
    "SQLITE_CONSTRAINT_UNIQUE": FaultKind.UNIQUE_CONSTRAINT_VIOLATION,
    "SQLITE_CONSTRAINT_PRIMARYKEY": FaultKind.UNIQUE_CONSTRAINT_VIOLATION,
    "SQLITE_CONSTRAINT_ROWID": FaultKind.UNIQUE_CONSTRAINT_VIOLATION,
    "SQLITE_CONSTRAINT_NOTNULL": FaultKind.NULL_CONSTRAINT_VIOLATION,
    "SQLITE_CONSTRAINT_FOREIGNKEY": FaultKind.FOREIGN_KEY_CONSTRAINT_VIOLATION,
    "SQLITE_CONSTRAINT_TRIGGER": FaultKind.FOREIGN_KEY_CONSTRAINT_VIOLATION,
}
_KINDS: Final = {
    # Another writer has changed what this transaction has read: it can't go on, and another attempt may.
    "SQLITE_BUSY_SNAPSHOT": FaultKind.TRANSACTION_WRITE_CONFLICT,
    "SQLITE_BUSY": FaultKind.SOCKET_TIMEOUT,
    "SQLITE_BUSY_TIMEOUT": FaultKind.SOCKET_TIMEOUT,
    "SQLITE_LOCKED": FaultKind.SOCKET_TIMEOUT,
    "SQLITE_TOOBIG": FaultKind.LENGTH_MISMATCH,
}
_NAMES: Final = (
    (re.compile(r"no such table: (.*)"), FaultKind.TABLE_DOES_NOT_EXIST, "table"),
    (re.compile(r"no such column: (.*)"), FaultKind.COLUMN_NOT_FOUND, "column"),
    (re.compile(r"table .* has no column named (.*)"), FaultKind.COLUMN_NOT_FOUND, "column"),
)


def fault_of(error: BaseException) -> DriverFault:
    """Return the fault for an error of `sqlite3`, or for a value that it refused.

    Its field `sqlstate` is the name of SQLite's result code, such as `SQLITE_CONSTRAINT_UNIQUE`.
    """
    message = str(error)
    if isinstance(error, OverflowError):
        reason = "A whole number has more than the 64 bits that SQLite stores."
        return DriverFault(FaultKind.VALUE_OUT_OF_RANGE, {"message": reason})
    if isinstance(error, UnicodeEncodeError):
        # Its own text has the value.
        reason = "A text holds half a surrogate pair, which UTF-8 can't express."
        return DriverFault(FaultKind.INVALID_INPUT_VALUE, {"message": reason})
    code: str | None = getattr(error, "sqlite_errorname", None)
    fields: dict[str, object] = {"message": message, "sqlstate": code}
    if code in _CONSTRAINTS:
        return DriverFault(_CONSTRAINTS[code], fields | _violated(message))
    for pattern, kind, what in _NAMES:
        if found := pattern.fullmatch(message):
            return DriverFault(kind, {**fields, what: found[1]})
    if isinstance(error, sqlite3.ProgrammingError) and "closed database" in message:
        return DriverFault(FaultKind.CONNECTION_CLOSED, fields)
    return DriverFault(_KINDS.get(code or "", FaultKind.DATABASE_ERROR), fields)


def unreachable(error: sqlite3.Error, path: str, busy_timeout: float) -> DriverFault:
    """Return the fault for a file that can't be opened: others keep it locked, or it is no database.

    `busy_timeout` is how long the lock was waited for, in seconds.
    """
    fault = fault_of(error)
    if fault.kind is FaultKind.SOCKET_TIMEOUT:
        return DriverFault(fault.kind, {**fault.fields, "path": path, "timeout": busy_timeout})
    return DriverFault(FaultKind.DATABASE_NOT_REACHABLE, {"message": str(error), "path": path})


def _violated(message: str) -> dict[str, object]:
    """Return the table and the columns of `UNIQUE constraint failed: users.email, users.name`."""
    _, separator, names = message.partition(" constraint failed: ")
    if not separator or "." not in names:
        return {}
    pairs = [name.split(".", 1) for name in names.split(", ")]
    return {"table": pairs[0][0], "columns": tuple(pair[-1] for pair in pairs), "column": pairs[0][-1]}
