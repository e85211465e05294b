"""Values of every type, at their limits and at random: stored as they are documented, read back, found, and grouped."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from prisma import Base64, Json

ROWS = 24  # limits first, the rest at random
rng = random.Random(14)
START = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC, microsecond=999_000)


def words() -> str:
    return "".join(rng.choices("ab \"'\\{},éÉ🐘\n\0%_?$", k=rng.randrange(8)))


def document() -> Any:
    return rng.choice([words(), rng.randrange(2**40), {words(): [words(), None, rng.random()]}, [[], {}], True])


# For each field the limits, and what makes other values.
VALUES: dict[str, tuple[list[Any], Callable[[], Any]]] = {
    "name": (["", "NULL", "1", "1e5", "\ud7ff\U0010ffff", "x" * 100_000], words),
    "score": ([-(2**31), 2**31 - 1, 0], lambda: rng.randrange(-(2**31), 2**31)),
    "big": ([-(2**63), 2**63 - 1, 2**53 + 1, 0], lambda: rng.randrange(-(2**63), 2**63)),
    "price": (
        [Decimal(text) for text in ("0.1", "-0.1", "1E+15", "1E-20", "123456789012345", "0.000001", "10.10")],
        lambda: Decimal(rng.randrange(-(10**15), 10**15)).scaleb(rng.randrange(-15, 1)),
    ),
    "ratio": ([0.1, 1.7976931348623157e308, 5e-324, float("inf"), float("-inf"), 1e15, 3.0], rng.random),
    "active": ([True, False], lambda: rng.random() < 0.5),
    "role": (["USER", "ADMIN"], lambda: rng.choice(["USER", "ADMIN"])),
    "data": ([None, "", [], {"$type": 1}, "null", "12", "1e5", 2**53 + 1, 0.5, "\0"], document),
    "raw": ([b"", b"\0\xff\\", b"x" * 100_000], lambda: rng.randbytes(5)),
    "born": (
        [FIRST, LAST, START, START - MILLISECOND],
        lambda: FIRST + (LAST - FIRST) // MILLISECOND * MILLISECOND * rng.random() // MILLISECOND * MILLISECOND,
    ),
}
ROWS_OF: dict[str, list[Any]] = {
    name: (limits + [make() for _ in range(ROWS)])[:ROWS] for name, (limits, make) in VALUES.items()
}
# What the database itself holds, as Prisma's JavaScript client stores it; the same value for those that are left out.
STORED: dict[str, Callable[[Any], Any]] = {
    "price": float,
    "role": {"USER": "USER", "ADMIN": "admin"}.__getitem__,
    "born": lambda value: (value - START) // MILLISECOND,
    # The column takes a whole document that is a number for one.
    "data": lambda value: (
        value if type(value) in {int, float} else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    ),
}


def written(name: str, value: Any) -> Any:
    return Json(value) if name == "data" else Base64.encode(value) if name == "raw" else value


def record(number: int) -> dict[str, Any]:
    return {"email": f"{number:02}", **{name: written(name, values[number]) for name, values in ROWS_OF.items()}}


def read(row: Any) -> list[Any]:
    values = row if isinstance(row, dict) else vars(row)
    return [value.decode() if isinstance(value := values[name], Base64) else value for name in VALUES]


EXPECTED = [[values[number] for values in ROWS_OF.values()] for number in range(ROWS)]


def in_file(stored: Callable[[str], Any]) -> list[list[Any]]:
    return [list(row) for row in stored(f"SELECT {', '.join(VALUES)} FROM User ORDER BY email")]


KEPT = [
    [STORED.get(name, lambda value: value)(values[number]) for name, values in ROWS_OF.items()]
    for number in range(ROWS)
]


@pytest.fixture
async def full(db: Any) -> Any:
    """A client whose table holds the values."""
    await db.user.create_many([record(number) for number in range(ROWS)])
    return db


async def test_many_rows(full: Any, stored: Callable[[str], Any]) -> None:
    assert in_file(stored) == KEPT


async def test_single_rows(db: Any, stored: Callable[[str], Any]) -> None:
    created = [read(await db.user.create(record(number))) for number in range(ROWS)]
    assert (in_file(stored), created) == (KEPT, EXPECTED)


async def test_updates_and_upserts(full: Any, stored: Callable[[str], Any]) -> None:
    for number in range(ROWS):
        data = {**record(ROWS - 1 - number), "email": f"{number:02}"}
        where = {"email": data["email"]}
        if number % 2:
            await full.user.update(data=data, where=where)
        else:
            await full.user.upsert(where=where, data={"create": data, "update": data})
    assert in_file(stored) == KEPT[::-1]


async def test_every_way_to_read(full: Any) -> None:
    order: Any = {"email": "asc"}
    await full.post.create_many([{"title": "t", "authorId": number + 1} for number in range(ROWS)])
    posts = await full.post.find_many(order={"author": order}, include={"author": True})
    ways = [
        await full.user.find_many(order=order),
        await full.user.find_many(order=order, select=dict.fromkeys(VALUES, True)),
        [await full.user.find_unique({"email": f"{number:02}"}) for number in range(ROWS)],
        [user async for user in full.user.stream(order=order, batch_size=5)],
        [post.author for post in posts],
    ]
    assert [[read(row) for row in rows] for rows in ways] == [EXPECTED] * len(ways)


@pytest.mark.parametrize("name", [name for name in VALUES if name not in {"data", "active"}])
async def test_values_are_found(full: Any, name: str) -> None:
    values = [written(name, value) for value in ROWS_OF[name]]
    missed = [value for value in values if not await full.user.count(where={name: {"equals": value}})]
    count = await full.user.count(where={name: {"in": values}})
    assert (missed, count) == ([], ROWS)


async def test_documents_are_found(full: Any) -> None:
    missed = [value for value in ROWS_OF["data"] if not await full.user.count(where={"data": {"equals": Json(value)}})]
    assert missed == []


async def test_groups_and_aggregates(full: Any) -> None:
    ordered = ["score", "big", "price", "ratio", "born"]
    columns = dict.fromkeys(ordered, True)
    found = await full.user.aggregate(min=columns, max=columns)
    groups = {name: [row[name] for row in await full.user.group_by([name], order={name: "asc"})] for name in ordered}
    assert (found, groups) == (
        {
            "_min": {name: min(ROWS_OF[name]) for name in ordered},
            "_max": {name: max(ROWS_OF[name]) for name in ordered},
        },
        {name: sorted(set(ROWS_OF[name])) for name in ordered},
    )
