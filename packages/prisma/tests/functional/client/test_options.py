"""The size of the plan cache."""

from __future__ import annotations

from typing import Any

import pytest

from prisma import Prisma


@pytest.mark.parametrize(("size", "kept", "hits"), [(0, 0, 0), (2, 2, 1), (1000, 3, 3)])
async def test_query_plan_cache_max_size(url: str, size: int, kept: int, hits: int) -> None:
    from prisma._generated.metadata import SCHEMA
    from prisma.client.planning.plans import Plans

    # Clients of one process share their plans; start from none.
    Plans._instances.clear()  # pyright: ignore[reportPrivateUsage]
    async with Prisma(datasource={"url": url}, query_plan_cache_max_size=size) as db:
        users: list[Any] = []
        for _ in range(2):
            users.append(await db.user.find_many(take=3, skip=1))
            users.append(await db.user.find_first(where={"email": "x"}))
            users.append(await db.user.count())
            users.append(await db.user.count())
    plans = Plans.of(SCHEMA, "public", size)
    assert (len(plans._programs), plans.hits >= hits, users) == (kept, True, [[], None, 0, 0] * 2)  # pyright: ignore[reportPrivateUsage]


def test_a_negative_plan_cache_size() -> None:
    with pytest.raises(ValueError, match="must not be negative, got -1"):
        Prisma(query_plan_cache_max_size=-1)
