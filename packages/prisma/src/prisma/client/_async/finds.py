"""Actions that find many records."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any, Generic, overload

from prisma.client._async.actions import AsyncActions
from prisma.client.action_types import (
    IncludeT,
    KeysT,
    LoadT,
    ModelT,
    OmitT,
    OrderT,
    RowT,
    SelectT,
    ShapeT,
    UniqueT,
    WhereT,
)


class AsyncFinds(
    AsyncActions[ModelT], Generic[ModelT, WhereT, UniqueT, IncludeT, SelectT, OmitT, RowT, OrderT, KeysT, LoadT]
):
    """Finding all records that match."""

    @overload
    async def find_many(
        self,
        take: int | None = None,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: IncludeT | None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        relation_load_strategy: LoadT | None = None,
    ) -> list[ModelT]: ...

    @overload
    async def find_many(
        self,
        take: int | None = None,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: IncludeT | None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        select: type[ShapeT],
        relation_load_strategy: LoadT | None = None,
    ) -> list[ShapeT]: ...

    @overload
    async def find_many(
        self,
        take: int | None = None,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        select: SelectT,
        relation_load_strategy: LoadT | None = None,
    ) -> list[RowT]: ...

    @overload
    async def find_many(
        self,
        take: int | None = None,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: IncludeT | None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        omit: OmitT,
        relation_load_strategy: LoadT | None = None,
    ) -> list[RowT]: ...

    async def find_many(
        self,
        take: int | None = None,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: IncludeT | None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        relation_load_strategy: LoadT | None = None,
        select: SelectT | type[Any] | None = None,
        omit: OmitT | None = None,
    ) -> Any:
        """Return the records that match.

        A negative `take` counts from the end; `cursor` names the record to start at.

        Example:

            records = await db.user.find_many(take=10, order={"id": "asc"})
        """
        return await self._query(
            "findMany",
            {
                "take": take,
                "skip": skip,
                "where": where,
                "cursor": cursor,
                "include": include,
                "order": order,
                "distinct": distinct,
                "relation_load_strategy": relation_load_strategy,
                "select": select,
                "omit": omit,
            },
        )

    @overload
    def stream(
        self,
        take: int | None = None,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: IncludeT | None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        batch_size: int | None = None,
    ) -> AsyncGenerator[ModelT, None]: ...

    @overload
    def stream(
        self,
        take: int | None = None,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: IncludeT | None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        select: type[ShapeT],
        batch_size: int | None = None,
    ) -> AsyncGenerator[ShapeT, None]: ...

    @overload
    def stream(
        self,
        take: int | None = None,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        select: SelectT,
        batch_size: int | None = None,
    ) -> AsyncGenerator[RowT, None]: ...

    @overload
    def stream(
        self,
        take: int | None = None,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: IncludeT | None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        omit: OmitT,
        batch_size: int | None = None,
    ) -> AsyncGenerator[RowT, None]: ...

    def stream(
        self,
        take: int | None = None,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: IncludeT | None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        select: SelectT | type[Any] | None = None,
        omit: OmitT | None = None,
        batch_size: int | None = None,
    ) -> AsyncGenerator[Any, None]:
        """Yield the records that match, one by one and in constant memory.

        The database hands out `batch_size` of them at a time (default 1,000), from a cursor inside a transaction.

        Example:

            async for record in db.user.stream(order={"id": "asc"}):
                print(record)
        """
        return self._stream(
            {
                "take": take,
                "skip": skip,
                "where": where,
                "cursor": cursor,
                "include": include,
                "order": order,
                "distinct": distinct,
                "select": select,
                "omit": omit,
            },
            batch_size,
        )
