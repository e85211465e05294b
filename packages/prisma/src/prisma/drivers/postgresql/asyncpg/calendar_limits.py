"""The first and the last moment of Python's calendar, which asyncpg takes for infinity.

asyncpg's codecs write `datetime.max` as `infinity`, and read `infinity` as `datetime.max`. Reading is right, because
Python has no better value. Writing would store a wrong value. So such a parameter travels as a `Limit`, which asyncpg
refuses before anything is sent; then the statement is prepared with the codecs of this module. These are slow Python
code, so no other value goes through them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple

from prisma.drivers.postgresql.parameters import aware, calendar_date
from prisma.drivers.postgresql.unreadable_dates import UNREADABLE

# The zero of PostgreSQL's calendar.
_START: Final = datetime(2000, 1, 1, tzinfo=UTC)
_FIRST_DAY: Final = _START.toordinal()
_MICROSECOND: Final = timedelta(microseconds=1)
_LIMITS: Final = frozenset({datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)})
_LIMIT_DAYS: Final = frozenset({date.min, date.max})
_LIMIT_YEARS: Final = frozenset({1, 9999})


class Limit(NamedTuple):
    """The first or the last date or moment of the calendar."""

    value: date


def moment(value: object) -> object:
    """Return a moment as an aware datetime in UTC, or as a Limit."""
    at = aware(value)
    # The year is a quick look that nearly every moment fails.
    return Limit(at) if at.year in _LIMIT_YEARS and at in _LIMITS else at


def day(value: object) -> object:
    """Return a date, or a Limit."""
    on = calendar_date(value)
    return Limit(on) if on in _LIMIT_DAYS else on


def holds_limit(value: object) -> bool:
    """Tell whether a parameter is a Limit, or a list with one."""
    return type(value) is Limit or (type(value) is list and any(map(holds_limit, value)))  # pyright: ignore[reportUnknownArgumentType]


def _bare(value: Any) -> Any:
    return value.value if type(value) is Limit else value


def _days(value: Any) -> tuple[int]:
    return (_bare(value).toordinal() - _FIRST_DAY,)


def _microseconds(value: Any) -> tuple[int]:
    return ((_bare(value) - _START) // _MICROSECOND,)


def _reader(read: Callable[[int], object], bits: int, first: object, last: object) -> Callable[[tuple[int]], object]:
    # On the wire, infinity is the greatest number of the type, and minus infinity the least.
    infinite = {-(1 << bits - 1): first, (1 << bits - 1) - 1: last}

    def decode(wire: tuple[int]) -> object:
        (number,) = wire
        try:
            return infinite[number] if number in infinite else read(number)
        except (ValueError, OverflowError):
            return UNREADABLE

    return decode


class CalendarType(NamedTuple):
    """A type of the calendar, with its number in every PostgreSQL's catalog, and its codec."""

    oid: int
    array_oid: int
    name: str
    encode: Callable[[Any], tuple[int]]
    decode: Callable[[tuple[int]], object]


_read_day = _reader(lambda days: date.fromordinal(days + _FIRST_DAY), 32, date.min, date.max)
_read_moment = _reader(lambda n: _START + timedelta(microseconds=n), 64, datetime.min, datetime.max)

CALENDAR: Final = (
    CalendarType(1082, 1182, "date", _days, _read_day),
    CalendarType(1114, 1115, "timestamp", _microseconds, _read_moment),
    CalendarType(1184, 1185, "timestamptz", _microseconds, _read_moment),
)
DATES: Final = frozenset(CALENDAR[0][:2])
MOMENTS: Final = frozenset(oid for each in CALENDAR[1:] for oid in each[:2])
