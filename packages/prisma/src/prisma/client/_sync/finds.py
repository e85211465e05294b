# Made by tools/async_to_sync.py from client/_async/finds.py: change that file and run the tool.
"""Actions that find many records."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Generic, overload

from prisma.client._sync.actions import SyncActions
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


class SyncFinds(
    SyncActions[ModelT], Generic[ModelT, WhereT, UniqueT, IncludeT, SelectT, OmitT, RowT, OrderT, KeysT, LoadT]
):
    """Finding all records that match."""

    @overload
    def find_many(
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
    def find_many(
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
    def find_many(
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
    def find_many(
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

    def find_many(
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

            records = db.user.find_many(take=10, order={"id": "asc"})
        """
        return self._query(
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
    ) -> Generator[ModelT, None, None]: ...

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
    ) -> Generator[ShapeT, None, None]: ...

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
    ) -> Generator[RowT, None, None]: ...

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
    ) -> Generator[RowT, None, None]: ...

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
    ) -> Generator[Any, None, None]:
        """Yield the records that match, one by one and in constant memory.

        The database hands out `batch_size` of them at a time (default 1,000), from a cursor inside a transaction.

        Example:

            for record in db.user.stream(order={"id": "asc"}):
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
