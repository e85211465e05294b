# Made by tools/async_to_sync.py from client/_async/single_finds.py: change that file and run the tool.
"""Actions that find one record."""

from __future__ import annotations

from typing import Any, Generic, overload

from prisma.client._sync.actions import SyncActions
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


class SyncUniqueFinds(
    SyncActions[ModelT], Generic[ModelT, FoundT, SureT, UniqueT, IncludeT, SelectT, OmitT, RowT, LoadT]
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
    ) -> ShapeT | None: ...

    @overload
    def find_unique(
        self,
        where: UniqueT,
        include: None = None,
        *,
        select: SelectT,
        relation_load_strategy: LoadT | None = None,
    ) -> RowT | None: ...

    @overload
    def find_unique(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        omit: OmitT,
        relation_load_strategy: LoadT | None = None,
    ) -> RowT | None: ...

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

            record = db.user.find_unique(where={"id": "id"})
        """
        return self._query(
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
    ) -> ShapeT: ...

    @overload
    def find_unique_or_raise(
        self,
        where: UniqueT,
        include: None = None,
        *,
        select: SelectT,
        relation_load_strategy: LoadT | None = None,
    ) -> RowT: ...

    @overload
    def find_unique_or_raise(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        omit: OmitT,
        relation_load_strategy: LoadT | None = None,
    ) -> RowT: ...

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

            record = db.user.find_unique_or_raise(where={"id": "id"})
        """
        return self._query(
            "findUniqueOrThrow",
            {
                "where": where,
                "include": include,
                "relation_load_strategy": relation_load_strategy,
                "select": select,
                "omit": omit,
            },
        )


class SyncFirstFinds(
    SyncActions[ModelT],
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
    ) -> ShapeT | None: ...

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
    ) -> RowT | None: ...

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
    ) -> RowT | None: ...

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

            record = db.user.find_first(where={"email": "a@b.c"})
        """
        return self._query(
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
    ) -> ShapeT: ...

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
    ) -> RowT: ...

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
    ) -> RowT: ...

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

            record = db.user.find_first_or_raise(where={"email": "a@b.c"})
        """
        return self._query(
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
