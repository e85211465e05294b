"""Values for columns of dates and of times of day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest

from prisma.plan.nodes import ArgType, Execute, Generator, Literal, Param, Parameter, Statement, Text, Value
from prisma.plan.passes.calendar_types import date_of, send_dates_and_times, time_of

MOMENT = datetime(2024, 1, 2, 1, 30, tzinfo=timezone(timedelta(hours=2)))
PARAM = Param("%1")

# The compiler's type, the value → the value that is sent.
VALUES: list[tuple[str | None, Value, Value]] = [
    ("DATE", PARAM, Generator("date", (PARAM,))),
    ("TIME", PARAM, Generator("time", (PARAM,))),
    ("DATE", Literal(MOMENT), Literal(date(2024, 1, 1))),
    ("TIME", Literal([MOMENT, None]), Literal([time(23, 30), None])),
    ("DATETIME", PARAM, PARAM),
    (None, PARAM, PARAM),
]


def _plan(db_type: str | None, value: Value) -> Execute:
    types = (ArgType("datetime", db_type, "scalar"),)
    return Execute(Statement((Text("a = "), Parameter()), (value,), types, chunkable=True))


@pytest.mark.parametrize(("db_type", "value", "sent"), VALUES)
def test_statement(db_type: str | None, value: Value, sent: Value) -> None:
    assert send_dates_and_times(_plan(db_type, value)) == _plan(db_type, sent)


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        (datetime(2024, 1, 2, 3, 4, 5, 678000, UTC), (date(2024, 1, 2), time(3, 4, 5, 678000))),
        ([MOMENT], ([date(2024, 1, 1)], [time(23, 30)])),
        (None, (None, None)),
    ],
)
def test_parts(value: Any, parts: tuple[Any, Any]) -> None:
    assert (date_of(value), time_of(value)) == parts
