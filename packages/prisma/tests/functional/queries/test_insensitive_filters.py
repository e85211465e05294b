"""Comparisons that ignore case: no character of the text is a pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from prisma import Prisma

NAMES = ("a_b", "A_B", "axb", "a%b", "ab", "a\\b", "A\\B", "a\\_b", "%", "_", "\\", "", "É_", "é_", "éx", "q'\"_")

# Filters on the name → whether it is to be equal.
FILTERS: dict[str, tuple[Any, bool]] = {
    "equals": (lambda name: {"equals": name}, True),
    "not": (lambda name: {"not": name}, False),
    "not equals": (lambda name: {"not": {"equals": name}}, False),
    "in": (lambda name: {"in": [name, "nobody"]}, True),
    "not_in": (lambda name: {"not_in": [name]}, False),
}


@pytest.fixture
async def names(db: Prisma) -> None:
    await db.user.create_many([{"email": f"{number}@example.com", "name": name} for number, name in enumerate(NAMES)])


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("name", FILTERS)
async def test_text_is_not_a_pattern(db: Prisma, name: str) -> None:
    made, is_equal = FILTERS[name]
    found: dict[str, set[str | None]] = {}
    for text in NAMES:
        where: Any = {"AND": [{"name": {**made(text), "mode": "insensitive"}}]}
        found[text] = {user.name for user in await db.user.find_many(where=where)}
    assert found == {name: {other for other in NAMES if (other.lower() == name.lower()) is is_equal} for name in NAMES}


@pytest.mark.usefixtures("names")
async def test_a_field_is_not_a_pattern(db: Prisma) -> None:
    await db.execute_raw("UPDATE users SET \"avatar\" = CASE name WHEN 'axb' THEN 'A_B' ELSE upper(name) END")
    equal: Any = {"name": {"equals": db.user.fields.avatar, "mode": "insensitive"}}
    assert {user.name for user in await db.user.find_many(where={"NOT": equal})} == {"axb"}


async def test_text_in_json_is_not_a_pattern(db: Prisma) -> None:
    await db.user.create({"id": "ada", "email": "ada@example.com"})
    texts = ("a_b", "A_B", "axb", "\\", "%")
    rows: list[Any] = [{"name": text, "userId": "ada", "settings": {"x": text}} for text in texts]
    await db.project.create_many(rows)
    found: list[set[str]] = []
    for text in texts:
        where: Any = {"settings": {"path": ["x"], "equals": text, "mode": "insensitive"}}
        found.append({project.name for project in await db.project.find_many(where=where)})
    assert found == [{"a_b", "A_B"}, {"a_b", "A_B"}, {"axb"}, {"\\"}, {"%"}]


@pytest.mark.usefixtures("names")
async def test_changes_and_groups(db: Prisma) -> None:
    name: Any = {"name": {"equals": "A_b", "mode": "insensitive"}}
    groups: list[Any] = await db.user.group_by(["name"], having=name, order={"name": "asc"})
    counts = [await db.user.count(where=name), await db.user.update_many({"avatar": "x"}, name)]
    assert (sorted(group["name"] for group in groups), counts) == (["A_B", "a_b"], [2, 2])
