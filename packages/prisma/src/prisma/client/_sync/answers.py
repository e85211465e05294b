# Made by tools/async_to_sync.py from client/_async/answers.py: change that file and run the tool.
"""Actions that answer with something else than records by key: counts, aggregates, and rows of raw SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, overload

from prisma.client._sync.actions import SyncActions
from prisma.client.action_types import AggregateT, CountedT, CountT, ModelT, NumbersT, OmitT, OrderT, UniqueT, WhereT

if TYPE_CHECKING:
    from typing import LiteralString

    from prisma.client.raw_sql.sql import Sql


class SyncAnswers(
    SyncActions[ModelT], Generic[ModelT, WhereT, UniqueT, OmitT, OrderT, CountT, CountedT, NumbersT, AggregateT]
):
    """Counting and aggregating, and raw SQL."""

    @overload
    def count(
        self,
        select: None = None,
        take: int | None = None,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        *,
        order: OrderT | list[OrderT] | None = None,
    ) -> int: ...

    @overload
    def count(
        self,
        select: CountT,
        take: int | None = None,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        *,
        order: OrderT | list[OrderT] | None = None,
    ) -> CountedT: ...

    def count(
        self,
        select: Any = None,
        take: int | None = None,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        *,
        order: OrderT | list[OrderT] | None = None,
    ) -> int | CountedT:
        """Count the records that match.

        With `select`, count the values of fields that are not null; "_all" counts records.

        Example:

            count = db.user.count(where={"name": "name"})
        """
        return self._count(select=select, take=take, skip=skip, where=where, cursor=cursor, order=order)

    def aggregate(
        self,
        *,
        where: WhereT | None = None,
        order: OrderT | list[OrderT] | None = None,
        cursor: UniqueT | None = None,
        take: int | None = None,
        skip: int | None = None,
        count: bool | CountT | None = None,
        avg: NumbersT | None = None,
        sum: NumbersT | None = None,
        min: OmitT | None = None,
        max: OmitT | None = None,
    ) -> AggregateT:
        """Aggregate the records that match.

        The result has the keys `_count`, `_avg`, `_sum`, `_min` and `_max` that were asked for.

        Example:

            result = db.user.aggregate(count=True)
        """
        return self._aggregate(
            where=where,
            order=order,
            cursor=cursor,
            take=take,
            skip=skip,
            count=count,
            avg=avg,
            sum=sum,
            min=min,
            max=max,
        )

    def query_raw(self, query: LiteralString | Sql, *args: Any) -> list[ModelT]:
        """Run SQL and return its rows as records.

        Example:

            records = db.user.query_raw('SELECT * FROM users LIMIT $1', 10)
        """
        return self._query_raw(query, *args)

    def query_first(self, query: LiteralString | Sql, *args: Any) -> ModelT | None:
        """Run SQL and return its first row as a record; None if there are no rows.

        Example:

            record = db.user.query_first('SELECT * FROM users')
        """
        return self._query_first(query, *args)
