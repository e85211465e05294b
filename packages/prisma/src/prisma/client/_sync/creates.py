# Made by tools/async_to_sync.py from client/_async/creates.py: change that file and run the tool.
"""Actions that create records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, overload

from prisma.client._sync.actions import SyncActions
from prisma.client.action_types import (
    CreateT,
    IncludeT,
    LoadT,
    ModelT,
    OmitT,
    RowCreateT,
    RowT,
    SelectT,
    ShapeT,
    UniqueT,
    UpsertT,
)


class SyncCreates(
    SyncActions[ModelT], Generic[ModelT, UniqueT, IncludeT, SelectT, OmitT, RowT, LoadT, CreateT, RowCreateT, UpsertT]
):
    """Creating records."""

    @overload
    def create(
        self,
        data: CreateT,
        include: IncludeT | None = None,
        *,
        relation_load_strategy: LoadT | None = None,
    ) -> ModelT: ...

    @overload
    def create(
        self,
        data: CreateT,
        include: IncludeT | None = None,
        *,
        select: type[ShapeT],
        relation_load_strategy: LoadT | None = None,
    ) -> ShapeT: ...

    @overload
    def create(
        self,
        data: CreateT,
        include: None = None,
        *,
        select: SelectT,
        relation_load_strategy: LoadT | None = None,
    ) -> RowT: ...

    @overload
    def create(
        self,
        data: CreateT,
        include: IncludeT | None = None,
        *,
        omit: OmitT,
        relation_load_strategy: LoadT | None = None,
    ) -> RowT: ...

    def create(
        self,
        data: CreateT,
        include: IncludeT | None = None,
        *,
        relation_load_strategy: LoadT | None = None,
        select: SelectT | type[Any] | None = None,
        omit: OmitT | None = None,
    ) -> Any:
        """Create a record and return it.

        Example:

            record = db.user.create(data={"email": "a@b.c"})
        """
        return self._query(
            "createOne",
            {
                "data": data,
                "include": include,
                "relation_load_strategy": relation_load_strategy,
                "select": select,
                "omit": omit,
            },
        )

    def create_many(
        self,
        data: Iterable[RowCreateT],
        *,
        skip_duplicates: bool | None = None,
    ) -> int:
        """Create several records at once and return how many were created.

        Any number of rows is written in constant memory, all or none; `data` may be a generator.

        Example:

            count = db.user.create_many(data=[{"email": "a@b.c"}])
        """
        return self._query("createMany", {"data": data, "skip_duplicates": skip_duplicates})

    @overload
    def upsert(
        self,
        where: UniqueT,
        data: UpsertT,
        include: IncludeT | None = None,
        *,
        relation_load_strategy: LoadT | None = None,
    ) -> ModelT: ...

    @overload
    def upsert(
        self,
        where: UniqueT,
        data: UpsertT,
        include: IncludeT | None = None,
        *,
        select: type[ShapeT],
        relation_load_strategy: LoadT | None = None,
    ) -> ShapeT: ...

    @overload
    def upsert(
        self,
        where: UniqueT,
        data: UpsertT,
        include: None = None,
        *,
        select: SelectT,
        relation_load_strategy: LoadT | None = None,
    ) -> RowT: ...

    @overload
    def upsert(
        self,
        where: UniqueT,
        data: UpsertT,
        include: IncludeT | None = None,
        *,
        omit: OmitT,
        relation_load_strategy: LoadT | None = None,
    ) -> RowT: ...

    def upsert(
        self,
        where: UniqueT,
        data: UpsertT,
        include: IncludeT | None = None,
        *,
        relation_load_strategy: LoadT | None = None,
        select: SelectT | type[Any] | None = None,
        omit: OmitT | None = None,
    ) -> Any:
        """Change a record, or create it if there is no such record, and return it.

        Example:

            record = db.user.upsert(
                where={"id": "id"},
                data={"create": {"email": "a@b.c"}, "update": {"name": "name"}},
            )
        """
        return self._query(
            "upsertOne",
            {
                "where": where,
                "data": data,
                "include": include,
                "relation_load_strategy": relation_load_strategy,
                "select": select,
                "omit": omit,
            },
        )


class SyncReturningCreates(SyncActions[ModelT], Generic[ModelT, IncludeT, SelectT, OmitT, RowT, RowCreateT]):
    """Creating many records, where the database returns them."""

    @overload
    def create_many_and_return(
        self,
        data: Iterable[RowCreateT],
        *,
        skip_duplicates: bool | None = None,
        include: IncludeT | None = None,
    ) -> list[ModelT]: ...

    @overload
    def create_many_and_return(
        self,
        data: Iterable[RowCreateT],
        *,
        select: type[ShapeT],
        skip_duplicates: bool | None = None,
        include: IncludeT | None = None,
    ) -> list[ShapeT]: ...

    @overload
    def create_many_and_return(
        self,
        data: Iterable[RowCreateT],
        *,
        select: SelectT,
        skip_duplicates: bool | None = None,
        include: None = None,
    ) -> list[RowT]: ...

    @overload
    def create_many_and_return(
        self,
        data: Iterable[RowCreateT],
        *,
        omit: OmitT,
        skip_duplicates: bool | None = None,
        include: IncludeT | None = None,
    ) -> list[RowT]: ...

    def create_many_and_return(
        self,
        data: Iterable[RowCreateT],
        *,
        skip_duplicates: bool | None = None,
        include: IncludeT | None = None,
        select: SelectT | type[Any] | None = None,
        omit: OmitT | None = None,
    ) -> Any:
        """Create several records at once and return those that were created.

        `include` takes relations to one record that are there already.

        Example:

            records = db.user.create_many_and_return(data=[{"email": "a@b.c"}])
        """
        return self._query(
            "createManyAndReturn",
            {"data": data, "skip_duplicates": skip_duplicates, "include": include, "select": select, "omit": omit},
        )
