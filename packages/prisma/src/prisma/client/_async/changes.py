"""Actions that update and delete records."""

from __future__ import annotations

from typing import Any, Generic, overload

from prisma.client._async.actions import AsyncActions
from prisma.client.action_types import (
    IncludeT,
    LoadT,
    ModelT,
    OmitT,
    RowT,
    SelectT,
    ShapeT,
    UniqueT,
    UpdateManyT,
    UpdateT,
    WhereT,
)


class AsyncChanges(
    AsyncActions[ModelT], Generic[ModelT, WhereT, UniqueT, IncludeT, SelectT, OmitT, RowT, LoadT, UpdateT, UpdateManyT]
):
    """Changing records, and deleting them."""

    @overload
    async def update(
        self,
        data: UpdateT,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        relation_load_strategy: LoadT | None = None,
    ) -> ModelT | None: ...

    @overload
    async def update(
        self,
        data: UpdateT,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        select: type[ShapeT],
        relation_load_strategy: LoadT | None = None,
    ) -> ShapeT | None: ...

    @overload
    async def update(
        self,
        data: UpdateT,
        where: UniqueT,
        include: None = None,
        *,
        select: SelectT,
        relation_load_strategy: LoadT | None = None,
    ) -> RowT | None: ...

    @overload
    async def update(
        self,
        data: UpdateT,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        omit: OmitT,
        relation_load_strategy: LoadT | None = None,
    ) -> RowT | None: ...

    async def update(
        self,
        data: UpdateT,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        relation_load_strategy: LoadT | None = None,
        select: SelectT | type[Any] | None = None,
        omit: OmitT | None = None,
    ) -> Any:
        """Change a record and return it; None if there is no such record.

        Example:

            record = await db.user.update(where={"id": "id"}, data={"name": "name"})
        """
        return await self._query(
            "updateOne",
            {
                "data": data,
                "where": where,
                "include": include,
                "relation_load_strategy": relation_load_strategy,
                "select": select,
                "omit": omit,
            },
        )

    async def update_many(
        self,
        data: UpdateManyT,
        where: WhereT,
        *,
        limit: int | None = None,
    ) -> int:
        """Change all records that match, at most `limit`, and return how many there were.

        Example:

            count = await db.user.update_many(where={"email": "a@b.c"}, data={"name": "name"})
        """
        return await self._query("updateMany", {"data": data, "where": where, "limit": limit})

    @overload
    async def delete(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        relation_load_strategy: LoadT | None = None,
    ) -> ModelT | None: ...

    @overload
    async def delete(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        select: type[ShapeT],
        relation_load_strategy: LoadT | None = None,
    ) -> ShapeT | None: ...

    @overload
    async def delete(
        self,
        where: UniqueT,
        include: None = None,
        *,
        select: SelectT,
        relation_load_strategy: LoadT | None = None,
    ) -> RowT | None: ...

    @overload
    async def delete(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        omit: OmitT,
        relation_load_strategy: LoadT | None = None,
    ) -> RowT | None: ...

    async def delete(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        relation_load_strategy: LoadT | None = None,
        select: SelectT | type[Any] | None = None,
        omit: OmitT | None = None,
    ) -> Any:
        """Delete a record and return it as it was; None if there is no such record.

        Example:

            record = await db.user.delete(where={"id": "id"})
        """
        return await self._query(
            "deleteOne",
            {
                "where": where,
                "include": include,
                "relation_load_strategy": relation_load_strategy,
                "select": select,
                "omit": omit,
            },
        )

    async def delete_many(
        self,
        where: WhereT | None = None,
        *,
        limit: int | None = None,
    ) -> int:
        """Delete all records that match, at most `limit`, and return how many there were.

        Example:

            count = await db.user.delete_many(where={"name": "name"})
        """
        return await self._query("deleteMany", {"where": where, "limit": limit})


class AsyncReturningChanges(AsyncActions[ModelT], Generic[ModelT, WhereT, IncludeT, SelectT, OmitT, RowT, UpdateManyT]):
    """Changing many records, where the database returns them."""

    @overload
    async def update_many_and_return(
        self,
        data: UpdateManyT,
        where: WhereT,
        *,
        limit: int | None = None,
        include: IncludeT | None = None,
    ) -> list[ModelT]: ...

    @overload
    async def update_many_and_return(
        self,
        data: UpdateManyT,
        where: WhereT,
        *,
        select: type[ShapeT],
        limit: int | None = None,
        include: IncludeT | None = None,
    ) -> list[ShapeT]: ...

    @overload
    async def update_many_and_return(
        self,
        data: UpdateManyT,
        where: WhereT,
        *,
        select: SelectT,
        limit: int | None = None,
        include: None = None,
    ) -> list[RowT]: ...

    @overload
    async def update_many_and_return(
        self,
        data: UpdateManyT,
        where: WhereT,
        *,
        omit: OmitT,
        limit: int | None = None,
        include: IncludeT | None = None,
    ) -> list[RowT]: ...

    async def update_many_and_return(
        self,
        data: UpdateManyT,
        where: WhereT,
        *,
        limit: int | None = None,
        include: IncludeT | None = None,
        select: SelectT | type[Any] | None = None,
        omit: OmitT | None = None,
    ) -> Any:
        """Change all records that match, at most `limit`, and return them.

        `include` takes relations to one record.

        Example:

            records = await db.user.update_many_and_return(where={"email": "a@b.c"}, data={"name": "name"})
        """
        return await self._query(
            "updateManyAndReturn",
            {"data": data, "where": where, "limit": limit, "include": include, "select": select, "omit": omit},
        )
