"""Arguments with a wrong value in a random place: only errors of `prisma.errors` leave the client."""

from __future__ import annotations

import copy
import math
import random
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from prisma import Base64, DbNull, Json, JsonNull
from prisma.client.explain.paths import places
from prisma.errors import PrismaError

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]


def nested_list(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def endless() -> dict[str, Any]:
    value: dict[str, Any] = {}
    value["AND"] = [value]
    return value


VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    10**400,
    10**5000,
    1.5,
    math.nan,
    math.inf,
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("1E+999999"),
    "",
    "x",
    "\ud800",
    "a\x00b",
    "2020-01-01T00:00:60Z",
    "0000-01-01T00:00:00Z",
    "[",
    "[" * 5000,
    "9" * 5000,
    b"x",
    bytearray(b"x"),
    Base64(b"a"),
    Base64(b"\xff"),
    Json(None),
    Json({1: {2: 3}}),
    Json(math.nan),
    Json("\ud800"),
    DbNull,
    JsonNull,
    date(2020, 1, 1),
    datetime.max,
    datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    UUID(int=1),
    object(),
    int,
    {1, 2},
    (1, 2),
    iter([1]),
    range(3),
    [],
    [None],
    [[]],
    [{}],
    {},
    {"x": 1},
    {1: 2},
    {None: None},
    {"$type": "Param"},
    {"set": None},
    {"not": {"not": None}},
    endless(),
    nested_list(3000),
    lambda: None,
    timedelta(1),
    1j,
]
POST: dict[str, Any] = {"title": "t", "views": 1}
USER: dict[str, Any] = {
    "name": "n",
    "score": 1,
    "big": 1,
    "ratio": 1.0,
    "price": Decimal(1),
    "mood": "good",
    "active": True,
    "data": {"a": 1},
    "born": datetime(2020, 1, 1, tzinfo=UTC),
    "raw": Base64.encode(b"x"),
    "tags": ["a"],
}
WHERE: dict[str, Any] = {
    "OR": [{"name": {"contains": "a", "mode": "insensitive"}}, {"score": {"in": [1, 2], "not": {"gt": 1}}}],
    "NOT": {"tags": {"has_some": ["a"]}},
    "posts": {"some": {"title": "t"}},
    "profile": {"is": {"bio": "b"}},
    "data": {"path": ["a"], "equals": 1, "gt": 1, "string_contains": "x"},
    "born": {"lt": "2020-01-01T00:00:00Z"},
    "mood": "bad",
}
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "user",
        "create",
        {"data": {**USER, "posts": {"create": [POST], "connect_or_create": [{"where": {"id": 1}, "create": POST}]}}},
    ),
    (
        "user",
        "update",
        {"where": {"id": 1}, "data": {"score": {"increment": 1}, "tags": {"push": ["a"]}, "data": {"b": 1}}},
    ),
    ("user", "upsert", {"where": {"name": "n"}, "data": {"create": USER, "update": {"price": {"multiply": 2}}}}),
    ("user", "create_many", {"data": [USER, {"name": "m"}], "skip_duplicates": True}),
    (
        "user",
        "find_many",
        {"where": WHERE, "take": 1, "skip": 1, "cursor": {"id": 1}, "distinct": ["name"], "order": [{"name": "asc"}]},
    ),
    (
        "user",
        "find_many",
        {"include": {"posts": {"where": {"views": 1}, "take": 1, "order": {"id": "asc"}}, "profile": True}},
    ),
    ("user", "find_first", {"where": {"id": 1}, "select": {"name": True, "_count": {"select": {"posts": True}}}}),
    ("user", "find_unique", {"where": {"id": 1}}),
    ("post", "find_unique", {"where": {"title_views": {"title": "t", "views": 1}}}),
    ("user", "delete_many", {"where": {"id": {"in": [-1, -2]}, "price": {"lt": 0}}}),
    ("user", "count", {"where": WHERE, "select": {"name": True}}),
    ("user", "aggregate", {"sum": {"score": True}, "where": {"ratio": {"gt": 1}}}),
    (
        "user",
        "group_by",
        {"by": ["name"], "having": {"score": {"_avg": {"gt": 1}}}, "order": {"name": "asc"}, "count": True},
    ),
]
# Words in messages of errors that the client did not foresee.
BLUNDERS = (
    "panicked",
    "report this as a bug",
    "This is a bug",
    "this is no a",
    "got nothing",
    "JSON Error",
    "can't be read",
)
ROUNDS = 250


def spoiled(dice: random.Random, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return arguments with a wrong value in one place."""
    other = copy.deepcopy(arguments)
    path = dice.choice([path for path, _ in places(other)])
    holder: Any = other
    for step in path[:-1]:
        holder = holder[step]
    value = dice.choice(VALUES)
    if isinstance(holder, dict) and holder is not other and dice.random() < 0.1:
        holder[dice.choice(["$type", "_ref", "x", "", 1, None, ("a",)])] = value
    else:
        holder[path[-1]] = value
    return other


async def test_only_prisma_errors_leave_the_client(db: Any, driver: str) -> None:
    dice = random.Random(f"bad input {driver}")
    wrong: list[tuple[str, str, str, str]] = []
    for _ in range(ROUNDS):
        model, action, arguments = dice.choice(CALLS)
        given = spoiled(dice, arguments)
        try:
            await getattr(getattr(db, model), action)(**given)
        except PrismaError as error:
            is_blunder = any(words in str(error) for words in BLUNDERS)
            facts = getattr(error, "meta", {})
            is_lost = (
                getattr(error, "code", None) == "P2009" and not facts["path"] and facts["kind"] != "EmptySelection"
            )
            if is_blunder or is_lost:
                wrong.append((model, action, repr(given)[:500], f"{type(error).__name__}: {error}"[:300]))
        except Exception as error:
            wrong.append((model, action, repr(given)[:500], f"{type(error).__name__}: {error}"[:300]))
    assert wrong == [], "\n".join(map(str, wrong))
