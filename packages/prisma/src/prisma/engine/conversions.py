"""Conversions: from the values that drivers give to those of results, comparisons and arguments."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Hashable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal
from typing import Any, Final, cast
from uuid import UUID

from pydantic_core import from_json

EPOCH = date(1970, 1, 1)
NAIVE_START = datetime(1970, 1, 1)
START = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
_DAY: Final = timedelta(days=1)
# More than PostgreSQL's numeric has, before and after the point.
_DIGITS: Final = 150_000
_INFINITE = {"infinity": datetime.max.replace(tzinfo=UTC), "-infinity": datetime.min.replace(tzinfo=UTC)}
_AS_THEY_ARE = frozenset({str, int, float, bool, bytes, Decimal, type(None)})


def loads(text: str | bytes) -> Any:
    """Parse JSON text."""
    try:
        # Few texts come twice in one answer: looking for those takes longer than making them again.
        return from_json(text, cache_strings="keys")
    except ValueError:
        # Half a surrogate pair is JSON to the server and to Python alone, and so is deep nesting.
        return json.loads(text)


loads_exactly = json.JSONDecoder(parse_float=Decimal).decode
"""Parse JSON text; numbers with a fraction become Decimals, so that no digit is lost."""


def _whole_number(text: str) -> int | float:
    return -0.0 if text == "-0" else int(text)


_loads_signed = json.JSONDecoder(parse_int=_whole_number).decode
_loads_signed_exactly = json.JSONDecoder(parse_int=_whole_number, parse_float=Decimal).decode


def _has_negative_zero(text: str) -> bool:
    # As a value; to find that there is none takes a hundredth of the time of parsing.
    return "-0," in text or "-0]" in text or "-0}" in text


def loads_floats(text: str) -> Any:
    """Parse JSON text with floats, among which the server writes -0.0 as `-0`."""
    return _loads_signed(text) if _has_negative_zero(text) else loads(text)


def loads_floats_exactly(text: str) -> Any:
    """Parse like `loads_exactly`, and like `loads_floats`."""
    return _loads_signed_exactly(text) if _has_negative_zero(text) else loads_exactly(text)


def text(value: Any) -> str:
    """Return a value as text; UUIDs and the like are strings in the schema, and objects in drivers."""
    # `str` would make text even of that.
    if isinstance(value, list):
        raise TypeError("an array of several dimensions")
    return str(value)


def truth(value: Any) -> bool:
    """Return a bool itself; TypeError for anything else."""
    if type(value) is bool:
        return value
    raise TypeError(f"{value!r} is no truth value")


def flag(value: Any) -> bool:
    """Return a truth value of a database that keeps 0 and 1; MySQL's drivers give those of a BIT as bytes."""
    if type(value) is int:
        return value != 0
    return any(value) if type(value) is bytes else truth(value)


def integer(value: Any) -> int:
    """Return a number, or its text (BigInt travels as text inside JSON), as an int."""
    return int(value)


def real(value: Any) -> float:
    """Return a number, or `NaN`, `Infinity` and `-Infinity` as JSON has to write them, as a float."""
    return float(value)


plain: Final = Context(prec=_DIGITS, Emax=_DIGITS - 1, Emin=1 - _DIGITS, clamp=1).normalize
"""Return a Decimal without the zeros behind its fraction, as Prisma writes it: 10.5 for 10.50, and 100 for 100.00.

Scaled columns and sums have such zeros. With `clamp`, an exponent is at most zero: 100 does not become 1E+2.
"""


def exact(value: Any) -> Decimal:
    """Return a number or its text as a Decimal, like `plain`."""
    return plain(value if type(value) is Decimal else Decimal(str(value)))


def moment(value: Any) -> datetime:
    """Return a timestamp as an aware datetime in UTC.

    A timestamp without zone is in UTC, a date is its midnight; a time, with a zone or without, belongs to the first day
    of 1970. MySQL's drivers give a time as what has passed of the day.

    Raises:
        ValueError: MySQL's TIME, which may be negative and have many hours, is none of a day.
    """
    if isinstance(value, datetime):
        # Of most columns; `_in_utc` written out.
        return _in_utc(value) if value.tzinfo is not None else START + (value - NAIVE_START)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, time):
        # What a zone moves to another day stays on this one.
        return datetime.combine(EPOCH, _in_utc(datetime.combine(EPOCH, value)).timetz())
    if isinstance(value, timedelta):
        if not timedelta(0) <= value < _DAY:
            raise ValueError(f"{value} is no time of day")
        return START + value
    return _parse_moment(value)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        # A sum of times takes a seventh of the time of `replace`.
        return START + (value - NAIVE_START)
    if value.tzinfo is UTC:
        return value
    try:
        return value.astimezone(UTC)
    except OverflowError:
        # The drivers' infinity with an offset.
        return value.replace(tzinfo=UTC)


