"""Columns of MySQL's own types: what is stored, what comes back, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from prisma import Base64
from prisma.errors import DataError

pytestmark = [pytest.mark.schema("mysql_types"), pytest.mark.only_mysql]

DIGITS = Decimal("12345678901234567890123456789012345.123456789012345678901234567890")
LAST = datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)
INDIA = timezone(timedelta(hours=5, minutes=30))

# Field, value → what is read, and whether a condition with the value finds it.
KEPT: list[tuple[str, Any, Any, bool]] = [
    ("tiny", -128, -128, True),
    ("small", 65535, 65535, True),
    ("medium", 16777215, 16777215, True),
    ("number", 2**31 - 1, 2**31 - 1, True),
    ("big", 2**63 - 1, 2**63 - 1, True),
    ("flag", True, True, True),
    ("bit", True, True, True),
    ("bit", False, False, True),
    # A BIT of several bits is compared as a number.
    ("bits", Base64.encode(b"\x0f\xff"), Base64.encode(b"\x0f\xff"), False),
    ("year", 2024, 2024, True),
    ("amount", DIGITS, DIGITS, True),
    ("amount", Decimal("1e-30"), Decimal("1e-30"), True),
    # A FLOAT is told with six digits, and is hardly ever the number that was written.
    ("single", 0.1, 0.1, False),
    ("single", 16777217.0, 16777200.0, False),
    ("single", 0.5, 0.5, True),
    ("ratio", 5e-324, 5e-324, True),
    ("ratio", 1.7e308, 1.7e308, True),
    ("char", "ab  ", "ab", True),
    ("tinytext", "é" * 127, "é" * 127, True),
    ("text", "\\" * 65535, "\\" * 65535, True),
    ("fixed", Base64.encode(b"ab"), Base64.encode(b"ab\0\0"), False),
    ("varying", Base64.encode(b"ab"), Base64.encode(b"ab"), True),
    ("blob", Base64.encode(bytes(range(256))), Base64.encode(bytes(range(256))), True),
    ("day", LAST, LAST.replace(hour=0, minute=0, second=0, microsecond=0), True),
    ("clock", datetime(2024, 1, 2, 23, 59, 59, 999999, UTC), datetime(1970, 1, 1, 23, 59, 59, 999999, UTC), True),
    ("exact", LAST, LAST, True),
    ("exact", datetime(2024, 1, 2, 0, 0, 0, 1, INDIA), datetime(2024, 1, 1, 18, 30, 0, 1, UTC), True),
    ("exact", datetime(1, 1, 1, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC), True),
    ("size", "SMALL", "SMALL", True),
]

REFUSED: list[tuple[str, Any, str]] = [
    ("tiny", 128, "P2020"),
    ("small", -1, "P2020"),
    ("number", 2**31, "P2020"),
    ("big", -1, "P2020"),
    ("year", 1900, "P2020"),
    ("amount", Decimal("1e35"), "P2020"),
    ("char", "abcde", "P2000"),
    ("fixed", Base64.encode(b"abcde"), "P2000"),
    ("stamp", datetime(1969, 1, 1, tzinfo=UTC), "P2007"),
    ("stamp", datetime(2039, 1, 1, tzinfo=UTC), "P2007"),
    ("size", "MEDIUM", "P2009"),
]

# What other programs may have stored → the field as it is read, or the code of its error; and as raw SQL gives it.
FOREIGN: list[tuple[str, str, Any, Any]] = [
    ("flag", "2", True, 2),
    ("number", "4294967295", 4294967295, 4294967295),
    ("big", "18446744073709551615", 2**64 - 1, 2**64 - 1),
    ("bit", "b'1'", True, "AQ=="),
    ("exact", "'0000-00-00'", "P2023", "0000-00-00 00:00:00.000000"),
    ("day", "'2024-00-00'", "P2023", "2024-00-00"),
    ("clock", "'-01:00:00'", "P2023", "-01:00:00"),
    ("clock", "'30:00:00'", "P2023", "30:00:00"),
    ("size", "''", "P2023", ""),
]


async def _read(db: Any, field: str) -> Any:
    try:
        return getattr(await db.kept.find_first(), field)
    except DataError as error:
        return error.code


async def test_values(db: Any) -> None:
    found: list[tuple[str, Any, Any, bool]] = []
    for field, value, _, _ in KEPT:
        made = await db.kept.create({field: value})
        found.append((field, value, getattr(made, field), await db.kept.count(where={field: value}) == 1))
        await db.kept.delete_many()
    assert found == KEPT


async def test_values_that_a_column_does_not_take(db: Any) -> None:
    found: list[tuple[str, Any, str | None]] = []
    for field, value, _ in REFUSED:
        with pytest.raises(DataError) as caught:
            await db.kept.create({field: value})
        found.append((field, value, caught.value.code))
    assert found == REFUSED


async def test_values_of_other_programs(db: Any) -> None:
    found: list[tuple[str, str, Any, Any]] = []
    for field, literal, _, _ in FOREIGN:
        await db.execute_raw(f"SET sql_mode = ''; INSERT INTO Kept ({field}) VALUES ({literal})")
        [row] = await db.query_raw("SELECT * FROM Kept")
        found.append((field, literal, await _read(db, field), row[field]))
        await db.kept.delete_many()
    assert found == FOREIGN


async def test_search(db: Any) -> None:
    await db.article.create_many(
        [
            {"title": "red apple", "body": "sweet fruit"},
            {"title": "green pear", "body": "apple of another kind"},
            {"title": "blue", "body": "sky"},
        ]
    )
    apple = {"search": "apple"}

    async def titles(**arguments: Any) -> Any:
        try:
            return [article.title for article in await db.article.find_many(**arguments)]
        except DataError as error:
            return error.code

    found = [
        await titles(where={"title": apple}),
        # Of several fields that are searched for the same, one index has all.
        await titles(where={"title": apple, "body": apple}),
        await titles(where={"OR": [{"title": apple}, {"body": apple}]}),
        await titles(where={"title": apple, "body": {"search": "kind"}}),
        await titles(where={"title": {"search": "+red -pear"}}),
        await titles(where={"title": {"search": "+("}}),
        await titles(where={"plain": apple}),
        await titles(order={"_relevance": {"fields": ["title", "body"], "search": "kind", "sort": "desc"}}, take=1),
    ]
    assert found == [
        ["red apple"],
        ["red apple", "green pear"],
        ["red apple", "green pear"],
        "P2030",
        ["red apple"],
        "P2039",
        "P2030",
        ["green pear"],
    ]


async def test_search_of_calls_with_other_values(db: Any) -> None:
    await db.article.create({"title": "red", "body": "green"})
    # The third call of a shape is recognized without being written.
    for _ in range(4):
        assert await db.article.count(where={"title": {"search": "red"}, "body": {"search": "red"}}) == 1
    for _ in range(4):
        with pytest.raises(DataError, match="fulltext"):
            await db.article.count(where={"title": {"search": "red"}, "body": {"search": "green"}})
