"""Lists of any length after `in` and `not_in`: they find what a comparison in Python finds, by few statements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

SIZES = [0, 1, 2, 3, 5, 33, 1000, 40_000]
ROWS = 60
START = datetime(2024, 1, 1, tzinfo=UTC)

# For each field the value of the row with a number; None where a row has none.
FIELDS: dict[str, Any] = {
    "email": lambda number: f"é'{number}\"\n",
    "name": lambda number: None if number % 3 == 0 else f"{number}",
    "score": lambda number: number,
    "big": lambda number: None if number % 3 == 0 else 2**63 - 1 - number,
}
# JSON does not hold these: as many as a statement takes parameters.
OTHERS: dict[str, Any] = {
    "price": lambda number: None if number % 3 == 0 else Decimal(number) / 4,
    "ratio": lambda number: number / 4,
    "born": lambda number: START + timedelta(days=number % 9000),
}


@pytest.fixture
async def rows(db: Any) -> list[dict[str, Any]]:
    made = [{name: value(number) for name, value in {**FIELDS, **OTHERS}.items()} for number in range(ROWS)]
    await db.user.create_many(made)
    return made


@pytest.mark.parametrize("field", [*FIELDS, *OTHERS])
async def test_results(db: Any, rows: list[dict[str, Any]], field: str) -> None:
    value = {**FIELDS, **OTHERS}[field]
    found: dict[tuple[str, int], list[str]] = {}
    expected: dict[tuple[str, int], list[str]] = {}
    for size in SIZES if field in FIELDS else SIZES[:-1]:
        # Every second row at first, each value twice.
        wanted = [value(number // 2 * 2) for number in range(size)]
        wanted = [item for item in wanted if item is not None]
        for word in ("in", "not_in"):
            users = await db.user.find_many(where={field: {word: wanted}}, order={"id": "asc"})
            found[word, size] = [user.email for user in users]
            is_in, values = word == "in", set(wanted)
            # NULL is neither in a list nor outside of it; but all rows are outside of an empty list.
            matching = [
                row for row in rows
                if (row[field] in values) == is_in and (row[field] is not None or not (values or is_in))
            ]  # fmt: skip
            expected[word, size] = [row["email"] for row in matching]
    assert found == expected


async def test_writes_and_counts(db: Any, rows: list[dict[str, Any]]) -> None:
    many = list(range(0, 80_000, 2))
    counts = [
        await db.user.count(where={"score": {"in": many}}),
        await db.user.update_many({"name": "even"}, {"score": {"in": many}}),
        await db.user.delete_many({"NOT": {"score": {"in": many}}}),
        await db.user.count(where={"name": {"in": ["even", *map(str, range(1000))]}}),
    ]
    assert counts == [30, 30, 30, 30]


async def test_lists_of_many_lengths_have_few_statements(make_client: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "prisma.query")
    async with make_client(log=["query"]) as db:
        for size in range(1, 1000, 7):
            await db.user.find_many(where={"score": {"in": list(range(size))}})
    texts = {record.getMessage().partition(": ")[2] for record in caplog.records if record.name == "prisma.query"}
    # 1, 8, 16, … 512 parameters, and JSON.
    assert len(texts) == 9
