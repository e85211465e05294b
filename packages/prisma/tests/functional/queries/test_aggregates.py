"""Actions that 0.15.0 did not have: aggregate, bulk writes that return records, limits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from prisma.errors import DataError, FieldNotFoundError, InputError, UniqueViolationError

pytestmark = pytest.mark.schema("blog")


@pytest.fixture
async def users(db: Any) -> None:
    """Five users with scores 1 to 5, of whom two have a price."""
    await db.user.create_many(
        [
            {"name": name, "score": score, "price": price, "active": score % 2 == 1}
            for score, (name, price) in enumerate(
                (("a", None), ("b", Decimal("1.5")), ("c", None), ("d", Decimal("2.5")), ("e", None)), 1
            )
        ]
    )


async def test_aggregate(db: Any, users: None) -> None:
    everything = {"count": {"_all": True, "price": True}, "avg": {"score": True, "price": True}}
    result = await db.user.aggregate(**everything, sum={"score": True}, min={"name": True}, max={"price": True})
    assert result == {
        "_count": {"_all": 5, "price": 2},
        "_avg": {"score": 3.0, "price": Decimal(2)},
        "_sum": {"score": 15},
        "_min": {"name": "a"},
        "_max": {"price": Decimal("2.5")},
    }
    assert await db.user.aggregate(count=True, where={"score": {"gt": 3}}) == {"_count": {"_all": 2}}
    page = await db.user.aggregate(sum={"score": True}, order={"score": "desc"}, take=2, skip=1)
    assert page == {"_sum": {"score": 7}}
    first = await db.user.find_first(where={"name": "d"})
    cut = await db.user.aggregate(max={"name": True}, cursor={"id": first.id}, order={"id": "asc"}, count=True)
    assert cut == {"_max": {"name": "e"}, "_count": {"_all": 2}}
    assert await db.user.aggregate(sum={"score": True}, where={"name": "x"}) == {"_sum": {"score": None}}


async def test_wrong_aggregates(db: Any) -> None:
    with pytest.raises(DataError):
        await db.user.aggregate()
    with pytest.raises(FieldNotFoundError, match=r"sum\.name"):
        await db.user.aggregate(sum={"name": True})
    with pytest.raises(InputError, match="`sum` must be a dictionary, not list"):
        await db.user.aggregate(sum=["score"])
    with pytest.raises(FieldNotFoundError, match=r"include\._count\.select\.name"):
        await db.user.find_many(include={"_count": {"select": {"name": {"where": {}}}}})


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


async def test_group_by_ordered_by_aggregates(db: Any, users: None) -> None:
    async def groups(order: Any, **arguments: Any) -> list[bool]:
        return [group["active"] for group in await db.user.group_by(["active"], order=order, **arguments)]

    assert await groups({"_count": {"id": "asc"}}) == [False, True]
    assert await groups({"_sum": {"score": "desc"}}) == [True, False]
    assert await groups([{"_max": {"score": "asc"}}, {"active": "asc"}], count=True) == [False, True]
    assert await groups({"_avg": {"price": "asc"}}, take=1) == [False]


async def test_negative_take_and_count_with_order(db: Any, users: None) -> None:
    assert (await db.user.find_first(order={"score": "asc"}, take=-1)).name == "e"
    assert (await db.user.find_first_or_raise(where={"active": True}, order={"score": "asc"}, take=1)).name == "a"
    first = await db.user.find_first(where={"name": "b"})
    assert await db.user.count(order={"id": "desc"}, cursor={"id": first.id}) == 2
    assert await db.user.count(order={"id": "asc"}, cursor={"id": first.id}) == 4
