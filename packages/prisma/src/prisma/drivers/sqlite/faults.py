"""Errors of SQLite as faults: by the names of its result codes, and by texts where only they name a column."""

from __future__ import annotations

import os
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
# What is wrong with the file, by the first two words of a code: others follow them, such as SQLITE_IOERR_WRITE.
_OF_FILES: Final = {
    "SQLITE_FULL": "the disk is full, or the file may not grow",
    "SQLITE_READONLY": "the file, or its folder, may not be written",
    "SQLITE_CANTOPEN": "the file, or one that SQLite keeps beside it, can't be opened",
    "SQLITE_PERM": "the file may not be used",
    "SQLITE_IOERR": "the disk failed",
    "SQLITE_CORRUPT": "the file is damaged",
}
# SQLite has one code for all of these.
_MESSAGES: Final = {
    "integer overflow": (FaultKind.VALUE_OUT_OF_RANGE, "A sum has more than the 64 bits of SQLite's whole numbers."),
    "LIKE or GLOB pattern too complex": (
        FaultKind.INVALID_INPUT_VALUE,
        "A text to search for is longer than the 50000 bytes that SQLite compares.",
    ),
}
_NAMES: Final = (
    (re.compile(r"no such table: (.*)"), FaultKind.TABLE_DOES_NOT_EXIST, "table"),
    (re.compile(r"no such column: (.*)"), FaultKind.COLUMN_NOT_FOUND, "column"),
    (re.compile(r"table .* has no column named (.*)"), FaultKind.COLUMN_NOT_FOUND, "column"),
)


def fault_of(error: BaseException, path: str | None = None) -> DriverFault:
    """Return the fault for an error of `sqlite3`, or for a value that it refused; `path` is the file.

    Its field `sqlstate` is the name of SQLite's result code, such as `SQLITE_CONSTRAINT_UNIQUE`.
    """
    message = str(error)
    if isinstance(error, OverflowError):
        reason = "A whole number has more than the 64 bits that SQLite stores."
        return DriverFault(FaultKind.VALUE_OUT_OF_RANGE, {"message": reason, "sqlstate": "SQLITE_RANGE"})
    if isinstance(error, UnicodeEncodeError):
        # Its own text has the value.
        reason = "A text holds half a surrogate pair, which UTF-8 can't express."
        return DriverFault(FaultKind.INVALID_INPUT_VALUE, {"message": reason, "sqlstate": "SQLITE_MISMATCH"})
    code: str | None = getattr(error, "sqlite_errorname", None)
    fields: dict[str, object] = {"message": message, "sqlstate": code}
    if code in _CONSTRAINTS:
        return DriverFault(_CONSTRAINTS[code], fields | _violated(message))
    if message in _MESSAGES:
        kind, reason = _MESSAGES[message]
        return DriverFault(kind, {**fields, "message": reason})
    for pattern, kind, what in _NAMES:
        if found := pattern.fullmatch(message):
            return DriverFault(kind, {**fields, what: found[1]})
    if isinstance(error, sqlite3.ProgrammingError) and "closed database" in message:
        return DriverFault(FaultKind.CONNECTION_CLOSED, fields)
    if reason := _about_file(code):
        fields["message"] = f"{message}: {reason}{f' ({path})' if path else ''}"
    return DriverFault(_KINDS.get(code or "", FaultKind.DATABASE_ERROR), fields)


def unreachable(error: sqlite3.Error, path: str, busy_timeout: float) -> DriverFault:
    """Return the fault for a file that can't be opened: others keep it locked, or it is no database.

    `busy_timeout` is how long the lock was waited for, in seconds.
    """
    fault = fault_of(error)
    if fault.kind is FaultKind.SOCKET_TIMEOUT:
        return DriverFault(fault.kind, {**fault.fields, "path": path, "timeout": busy_timeout})
    return DriverFault(FaultKind.DATABASE_NOT_REACHABLE, {"message": fault.fields["message"], "path": path})


def lost_file(path: str) -> DriverFault:
    """Return the fault for a file that was deleted, or replaced by another, while it was open."""
    if os.path.exists(path):  # noqa: PTH110 - as quick as it can be
        return DriverFault(FaultKind.CONNECTION_CLOSED, {"message": "the file was replaced by another", "path": path})
    facts = {"database": os.path.basename(path), "path": path, "message": "the file was deleted"}  # noqa: PTH119
    return DriverFault(FaultKind.DATABASE_DOES_NOT_EXIST, facts)


def _about_file(code: str | None) -> str | None:
    return _OF_FILES.get("_".join((code or "").split("_")[:2]))


def _violated(message: str) -> dict[str, object]:
    """Return the table and the columns of `UNIQUE constraint failed: users.email, users.name`."""
    _, separator, names = message.partition(" constraint failed: ")
    if not separator or "." not in names:
        return {}
    pairs = [name.split(".", 1) for name in names.split(", ")]
    return {"table": pairs[0][0], "columns": tuple(pair[-1] for pair in pairs), "column": pairs[0][-1]}
