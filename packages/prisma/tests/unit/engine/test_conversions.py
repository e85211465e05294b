"""Driver values converted for results, for comparisons and for statements."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from prisma.engine import conversions

EAST = timezone(timedelta(hours=2))
ID = UUID("0b6c3e1a-3f0e-4b7e-9d7e-0d7f7a3f1c11")


FAR = datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "x"),
        (ID, str(ID)),
        (Decimal("1.10"), "1.10"),
    ],
)
def test_text(value: Any, text: str) -> None:
    assert conversions.text(value) == text


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (datetime(2024, 1, 2, 3), datetime(2024, 1, 2, 3, tzinfo=UTC)),
        (datetime(2024, 1, 2, 3, tzinfo=EAST), datetime(2024, 1, 2, 1, tzinfo=UTC)),
        (date(2024, 1, 2), datetime(2024, 1, 2, tzinfo=UTC)),
        (time(3, 4), datetime(1970, 1, 1, 3, 4, tzinfo=UTC)),
        (time(3, 4, tzinfo=EAST), datetime(1970, 1, 1, 1, 4, tzinfo=UTC)),
        (time(1, 4, tzinfo=EAST), datetime(1970, 1, 1, 23, 4, tzinfo=UTC)),
        ("23:30:15-05", datetime(1970, 1, 1, 4, 30, 15, tzinfo=UTC)),
        ("2024-01-02T03:04:05.678", datetime(2024, 1, 2, 3, 4, 5, 678000, UTC)),
        ("2024-01-02T03:04:05.678+02:00", datetime(2024, 1, 2, 1, 4, 5, 678000, UTC)),
        ("2024-01-02", datetime(2024, 1, 2, tzinfo=UTC)),
        ("10:11:12.345", datetime(1970, 1, 1, 10, 11, 12, 345000, UTC)),
        ("10:11:12.345+00", datetime(1970, 1, 1, 10, 11, 12, 345000, UTC)),
        ("infinity", FAR),
        # In the server's zone another year than in UTC.
        ("10000-01-01T00:59:59.5+01:00", datetime(9999, 12, 31, 23, 59, 59, 500_000, UTC)),
        ("0001-12-31T19:00:00-05:00 BC", datetime(1, 1, 1, tzinfo=UTC)),
        ("-infinity", datetime.min.replace(tzinfo=UTC)),
        (datetime.max, FAR),
        (datetime.min.replace(tzinfo=EAST), datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_moment(value: Any, moment: datetime) -> None:
    assert (conversions.moment(value), conversions.moment(value).tzinfo) == (moment, UTC)


@pytest.mark.parametrize(
    ("value", "blob"),
    [(b"\x00", b"\x00"), (bytearray(b"a"), b"a"), ("\\x00ff", b"\x00\xff"), ("\\x", b""), ("AAH/", b"\x00\x01\xff")],
)
def test_blob(value: Any, blob: bytes) -> None:
    assert conversions.blob(value) == blob


@pytest.mark.parametrize(("value", "items"), [("{1,2}", ["1", "2"]), ("{}", []), ("{1,NULL}", ["1", None]), ([1], [1])])
def test_items(value: Any, items: list[Any]) -> None:
    assert conversions.items(value) == items


@pytest.mark.parametrize(
    ("value", "argument"),
    [
        (5, 5),
        (None, None),
        (ID, str(ID)),
        (datetime(2024, 1, 2), datetime(2024, 1, 2, tzinfo=UTC)),
        (date(2024, 1, 2), datetime(2024, 1, 2, tzinfo=UTC)),
        (time(3), datetime(1970, 1, 1, 3, tzinfo=UTC)),
        ([ID, None], [str(ID), None]),
        (b"\x00", b"\x00"),
    ],
)
def test_outgoing(value: Any, argument: Any) -> None:
    assert conversions.outgoing(value) == argument


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (1, 1, True),
        (1, Decimal("1.0"), True),
        (Decimal("0.1"), 0.1, True),
        (datetime(2024, 1, 2), datetime(2024, 1, 2, tzinfo=UTC), True),
        (datetime(2024, 1, 2, 2, tzinfo=EAST), datetime(2024, 1, 2, tzinfo=UTC), True),
        (date(2024, 1, 2), datetime(2024, 1, 2, tzinfo=UTC), True),
        (datetime(2024, 1, 2), "2024-01-02T00:00:00Z", True),
        ("2024-01-02T00:00:00", datetime(2024, 1, 2, tzinfo=UTC), True),
        (ID, str(ID), True),
        ("9007199254740993", 9007199254740993, True),
        (b"\x00", "\\x00", True),
        (b"\x00", b"\x00", True),
        ("a", "a", True),
        (None, None, True),
        (None, "None", False),
        ("a", "b", False),
        (1, "x", False),
        (datetime(2024, 1, 2), "yesterday", False),
    ],
)
def test_same(left: Any, right: Any, equal: bool) -> None:
    assert conversions.same(left, right) is equal


def test_unique_items_keep_their_order() -> None:
    assert conversions.unique_items([2, 1, 2, None, [1], [1], None]) == [2, 1, None, [1]]


def test_with_floats() -> None:
    value = conversions.loads_exactly('{"a": [1, 2.5, {"b": 0.1}], "c": "x", "d": null}')
    assert repr(conversions.with_floats(value)) == "{'a': [1, 2.5, {'b': 0.1}], 'c': 'x', 'd': None}"


@pytest.mark.parametrize("value", ["10000-01-01T00:00:00+00:00", "0001-12-31T19:00:00+00:00 BC", "12024-01-01"])
def test_a_moment_outside_of_the_calendar(value: str) -> None:
    with pytest.raises(ValueError, match="Invalid isoformat string"):
        conversions.moment(value)


@pytest.mark.parametrize("load", [conversions.loads_floats, conversions.loads_floats_exactly])
def test_negative_zeros(load: Any) -> None:
    values = [[0, -0.0, -0.5], {"a": -0.0, "b": "-0,"}, [-1, 10**20]]
    assert [repr(load(json.dumps(value).replace("-0.0", "-0").replace(" ", ""))) for value in values] == [
        repr(value).replace("-0.5", repr(load("-0.5"))) for value in values
    ]
