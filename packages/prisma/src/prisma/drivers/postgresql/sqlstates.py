"""The kind of fault for each SQLSTATE, and facts from the fields of a server's report.

Nothing here reads a message, because servers translate their messages.
"""

from __future__ import annotations

import re

from prisma.faults import FaultKind

KIND_BY_SQLSTATE: dict[str, FaultKind] = {
    "08001": FaultKind.DATABASE_NOT_REACHABLE,
    "08003": FaultKind.CONNECTION_CLOSED,
    "08004": FaultKind.DATABASE_ACCESS_DENIED,
    "08006": FaultKind.CONNECTION_CLOSED,
    "22001": FaultKind.LENGTH_MISMATCH,
    "22003": FaultKind.VALUE_OUT_OF_RANGE,
    # psycopg refuses such a text before the server does.
    "22021": FaultKind.INVALID_INPUT_VALUE,
    "22P02": FaultKind.INVALID_INPUT_VALUE,
    "23001": FaultKind.FOREIGN_KEY_CONSTRAINT_VIOLATION,
    "23502": FaultKind.NULL_CONSTRAINT_VIOLATION,
    "23503": FaultKind.FOREIGN_KEY_CONSTRAINT_VIOLATION,
    "23505": FaultKind.UNIQUE_CONSTRAINT_VIOLATION,
    # The server ends the session itself after these: idle in transaction, transaction, and session timeouts; shutdown.
    "25P03": FaultKind.CONNECTION_CLOSED,
    "25P04": FaultKind.CONNECTION_CLOSED,
    "28000": FaultKind.DATABASE_ACCESS_DENIED,
    "28P01": FaultKind.AUTHENTICATION_FAILED,
    "3D000": FaultKind.DATABASE_DOES_NOT_EXIST,
    "40001": FaultKind.TRANSACTION_WRITE_CONFLICT,
    "40P01": FaultKind.TRANSACTION_WRITE_CONFLICT,
    "42703": FaultKind.COLUMN_NOT_FOUND,
    "42P01": FaultKind.TABLE_DOES_NOT_EXIST,
    "42P04": FaultKind.DATABASE_ALREADY_EXISTS,
    "53300": FaultKind.TOO_MANY_CONNECTIONS,
    "57P01": FaultKind.CONNECTION_CLOSED,
    "57P02": FaultKind.CONNECTION_CLOSED,
    # Starting up, shutting down, or recovering: no client can connect for the moment.
    "57P03": FaultKind.DATABASE_NOT_REACHABLE,
    "57P05": FaultKind.CONNECTION_CLOSED,
}

# The two-letter classes of PostgreSQL's appendix A. All that has no line above is a plain database error; a class that
# is missing here was never looked at: a test reports it.
_CLASSES = """
    00 01 02 03 08 09 0A 0B 0F 0L 0P 0Z 10 20 21 22 23 24 25 26 27 28 2B 2D 2F 34 38 39 3B 3D 3F 40 42 44 53 54 55 57
    58 72 F0 HV P0 XX
"""
KNOWN_CLASSES = frozenset(_CLASSES.split())

READ_ONLY = "25006"  # a write in a read-only transaction, as on a standby
# The server shuts down, has crashed, or does not serve yet: so it is for all connections to it.
SERVER_ENDS = frozenset({"57P01", "57P02", "57P03"})

NOT_IN_TEXT = "22021"  # bytes that a text can't hold, such as zero

# What a statement reports whose plan or types are those of an older schema: syntax and names (class 42), an unknown
# statement name (26000, after DEALLOCATE), wrong binary data (22P03), a type that is gone (XX000).
OUTDATED = re.compile("42...|26000|22P03|XX000")

# Compiled by `re` when an error is first looked at, and kept there: most programs meet none.
_KEY_COLUMNS = r"\((.+?)\)=\("
_IDENTIFIER = r'(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$]*)'
# The place where a value was refused, in any language: `unnamed portal parameter $1 = '…'`. The place inside a function
# has the function's arguments or a statement in quotes.
_AT_PARAMETER = r"[^\"(\n]*\$\d+(?: = .*)?"
_NAME = rf"{_IDENTIFIER}(?:\s*\.\s*{_IDENTIFIER})*"


def kind_of(sqlstate: str) -> FaultKind:
    """Return the kind of fault that a SQLSTATE stands for."""
    return KIND_BY_SQLSTATE.get(sqlstate, FaultKind.DATABASE_ERROR)


def began_nothing(context: str | None) -> bool:
    """Tell whether a report comes from before the statement's first step, by the context that it names.

    What a function or procedure does, which may have committed before it failed, is always named there.
    """
    return context is None or is_at_parameter(context)


def is_at_parameter(context: str | None) -> bool:
    """Tell whether a report is about the value of a parameter."""
    return context is not None and re.fullmatch(_AT_PARAMETER, context, re.DOTALL) is not None


def key_columns(detail: str) -> tuple[str, ...]:
    """Return the columns named by a constraint's detail such as `Key (a, b)=(1, 2) already exists.`; () if none."""
    match = re.search(_KEY_COLUMNS, detail)
    if match is None:
        return ()
    return tuple(_unquoted(part.strip()) for part in match[1].split(", "))


def name_at(sql: str, position: int) -> tuple[str, ...]:
    """Return the parts of the possibly qualified name at a 1-based position of `sql`; () if there is none."""
    match = re.match(_NAME, sql[position - 1 :])
    if match is None:
        return ()
    return tuple(_unquoted(part) for part in re.findall(_IDENTIFIER, match[0]))


def _unquoted(name: str) -> str:
    if name.startswith('"') and name.endswith('"') and len(name) > 1:
        return name[1:-1].replace('""', '"')
    return name
