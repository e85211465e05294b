"""Actions that find one record."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Generic, overload

from prisma.client._async.actions import AsyncActions
from prisma.client._async.fluent import coroutine_function
from prisma.client.action_types import (
    FoundT,
    IncludeT,
    KeysT,
    LoadT,
    ModelT,
    OmitT,
    OrderT,
    RowT,
    SelectT,
    ShapeT,
    SureT,
    UniqueT,
    WhereT,
)


class AsyncUniqueFinds(
    AsyncActions[ModelT], Generic[ModelT, FoundT, SureT, UniqueT, IncludeT, SelectT, OmitT, RowT, LoadT]
):
    """Finding the record with a key."""

    @overload
    def find_unique(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        relation_load_strategy: LoadT | None = None,
    ) -> FoundT: ...

    @overload
    def find_unique(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        select: type[ShapeT],
        relation_load_strategy: LoadT | None = None,
    ) -> Coroutine[Any, Any, ShapeT | None]: ...

    @overload
    def find_unique(
        self,
        where: UniqueT,
        include: None = None,
        *,
        select: SelectT,
        relation_load_strategy: LoadT | None = None,
    ) -> Coroutine[Any, Any, RowT | None]: ...

    @overload
    def find_unique(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        omit: OmitT,
        relation_load_strategy: LoadT | None = None,
    ) -> Coroutine[Any, Any, RowT | None]: ...

    @coroutine_function
    def find_unique(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        relation_load_strategy: LoadT | None = None,
        select: SelectT | type[Any] | None = None,
        omit: OmitT | None = None,
    ) -> Any:
        """Return the record with the given key; None if there is no such record.

        Example:

            record = await db.user.find_unique(where={"id": "id"})
        """
        return self._fluent(
            self,
            "findUnique",
            {
                "where": where,
                "include": include,
                "relation_load_strategy": relation_load_strategy,
                "select": select,
                "omit": omit,
            },
        )

    @overload
    def find_unique_or_raise(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        relation_load_strategy: LoadT | None = None,
    ) -> SureT: ...

    @overload
    def find_unique_or_raise(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        select: type[ShapeT],
        relation_load_strategy: LoadT | None = None,
    ) -> Coroutine[Any, Any, ShapeT]: ...

    @overload
    def find_unique_or_raise(
        self,
        where: UniqueT,
        include: None = None,
        *,
        select: SelectT,
        relation_load_strategy: LoadT | None = None,
    ) -> Coroutine[Any, Any, RowT]: ...

    @overload
    def find_unique_or_raise(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        omit: OmitT,
        relation_load_strategy: LoadT | None = None,
    ) -> Coroutine[Any, Any, RowT]: ...

    @coroutine_function
    def find_unique_or_raise(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        relation_load_strategy: LoadT | None = None,
        select: SelectT | type[Any] | None = None,
        omit: OmitT | None = None,
    ) -> Any:
        """Return the record with the given key; RecordNotFoundError if there is no such record.

        Example:

            record = await db.user.find_unique_or_raise(where={"id": "id"})
        """
        return self._fluent(
            self,
            "findUniqueOrThrow",
            {
                "where": where,
                "include": include,
                "relation_load_strategy": relation_load_strategy,
                "select": select,
                "omit": omit,
            },
        )


class AsyncFirstFinds(
    AsyncActions[ModelT],
    Generic[ModelT, FoundT, SureT, WhereT, UniqueT, IncludeT, SelectT, OmitT, RowT, OrderT, KeysT, LoadT],
):
    """Finding the first record that matches."""

    @overload
    def find_first(
        self,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: IncludeT | None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        take: int | None = None,
        relation_load_strategy: LoadT | None = None,
    ) -> FoundT: ...

    @overload
    def find_first(
        self,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: IncludeT | None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        select: type[ShapeT],
        take: int | None = None,
        relation_load_strategy: LoadT | None = None,
    ) -> Coroutine[Any, Any, ShapeT | None]: ...

    @overload
    def find_first(
        self,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        select: SelectT,
        take: int | None = None,
        relation_load_strategy: LoadT | None = None,
    ) -> Coroutine[Any, Any, RowT | None]: ...

    @overload
    def find_first(
        self,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: IncludeT | None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        omit: OmitT,
        take: int | None = None,
        relation_load_strategy: LoadT | None = None,
    ) -> Coroutine[Any, Any, RowT | None]: ...

    @coroutine_function
    def find_first(
        self,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: IncludeT | None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        take: int | None = None,
        relation_load_strategy: LoadT | None = None,
        select: SelectT | type[Any] | None = None,
        omit: OmitT | None = None,
    ) -> Any:
        """Return the first record that matches; None if there is no such record.

        Example:

            record = await db.user.find_first(where={"email": "a@b.c"})
        """
        return self._fluent(
            self,
            "findFirst",
            {
                "skip": skip,
                "where": where,
                "cursor": cursor,
                "include": include,
                "order": order,
                "distinct": distinct,
                "take": take,
                "relation_load_strategy": relation_load_strategy,
                "select": select,
                "omit": omit,
            },
        )

    @overload
    def find_first_or_raise(
        self,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: IncludeT | None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        take: int | None = None,
        relation_load_strategy: LoadT | None = None,
    ) -> SureT: ...

    @overload
    def find_first_or_raise(
        self,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: IncludeT | None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        select: type[ShapeT],
        take: int | None = None,
        relation_load_strategy: LoadT | None = None,
    ) -> Coroutine[Any, Any, ShapeT]: ...

    @overload
    def find_first_or_raise(
        self,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        select: SelectT,
        take: int | None = None,
        relation_load_strategy: LoadT | None = None,
    ) -> Coroutine[Any, Any, RowT]: ...

    @overload
    def find_first_or_raise(
        self,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: IncludeT | None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        omit: OmitT,
        take: int | None = None,
        relation_load_strategy: LoadT | None = None,
    ) -> Coroutine[Any, Any, RowT]: ...

    @coroutine_function
    def find_first_or_raise(
        self,
        skip: int | None = None,
        where: WhereT | None = None,
        cursor: UniqueT | None = None,
        include: IncludeT | None = None,
        order: OrderT | list[OrderT] | None = None,
        distinct: list[KeysT] | None = None,
        *,
        take: int | None = None,
        relation_load_strategy: LoadT | None = None,
        select: SelectT | type[Any] | None = None,
        omit: OmitT | None = None,
    ) -> Any:
        """Return the first record that matches; RecordNotFoundError if there is no such record.

        Example:

            record = await db.user.find_first_or_raise(where={"email": "a@b.c"})
        """
        return self._fluent(
            self,
            "findFirstOrThrow",
            {
                "skip": skip,
                "where": where,
                "cursor": cursor,
                "include": include,
                "order": order,
                "distinct": distinct,
                "take": take,
                "relation_load_strategy": relation_load_strategy,
                "select": select,
                "omit": omit,
            },
        )
