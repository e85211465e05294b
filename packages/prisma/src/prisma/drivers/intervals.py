"""Intervals written as text: PostgreSQL's usual form and ISO 8601, as far as a timedelta can hold them."""

from __future__ import annotations

import re
from datetime import timedelta

_SECONDS = {
    **dict.fromkeys(("microsecond", "microseconds", "us"), 1e-6),
    **dict.fromkeys(("millisecond", "milliseconds", "ms"), 1e-3),
    **dict.fromkeys(("second", "seconds", "sec", "secs", "s"), 1),
    **dict.fromkeys(("minute", "minutes", "min", "mins", "m"), 60),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h"), 3600),
}
_DAYS = {**dict.fromkeys(("day", "days", "d"), 1), **dict.fromkeys(("week", "weeks", "w"), 7)}

_AMOUNT = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*([a-z]+)")
_CLOCK = re.compile(r"([+-]?)(\d+):(\d\d)(?::(\d\d(?:\.\d+)?))?")
_ISO = re.compile(r"P(?:(-?\d+)W)?(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?\d+(?:\.\d+)?)S)?)?", re.IGNORECASE)


def parse_interval(text: str) -> timedelta:
    """Return the interval that `text` says, e.g. `1 day 02:03:04`, `90 minutes`, `P1DT2H`.

    Raises ValueError for anything else; months and years are among it, because a timedelta can't hold them.
    """
    words = text.strip().lower()
    if words.startswith("p"):
        return _iso(words)
    interval, position = timedelta(), 0
    while position < len(words):
        if match := _CLOCK.match(words, position):
            interval += _clock(match)
        elif (match := _AMOUNT.match(words, position)) and (match[2] in _DAYS or match[2] in _SECONDS):
            amount = float(match[1])
            interval += timedelta(days=amount * _DAYS.get(match[2], 0), seconds=amount * _SECONDS.get(match[2], 0))
        else:
            raise ValueError(f"{text!r} is not an interval of weeks, days, hours, minutes and seconds.")
        position = len(words) - len(words[match.end() :].lstrip())
    if not words:
        raise ValueError("An interval can't be empty.")
    return interval


def _clock(match: re.Match[str]) -> timedelta:
    length = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=float(match[4] or 0))
    return -length if match[1] == "-" else length


def _iso(text: str) -> timedelta:
    match = _ISO.fullmatch(text)
    if match is None or not any(match.groups()):
        raise ValueError(f"{text!r} is not an ISO 8601 interval of weeks, days and times.")
    weeks, days, hours, minutes, seconds = (float(group or 0) for group in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
