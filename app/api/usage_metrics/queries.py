"""The queries for usage metrics."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.api import records
from app.api.usage_metrics.schemas import Dimension, UsageSum
from app.http.time_ranges import between
from prisma import Json

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from app.api.usage_metrics.schemas import UsageCreate
    from app.http.pagination import Window
    from app.http.sparse_fields import Fields, Row
    from prisma import Prisma

# Sums as text: a number of JSON would not keep all digits of a cost.
_REPORT = """
SELECT CASE WHEN $1::bool THEN to_char(date_trunc('day', "date"), 'YYYY-MM-DD') END AS day,
  CASE WHEN $2::bool THEN endpoint END AS endpoint,
  CASE WHEN $3::bool THEN "userId" END AS "userId",
  sum(requests) AS requests, sum(tokens) AS tokens, sum(embeddings) AS embeddings, sum(cost)::text AS cost
FROM usage_metrics
WHERE ($4::text IS NULL OR "userId" = $4)
  AND ($5::timestamptz IS NULL OR "date" >= $5::timestamptz AT TIME ZONE 'UTC')
  AND ($6::timestamptz IS NULL OR "date" < $6::timestamptz AT TIME ZONE 'UTC')
  AND ($7::text IS NULL OR endpoint = $7)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 LIMIT $8::int OFFSET $9::int
"""
_COLUMNS = {Dimension.DAY: "day", Dimension.ENDPOINT: "endpoint", Dimension.USER: "userId"}


async def list_usage(
    tx: Prisma,
    user_id: str,
    window: Window,
    fields: Fields,
    *,
    endpoint: str | None,
    since: datetime | None,
    until: datetime | None,
) -> list[Row]:
    """Return a page's records of a user, latest first; `since` counts in, `until` does not."""
    where: dict[str, Any] = {"userId": user_id}
    if endpoint is not None:
        where["endpoint"] = endpoint
    if period := between(since, until):
        where["date"] = period
    return await records.find_page(tx.usagemetric, where, window, fields)


async def find_usage(tx: Prisma, user_id: str, id: str, fields: Fields) -> Row:
    """Return a record; NotFoundError."""
    return await records.find(tx.usagemetric, {"id": id, "userId": user_id}, fields, "usage_metric")


async def record_usage(tx: Prisma, user_id: str, usage: UsageCreate, fields: Fields) -> Row:
    """Write a record and return it."""
    return await records.create(tx.usagemetric, _stored(user_id, usage), fields)


async def record_batch(tx: Prisma, user_id: str, usages: Sequence[UsageCreate]) -> int:
    """Write records in one statement and return how many."""
    rows: list[Any] = [_stored(user_id, usage) for usage in usages]
    return await tx.usagemetric.create_many(data=rows)


async def report(
    tx: Prisma,
    user_id: str | None,
    by: Collection[Dimension],
    *,
    since: datetime | None,
    until: datetime | None,
    endpoint: str | None,
    take: int,
    skip: int,
) -> list[UsageSum]:
    """Return sums by group; of one user, or of all that the transaction sees."""
    rows = await tx.query_raw(
        _REPORT, *(dimension in by for dimension in Dimension), user_id, since, until, endpoint, take, skip
    )
    hidden = {_COLUMNS[dimension] for dimension in Dimension if dimension not in by}
    # Without groups, nothing is one group of nothing.
    return [_sum(row, hidden) for row in rows if row["cost"] is not None]


def _sum(row: dict[str, Any], hidden: Collection[str]) -> UsageSum:
    shown = UsageSum(**{name: value for name, value in row.items() if name not in hidden})
    shown["cost"] = Decimal(row["cost"])
    return shown


def _stored(user_id: str, usage: UsageCreate) -> dict[str, Any]:
    data = usage.model_dump(exclude_none=True)
    if usage.metadata is not None:
        data["metadata"] = Json(usage.metadata)
    return {**data, "userId": user_id}
