"""The queries for the counters of rate limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.api import records

if TYPE_CHECKING:
    from app.http.pagination import Window
    from app.http.sparse_fields import Fields, Row
    from prisma import Prisma


async def list_rate_limits(
    tx: Prisma, window: Window, fields: Fields, *, identifier: str | None, endpoint: str | None
) -> list[Row]:
    """Return a page's counts, newest first."""
    filters = {"identifier": identifier, "endpoint": endpoint}
    where = {name: value for name, value in filters.items() if value is not None}
    return await records.find_page(tx.ratelimit, {**where, **records.EVERY}, window, fields)


async def reset_one(tx: Prisma, id: str) -> None:
    """Remove a count; NotFoundError."""
    await records.remove(tx.ratelimit, {"id": id}, "rate_limit")


async def reset_identifier(tx: Prisma, identifier: str) -> int:
    """Remove all counts of an identifier, a block too, and return how many there were."""
    return await tx.ratelimit.delete_many(where={"identifier": identifier})
