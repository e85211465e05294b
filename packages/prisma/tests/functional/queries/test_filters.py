"""Filters of each type, on relations and in `having`."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest

from prisma import Base64, Json

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]

THEN = datetime(2026, 1, 2, tzinfo=UTC)


async def _names(db: Any, where: Any) -> list[str]:
    return [user.name for user in await db.user.find_many(where=where, order={"id": "asc"})]


async def _check(db: Any, field: str, matching: list[Any]) -> None:
    """Each condition holds for Bob only."""
    assert {str(condition): await _names(db, {field: condition}) for condition in matching} == {
        str(condition): ["Bob"] for condition in matching
    }


@pytest.mark.needs("insensitive", "full_text")
async def test_text(db: Any, bob: Any) -> None:
    matching = [
        "Bob", {"equals": "Bob"}, {"not_in": ["none"]}, {"lt": "C"}, {"lte": "Bob"}, {"contains": "o", "not": "none"},
        {"startswith": "B"}, {"endswith": "b"}, {"in": ["Bob", "x"]}, {"not": {"contains": "n"}},
        {"contains": "BO", "mode": "insensitive"}, {"search": "bob"},
    ]  # fmt: skip
    await _check(db, "name", matching)
    assert await _names(db, {"name": {"gt": "A", "gte": "B"}}) == ["none", "Bob"]


@pytest.mark.parametrize(
    ("field", "value", "less", "more"),
    [
        ("score", 5, 4, 6),
        ("big", 2**40, 1, 2**50),
        ("ratio", 0.5, 0.1, 0.9),
        ("price", Decimal("1.5"), Decimal(1), Decimal(2)),
        ("born", THEN, datetime(1, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
    ],
)
async def test_numbers_and_times(db: Any, bob: Any, field: str, value: Any, less: Any, more: Any) -> None:
    matching = [
        value, {"equals": value}, {"gt": less, "lt": more}, {"gte": value, "lte": value}, {"in": [value]},
        {"not_in": [0, more] if field == "score" else [more]}, {"not": {"lt": value}},
    ]  # fmt: skip
    await _check(db, field, matching)


async def test_boolean(db: Any, bob: Any) -> None:
    await _check(db, "active", [False, {"equals": False}, {"not": True}, {"not": {"equals": True}}])


async def test_bytes(db: Any, bob: Any) -> None:
    value, other = Base64.encode(b"hi"), Base64.encode(b"no")
    await _check(db, "raw", [value, {"equals": value}, {"in": [value, other]}, {"not_in": [other]}, {"not": other}])


async def test_json(db: Any, bob: Any) -> None:
    await _check(db, "data", [Json({"a": 1}), {"equals": Json({"a": 1})}, {"not": Json({"a": 2})}])


async def test_enum(db: Any, bob: Any, package: Any) -> None:
    await _check(db, "mood", ["good", import_module(f"{package.__name__}.enums").Mood.good])


@pytest.mark.needs("scalar_lists")
async def test_lists(db: Any, bob: Any) -> None:
    await _check(
        db,
        "tags",
        [
            {"has": "x"},
            {"has_every": ["x", "y"]},
            {"has_some": ["x", "z"]},
            {"is_empty": False},
            {"equals": ["x", "y"]},
        ],
    )


async def test_null_in_filters(db: Any, bob: Any) -> None:
    assert await _names(db, {"mood": None}) == ["none"]
    assert await _names(db, {"big": {"equals": None}}) == ["none"]
    assert await _names(db, {"NOT": [{"ratio": None}]}) == ["Bob"]


async def test_relation_filters(db: Any, bob: Any) -> None:
    assert await _names(db, {"profile": {"is": {"bio": "b"}}}) == ["Bob"]
    assert await _names(db, {"profile": {"is_not": {"bio": "b"}}}) == ["none"]
    assert await _names(db, {"posts": {"some": {"title": "t"}}}) == ["Bob"]
    assert await _names(db, {"posts": {"none": {}}}) == ["none"]
    assert await _names(db, {"posts": {"every": {"title": "x"}}}) == ["none"]


async def test_and_or_not(db: Any, bob: Any) -> None:
    assert await _names(db, {"AND": [{"name": "Bob"}, {"score": 5}]}) == ["Bob"]
    assert await _names(db, {"OR": [{"name": "Bob"}, {"name": "x"}], "NOT": [{"score": 0}]}) == ["Bob"]


async def test_having(db: Any, bob: Any) -> None:
    for condition in ({"_max": {"gt": 4}}, {"_min": {"gt": 4}}, {"_sum": {"gt": 4}}, {"_avg": {"gt": 4}}, {"gt": 4}):
        groups = await db.user.group_by(["name", "score"], having={"score": condition})
        assert [group["name"] for group in groups] == ["Bob"]
    assert len(await db.user.group_by(["name"], having={"name": {"_count": {"equals": 1}}})) == 2


@pytest.mark.needs("scalar_lists")
async def test_snake_case_names_inside_relations(db: Any, bob: Any) -> None:
    where = {"posts": {"some": {"author": {"is_not": {"name": {"startswith": "x"}, "tags": {"is_empty": True}}}}}}
    assert await _names(db, where) == ["Bob"]


async def test_none_means_no_argument(db: Any, bob: Any) -> None:
    assert len(await db.user.find_many(take=None, where=None, include=None, order=None)) == 2
    assert (await db.user.update({"mood": None}, {"id": bob.id})).mood is None
