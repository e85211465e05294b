"""Values in PostgreSQL's text format."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from prisma.drivers.postgresql.psycopg.text_format import BINARY, TEXT, written

CASES: list[tuple[object, str, bytes | None]] = [
    (None, ",", None),
    (5, ",", b"5"),
    (True, ",", b"t"),
    (0.1, ",", b"0.1"),
    (Decimal("1E+3"), ",", b"1E+3"),
    ("\u00e9", ",", b"\xc3\xa9"),
    (UUID(int=1), ",", b"00000000-0000-0000-0000-000000000001"),
    (datetime(1, 2, 3, 4, 5, 6, 7), ",", b"0001-02-03 04:05:06.000007"),
    (datetime(2024, 2, 29, tzinfo=UTC), ",", b"2024-02-29 00:00:00+00:00"),
    (datetime.max.replace(tzinfo=UTC), ",", b"9999-12-31 23:59:59.999999+00:00"),
    (date.min, ",", b"0001-01-01"),
    ([], ",", b"{}"),
    ([1, None, [2]], ",", b"{1,NULL,{2}}"),
    (['a"b', "c\\d", "NULL", "", "{,}"], ",", b'{"a\\"b","c\\\\d","NULL","","{,}"}'),
    ([b"\x00\xff"], ",", b'{"\\\\x00ff"}'),
    (["(1,2)"], ";", b'{"(1,2)"}'),
    ([Decimal("0.10"), True], ",", b'{"0.10",t}'),
    ((1, 2.5), ",", b"(1,2.5)"),
]


def test_texts() -> None:
    results = [(value, delimiter, written([value], [delimiter])[0][0]) for value, delimiter, _ in CASES]
    assert results == CASES


def test_bytes_travel_as_they_are() -> None:
    assert written([b"\x00", "a"], ",,") == ([b"\x00", b"a"], [BINARY, TEXT])


def test_a_zero_byte_is_refused() -> None:
    with pytest.raises(ValueError, match="zero byte"):
        written(["a\0"], ",")