def _parse_moment(value: str) -> datetime:
    # PostgreSQL's own words; Python's largest and smallest moments take their place.
    if value in _INFINITE:
        return _INFINITE[value]
    # A time without a date.
    if value[2:3] == ":":
        return moment(time.fromisoformat(value))
    try:
        return _in_utc(datetime.fromisoformat(value))
    except ValueError:
        return _in_calendar(value)


def _in_calendar(value: str) -> datetime:
    """Return a moment that is in the years 1 to 9999 in UTC, but not where the server writes it; ValueError else."""
    # The same hours of another turn of the year.
    if value.startswith("10000-01-01"):
        turn, year, last_year = f"2000{value[5:]}", 1999, 9999
    elif value.startswith("0001-12-31") and value.endswith(" BC"):
        turn, year, last_year = f"1999{value[4:-3]}", 2000, 1
    else:
        raise ValueError(f"Invalid isoformat string: {value!r}")
    at = _in_utc(datetime.fromisoformat(turn))
    if at.year != year:
        raise ValueError(f"Invalid isoformat string: {value!r}")
    return at.replace(year=last_year)


def blob(value: Any) -> bytes:
    r"""Return bytes, also from the text forms inside JSON: `\x00ff`, else base64."""
    if isinstance(value, str):
        return bytes.fromhex(value[2:]) if value.startswith("\\x") else b64decode(value)
    return bytes(value)


def parsed(value: Any) -> Any:
    """Return the value of JSON text; a driver may have parsed it already."""
    return loads(value) if isinstance(value, str | bytes) else value


def with_floats(value: Any) -> Any:
    """Return a JSON value with floats for the Decimals that `loads_exactly` made."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [with_floats(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {key: with_floats(item) for key, item in cast("dict[str, Any]", value).items()}
    return value


def items(value: Any) -> list[Any]:
    """Return a list; `BigInt[]` inside JSON is the text of an array, e.g. `{1,2,NULL}`."""
    if isinstance(value, str):
        inner = value.strip("{}")
        return [None if item == "NULL" else item for item in inner.split(",")] if inner else []
    return cast("list[Any]", value)


def outgoing(value: Any) -> Any:
    """Return a value of a row in the form in which drivers take arguments."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, list):
        return [outgoing(item) for item in cast("list[Any]", value)]
    if isinstance(value, date | time | timedelta):
        return moment(value)
    return text(value)


def unique_items(values: list[Any]) -> list[Any]:
    """Return the values without repetitions, in order of first appearance."""
    return list({key(value): value for value in values}.values())


def key(value: Any) -> Hashable:
    """Return something hashable that is equal for equal values."""
    if isinstance(value, list):
        return tuple(key(item) for item in cast("list[Any]", value))
    if isinstance(value, dict):
        return tuple((name, key(item)) for name, item in cast("dict[str, Any]", value).items())
    return cast("Hashable", value)


# The request has text where the row has a value of its column's type.
_FROM_TEXT: dict[type, Callable[[str], object]] = {datetime: moment, bytes: blob, int: exact, Decimal: exact}


def same(left: Any, right: Any) -> bool:
    """Say whether a value of a row and one of the request are equal, though their Python types may differ."""
    left, right = _comparable(left), _comparable(right)
    # Text of one side is read as a value of the other's type: a key may be `"7"` in one and 7 in the other.
    if isinstance(left, str) and not isinstance(right, str):
        left, right = right, left
    if isinstance(right, str) and not isinstance(left, str):
        return _same_as_text(left, right)
    return left == right


def _comparable(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date | time | timedelta):
        return moment(value)
    # repr of a float is its shortest exact text: 0.1 equals Decimal("0.1").
    return Decimal(repr(value)) if isinstance(value, float) else value


def _same_as_text(value: Any, written: str) -> bool:
    convert = _FROM_TEXT.get(cast("Any", type(value)))
    if convert is None:
        return value is not None and text(value) == written
    try:
        return value == convert(written)
    except (ValueError, ArithmeticError):
        return False
