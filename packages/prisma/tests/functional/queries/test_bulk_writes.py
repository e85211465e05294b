"""Writes of many records: returned records, limits and skipped duplicates."""

from __future__ import annotations

from typing import Any

import pytest

from prisma.errors import InputError, UniqueViolationError

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]


@pytest.mark.needs("returning")
@pytest.mark.needs("skip_duplicates")
async def test_create_many_and_return(db: Any, ada: Any) -> None:
    made = await db.user.create_many_and_return([{"name": "b", "score": 1}, {"name": "c"}])
    assert [(type(user).__name__, user.name, user.score) for user in made] == [("User", "b", 1), ("User", "c", 0)]
    with pytest.raises(UniqueViolationError):
        await db.user.create_many_and_return([{"name": "b"}])
    again = await db.user.create_many_and_return(data=[{"name": "b"}, {"name": "d"}], skip_duplicates=True)
    assert [user.name for user in again] == ["d"]
    posts = await db.post.create_many_and_return([{"title": "t", "authorId": ada.id}], include={"author": True})
    assert [(post.title, post.author.name) for post in posts] == [("t", "Ada")]
    assert await db.user.create_many_and_return([{"name": "e"}], omit={"id": True}) == [
        {**dict.fromkeys(("big", "ratio", "price", "mood", "born", "data", "raw")), "name": "e", "score": 0}
        | {"active": True, "tags": []}
    ]


@pytest.mark.needs("returning")
async def test_update_many_and_return(db: Any, users: None) -> None:
    changed = await db.user.update_many_and_return({"score": {"increment": 10}}, {"name": {"in": ["a", "b"]}})
    assert sorted((user.name, user.score) for user in changed) == [("a", 11), ("b", 12)]
    assert await db.user.update_many_and_return(data={"score": 0}, where={"name": "x"}) == []
    one = await db.user.update_many_and_return({"score": 0}, {}, limit=1, select={"score": True})
    assert one == [{"score": 0}]


async def test_limit(db: Any, users: None) -> None:
    assert await db.user.update_many({"score": 9}, {}, limit=2) == 2
    assert await db.user.count(where={"score": 9}) == 2
    assert await db.user.delete_many({"score": {"not": 9}}, limit=1) == 1
    assert await db.user.delete_many(limit=3) == 3
    assert await db.user.count() == 1
    with pytest.raises(InputError, match="`limit` must not be negative"):
        await db.user.delete_many(limit=-1)


async def test_limit_in_batches(db: Any, users: None) -> None:
    async with db.batch_() as batch:
        batch.user.update_many({"score": 9}, {}, limit=2)
        batch.user.delete_many(limit=3)
    assert await db.user.count() == 2
