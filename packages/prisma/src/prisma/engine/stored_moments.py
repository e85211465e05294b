"""Moments of databases without a type for them: each form is read, with a warning where it is not the client's own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from prisma.dialects.dialect import TimestampFormat
from prisma.engine.conversions import MILLISECOND, START, moment

log = logging.getLogger(__name__)

# By the form that the client writes: what it found, what it writes, the SQL that converts a column, and how to write
# the other form.
_WARNINGS: Final[Mapping[TimestampFormat, tuple[str, str, str, str]]] = {
    TimestampFormat.MILLISECONDS: (
        "ISO 8601 text",
        "milliseconds since 1970",
        (
            "UPDATE {table} SET {column} = CAST(round((julianday({column}) - 2440587.5) * 86400000) AS INTEGER) "
            "WHERE typeof({column}) = 'text'"
        ),
        "add timestamp_format=iso8601 to the URL, if all of the file is text",
    ),
    TimestampFormat.ISO_TEXT: (
        "milliseconds since 1970",
        "ISO 8601 text",
        (
            "UPDATE {table} SET {column} = strftime('%Y-%m-%dT%H:%M:%f+00:00', {column} / 1000.0, 'unixepoch') "
            "WHERE typeof({column}) = 'integer'"
        ),
        "take timestamp_format=iso8601 out of the URL, if all of the file is numbers",
    ),
}
# The columns that the log has a warning of.
_warned: Final[set[tuple[str, str]]] = set()


def stored_moment_of(column: tuple[str, str] | None, own: TimestampFormat) -> Callable[[Any], datetime]:
    """Return what converts milliseconds since 1970, and texts in one of ISO's forms.

    The first value of a column in another form than `own`, which the client writes, is logged as a warning. A `column`
    is a table's name and its own; None for values that are not known to be a column's.
    """
    other = str if own is TimestampFormat.MILLISECONDS else int

    def stored_moment(value: Any) -> datetime:
        if type(value) is float:
            # Of seconds, days or milliseconds: nothing tells which.
            raise ValueError("a moment is ISO 8601 text, or milliseconds since 1970 as a whole number")
        found = START + value * MILLISECOND if type(value) is int else moment(value)
        if type(value) is other and column is not None and column not in _warned:
            _warned.add(column)
            log.warning("%s", _warning(*column, own))
        return found

    return stored_moment


def _warning(table: str, column: str, own: TimestampFormat) -> str:
    """Say what a column has, what comes of it, and what to do."""
    found, written, conversion, other_way = _WARNINGS[own]
    sql = conversion.format(table=_quoted(table), column=_quoted(column))
    return (
        f"The column {column!r} of the table {table!r} holds moments as {found}, while this client writes and compares "
        f"{written}: filters and order are wrong between the two. Convert the column ({sql}), or {other_way}."
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
