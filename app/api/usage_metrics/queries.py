"""The queries for usage metrics."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.api import records
from app.api.usage_metrics.schemas import Dimension, UsageSum
from app.http.time_ranges import between
from prisma import Json, empty, join, sql

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from app.api.usage_metrics.schemas import UsageCreate
    from app.http.pagination import Window
    from app.http.sparse_fields import Fields, Row
    from prisma import Prisma

# What a report groups by. PostgreSQL knows how many days there are by the statistics of this very expression
# (migrations/…_growth), and so that their sums fit into memory.
_GROUPS = {
    Dimension.DAY: sql("date_trunc('day', \"date\")"),
    Dimension.ENDPOINT: sql("endpoint"),
    Dimension.USER: sql('"userId"'),
}
_SHOWN = {**_GROUPS, Dimension.DAY: sql("to_char(date_trunc('day', \"date\"), 'YYYY-MM-DD') AS day")}
# The sums of costs are text: a number of JSON would not keep all digits.
_SUMS = sql("sum(requests) AS requests, sum(tokens) AS tokens, sum(embeddings) AS embeddings, sum(cost)::text AS cost")
_ALL = sql("true")


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
    groups = [each for each in Dimension if each in by]
    conditions = [
        *([] if user_id is None else [sql('"userId" = {}', user_id)]),
        *([] if since is None else [sql("\"date\" >= {}::timestamptz AT TIME ZONE 'UTC'", since)]),
        *([] if until is None else [sql("\"date\" < {}::timestamptz AT TIME ZONE 'UTC'", until)]),
        *([] if endpoint is None else [sql("endpoint = {}", endpoint)]),
    ]
    grouped = join((_GROUPS[each] for each in groups), ", ") if groups else None
    rows = await tx.query_raw(
        sql(
            "SELECT {} FROM usage_metrics WHERE {}{} LIMIT {}::int OFFSET {}::int",
            join([*(_SHOWN[each] for each in groups), _SUMS]),
            join(conditions or [_ALL], " AND "),
            empty if grouped is None else sql(" GROUP BY {} ORDER BY {}", grouped, grouped),
            take,
            skip,
        )
    )
    # Without groups, no rows are one row without sums.
    return [_sum(row) for row in rows if row["cost"] is not None]


def _sum(row: dict[str, Any]) -> UsageSum:
    shown = UsageSum(**row)
    shown["cost"] = Decimal(row["cost"])
    return shown


def _stored(user_id: str, usage: UsageCreate) -> dict[str, Any]:
    data = usage.model_dump(exclude_none=True)
    if usage.metadata is not None:
        data["metadata"] = Json(usage.metadata)
    return {**data, "userId": user_id}
