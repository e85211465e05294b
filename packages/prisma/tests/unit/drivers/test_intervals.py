"""Intervals as text."""

from __future__ import annotations

from datetime import timedelta

import pytest

from prisma.drivers.intervals import parse_interval


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 day", timedelta(days=1)),
        ("2 weeks 3 days", timedelta(days=17)),
        ("90 min", timedelta(minutes=90)),
        ("-1.5 hours", timedelta(hours=-1.5)),
        ("1 day 02:03:04.5", timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("-00:30", timedelta(minutes=-30)),
        ("5s 10ms", timedelta(seconds=5.01)),
        ("P1DT2H3M4.5S", timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("p2w", timedelta(weeks=2)),
    ],
)
def test_intervals(text: str, expected: timedelta) -> None:
    assert parse_interval(text) == expected


@pytest.mark.parametrize("text", ["", "day", "1", "1 month", "2 years", "P1M", "P", "PT", "soon"])
def test_what_is_no_interval_here(text: str) -> None:
    with pytest.raises(ValueError, match="interval"):
        parse_interval(text)
