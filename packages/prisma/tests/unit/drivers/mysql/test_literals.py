from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest

from prisma.drivers.mysql.literals import literals
from prisma.faults import DriverFault, FaultKind


class Word(StrEnum):
    QUOTE = "it's"


WRITTEN: list[tuple[Any, str]] = [
    ("plain", "'plain'"),
    ("it's '' \"\0\n", "'it''s '''' \"\0\n'"),
    ("it's é😀", "_utf8mb4'it''s é😀'"),
    ("\\", "_utf8mb4 X'5c'"),
    ("é\\'", "_utf8mb4 X'c3a95c27'"),
    (Word.QUOTE, "'it''s'"),
    ("", "_utf8mb4 X''"),
    (None, "NULL"),
    (True, "1"),
    (False, "0"),
    (-(2**63), "-9223372036854775808"),
    (0.1, "0.1e0"),
    (1e300, "1e+300"),
    (Decimal("12345678901234567.1234567890"), "12345678901234567.1234567890"),
    (Decimal("1E+3"), "1000"),
    (Decimal("-0.0000001"), "-0.0000001"),
    (b"\x00'\\", "_binary X'00275c'"),
    (bytearray(), "_binary X''"),
    (memoryview(b"a"), "_binary X'61'"),
    (datetime(2024, 2, 3, 4, 5, 6, 789000, UTC), "'2024-02-03 04:05:06.789000'"),
    (datetime(24, 2, 3, 4, 5, 6, tzinfo=timezone(timedelta(hours=1))), "'0024-02-03 03:05:06'"),
    (date(2024, 2, 3), "'2024-02-03'"),
    (time(4, 5, 6, 7, UTC), "'04:05:06.000007'"),
    (timedelta(hours=-26, microseconds=-1), "'-26:00:00.000001'"),
    (UUID(int=1), "'00000000-0000-0000-0000-000000000001'"),
]


def test_literals() -> None:
    assert literals([value for value, _ in WRITTEN]) == [literal for _, literal in WRITTEN]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("\ud800", FaultKind.INVALID_INPUT_VALUE),
        (float("nan"), FaultKind.INVALID_INPUT_VALUE),
        (float("-inf"), FaultKind.INVALID_INPUT_VALUE),
        (Decimal("sNaN"), FaultKind.INVALID_INPUT_VALUE),
        (Decimal("1E+999999"), FaultKind.VALUE_OUT_OF_RANGE),
        (Decimal("1E-999999"), FaultKind.VALUE_OUT_OF_RANGE),
        ([1], FaultKind.INVALID_INPUT_VALUE),
        (object(), FaultKind.INVALID_INPUT_VALUE),
    ],
)
def test_values_that_the_database_lacks(value: Any, kind: FaultKind) -> None:
    with pytest.raises(DriverFault) as caught:
        literals([value])
    assert caught.value.kind is kind
