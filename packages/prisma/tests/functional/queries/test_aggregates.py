"""`aggregate`, and the order and pages of `group_by` and `count`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from prisma.errors import DataError, FieldNotFoundError, InputError

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]


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


@pytest.mark.needs("nulls_last")
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
