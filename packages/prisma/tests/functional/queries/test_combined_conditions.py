"""Enums, unique keys with more conditions, and AND and NOT of a single condition."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]


async def _names(db: Any, where: Any) -> set[str]:
    return {user.name for user in await db.user.find_many(where=where)}


async def _found(db: Any, field: str, cases: list[tuple[Any, set[str]]]) -> list[tuple[str, set[str]]]:
    """Return the conditions as text, each with the names of the users for whom it holds."""
    return [(str(condition), await _names(db, {field: condition})) for condition, _ in cases]


def _expected(cases: list[tuple[Any, set[str]]]) -> list[tuple[str, set[str]]]:
    return [(str(condition), names) for condition, names in cases]


MOODS: list[tuple[dict[str, Any], set[str]]] = [
    ({"equals": "good"}, {"glad"}),
    ({"in": ["good"]}, {"glad"}),
    ({"in": ["good", "bad"]}, {"glad", "sad"}),
    ({"in": []}, set()),
    ({"not_in": ["good"]}, {"sad"}),
    ({"not_in": []}, {"glad", "sad", "calm"}),
    ({"not": "good"}, {"sad"}),
    ({"not": None}, {"glad", "sad"}),
    ({"not": {"in": ["bad"]}}, {"glad"}),
    ({"not": {"equals": "bad"}}, {"glad"}),
    ({"equals": None}, {"calm"}),
    ({"in": ["good", "bad"], "not": "bad"}, {"glad"}),
]


@pytest.mark.parametrize("kind", ["texts", "members"])
async def test_enum_filters(db: Any, package: Any, kind: str) -> None:
    await db.user.create_many([{"name": "glad", "mood": "good"}, {"name": "sad", "mood": "bad"}, {"name": "calm"}])

    def made(value: Any) -> Any:
        """Return a condition with members of the enum's class, where the test is about them."""
        if isinstance(value, dict):
            return {name: made(operand) for name, operand in value.items()}
        if isinstance(value, list):
            return [made(each) for each in value]
        return import_module(f"{package.__name__}.enums").Mood(value) if value and kind == "members" else value

    cases = [(made(condition), names) for condition, names in MOODS]
    assert await _found(db, "mood", cases) == _expected(cases)


UNIQUE: list[tuple[dict[str, Any], bool]] = [
    ({"score": 3}, True),
    ({"score": {"gt": 3}}, False),
    ({"mood": None}, True),
    ({"AND": [{"score": 3}, {"active": True}]}, True),
    ({"AND": {"score": 4}}, False),
    ({"OR": [{"score": 4}, {"active": True}]}, True),
    ({"OR": [{"score": 4}, {"active": False}]}, False),
    ({"NOT": {"score": 3}}, False),
    ({"NOT": [{"score": 4}]}, True),
    ({"posts": {"some": {"title": "first"}}}, True),
    ({"posts": {"none": {}}}, False),
    ({"profile": None}, True),
    ({"id": 1}, True),
    ({"id": 2}, False),
]


async def test_unique_key_with_more_conditions(db: Any, ada: Any) -> None:
    found: list[tuple[str, list[int | None]]] = []
    for condition, _ in UNIQUE:
        where = {"name": "Ada", **condition}
        manager = db.tx()
        tx = await manager.start()
        records = [await tx.user.find_unique(where), await tx.user.update({"ratio": 1.0}, where)]
        records.append(await tx.user.delete(where))
        await manager.rollback()
        found.append((str(condition), [record and record.id for record in records]))
    assert found == [(str(condition), [ada.id if holds else None] * 3) for condition, holds in UNIQUE]


async def test_compound_key_with_more_conditions(db: Any, ada: Any) -> None:
    key = {"title_views": {"title": "first", "views": 5}}
    found = [
        await db.post.find_unique({**key, **condition})
        for condition in ({"author": {"is": {"name": "Ada"}}}, {"authorId": None}, {"OR": [{"id": 99}, {"views": 5}]})
    ]
    assert [post and post.title for post in found] == ["first", None, "first"]


SINGLE: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"AND": {"score": 3, "active": True}}, {"AND": [{"score": 3, "active": True}]}, "Ada"),
    ({"AND": {"score": 4}}, {"AND": [{"score": 4}]}, "Bob"),
    ({"NOT": {"score": 3}}, {"NOT": [{"score": 3}]}, "Bob"),
    ({"NOT": {"score": 4}}, {"NOT": [{"score": 4}]}, "Ada"),
    ({"AND": {"NOT": {"AND": {"name": "Bob"}}}}, {"AND": [{"NOT": [{"AND": [{"name": "Bob"}]}]}]}, "Ada"),
    ({"posts": {"some": {"NOT": {"views": 0}}}}, {"posts": {"some": {"NOT": [{"views": 0}]}}}, "Ada"),
]


async def test_single_condition_instead_of_a_list(db: Any, ada: Any) -> None:
    await db.user.create({"name": "Bob", "score": 4})
    found = [(str(single), await _names(db, single)) for single, _, _ in SINGLE]
    listed = [(str(single), await _names(db, several)) for single, several, _ in SINGLE]
    assert found == listed == [(str(single), {name}) for single, _, name in SINGLE]


async def test_single_condition_instead_of_a_list_in_having(db: Any, ada: Any) -> None:
    await db.user.create({"name": "Bob", "score": 4})
    groups = [
        await db.user.group_by(["name"], having=having)
        for having in ({"NOT": {"name": "Ada"}}, {"AND": {"score": {"_max": {"lt": 4}}}})
    ]
    assert groups == [[{"name": "Bob"}], [{"name": "Ada"}]]
