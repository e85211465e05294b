"""Literals: values as MySQL's SQL writes them. Neither library sends parameters apart from the text.

Each form means the same under every SQL mode and every character set of the connection, so that no setting of the
session lets a value out of its literal:

- Text stands between single quotes, and its own are doubled. A backslash may or may not be an escape
  (NO_BACKSLASH_ESCAPES), so text that has one is written by its bytes. So is the empty one, which may be taken for NULL
  (EMPTY_STRING_IS_NULL). Text beyond ASCII says that it is UTF-8, as the connection could have another character set.
- Bytes are hexadecimal digits. Numbers are digits, and moments digits between quotes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeAlias
from uuid import UUID

from prisma.faults import DriverFault, FaultKind

_Writer: TypeAlias = Callable[[Any], str]

# More than DECIMAL(65,30) has on either side of the point.
_DIGITS: Final = 100


def literals(values: Sequence[object]) -> list[str]:
    """Return the literals of values.

    Raises:
        DriverFault: the database has no such value.
    """
    return [(_WRITERS.get(type(value)) or _by_class(value))(value) for value in values]


def _text(value: str) -> str:
    # Of most texts; Python knows of each whether it is ASCII.
    if value.isascii() and value and "\\" not in value:
        return f"'{value}'" if "'" not in value else f"""'{value.replace("'", "''")}'"""
    try:
        encoded = value.encode()
    except UnicodeEncodeError:
        # Its own text has the value.
        raise _unknown("A text holds half a surrogate pair, which UTF-8 can't express.") from None
    if b"\\" in encoded or not encoded:
        return f"_utf8mb4 X'{encoded.hex()}'"
    return "_utf8mb4'" + value.replace("'", "''") + "'"


def _bytes(value: bytes | bytearray | memoryview) -> str:
    return f"_binary X'{value.hex()}'"


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise _unknown("MySQL has neither infinity nor NaN.")
    written = repr(value)
    # Without an exponent the number would be a DECIMAL.
    return written if "e" in written else f"{written}e0"


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise _unknown("MySQL has neither infinity nor NaN.")
    exponent = value.as_tuple().exponent
    if value.adjusted() > _DIGITS or (isinstance(exponent, int) and exponent < -_DIGITS):
        message = "A decimal number has more digits than MySQL's DECIMAL."
        raise DriverFault(FaultKind.VALUE_OUT_OF_RANGE, {"message": message})
    return format(value, "f")


# All rows of a statement have the moment of the call.
@lru_cache(64)
def _datetime(value: datetime) -> str:
    # Columns have no zone; every moment in them is in UTC.
    if value.tzinfo is UTC:
        return f"'{value.isoformat(' ')[:-6]}'"
    naive = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
    return f"'{naive.isoformat(' ')}'"


def _time(value: time) -> str:
    return f"'{value.replace(tzinfo=None).isoformat()}'"


def _duration(value: timedelta) -> str:
    return f"'{duration_text(value)}'"


def duration_text(value: timedelta) -> str:
    """Return a TIME as MySQL writes it: it may be negative, and have more than 24 hours."""
    sign = "-" if value < timedelta(0) else ""
    size = abs(value)
    minutes, seconds = divmod(size.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{size.microseconds:06}" if size.microseconds else ""
    return f"{sign}{size.days * 24 + hours:02}:{minutes:02}:{seconds:02}{fraction}"


_WRITERS: Final[dict[type, _Writer]] = {
    str: _text,
    int: str,
    type(None): lambda _: "NULL",
    bool: lambda value: "1" if value else "0",
    float: _float,
    Decimal: _decimal,
    datetime: _datetime,
    date: lambda value: f"'{value.isoformat()}'",
    time: _time,
    timedelta: _duration,
    UUID: lambda value: f"'{value}'",
    bytes: _bytes,
    bytearray: _bytes,
    memoryview: _bytes,
}


def _by_class(value: object) -> _Writer:
    """Return the writer for an instance of a derived class, by the value that it has as one of the base."""
    if isinstance(value, str):
        return lambda each: _text(str.__str__(each))
    if isinstance(value, int):
        return int.__repr__
    if isinstance(value, float):
        return lambda each: _float(float.__float__(each))
    if isinstance(value, Decimal):
        return lambda each: _decimal(Decimal(each))
    if isinstance(value, bytes | bytearray):
        return lambda each: _bytes(bytes(memoryview(each)))
    if isinstance(value, datetime):
        return _datetime
    raise _unknown(f"MySQL can't store a value of the type {type(value).__name__}.")


def _unknown(message: str) -> DriverFault:
    return DriverFault(FaultKind.INVALID_INPUT_VALUE, {"message": message})
