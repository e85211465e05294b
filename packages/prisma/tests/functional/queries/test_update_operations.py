"""Operations in the data of updates: set, increment, push, and writes of related records."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]


@pytest.mark.parametrize("field", ["score", "big", "ratio"])
async def test_atomic_updates(db: Any, bob: Any, field: str) -> None:
    values = []
    for update in ({"set": 8}, {"increment": 2}, {"decrement": 4}, {"multiply": 3}, {"divide": 2}):
        changed = await db.user.update({field: update}, {"id": bob.id})
        values.append(getattr(changed, field))
    assert values == [8, 10, 6, 18, 9]


@pytest.mark.needs("scalar_lists")
async def test_list_updates(db: Any, bob: Any) -> None:
    values = []
    for update in (["a"], {"set": ["b"]}, {"push": ["c", "d"]}):
        changed = await db.user.update({"tags": update}, {"id": bob.id})
        values.append(changed.tags)
    assert values == [["a"], ["b"], ["b", "c", "d"]]


async def test_nested_creates(db: Any, bob: Any) -> None:
    where = {"title_views": {"title": "t", "views": 0}}
    user = await db.user.create(
        {
            "name": "Cy",
            "posts": {
                "create": [{"title": "new"}],
                "connect": [{"id": bob.posts[0].id}],
                "connect_or_create": [{"where": where, "create": {"title": "t"}}],
            },
        },
        include={"posts": {"order_by": {"title": "asc"}}},
    )
    assert [post.title for post in user.posts] == ["new", "t"]


async def test_nested_updates(db: Any, bob: Any) -> None:
    async def titles(update: Any) -> list[str]:
        user = await db.user.update(
            {"posts": update}, {"id": bob.id}, include={"posts": {"order_by": {"title": "asc"}}}
        )
        return [post.title for post in user.posts]

    old = bob.posts[0].id
    assert await titles({"create": [{"title": "n"}]}) == ["n", "t"]
    assert await titles({"disconnect": [{"id": old}]}) == ["n"]
    assert await titles({"connect": [{"id": old}]}) == ["n", "t"]
    assert await titles({"set": [{"id": old}]}) == ["t"]
    assert await titles({"delete": [{"id": old}]}) == []
    post = await db.post.create({"title": "p", "author": {"connect": {"id": bob.id}}})
    assert (await db.post.update({"author": {"disconnect": True}}, {"id": post.id})).authorId is None
    without = await db.user.update({"profile": {"delete": True}}, {"id": bob.id}, include={"profile": True})
    assert without.profile is None
