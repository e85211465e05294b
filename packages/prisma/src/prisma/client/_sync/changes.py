# Made by tools/async_to_sync.py from client/_async/changes.py: change that file and run the tool.
"""Actions that update and delete records."""

from __future__ import annotations

from typing import Any, Generic, overload

from prisma.client._sync.actions import SyncActions
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


class SyncChanges(
    SyncActions[ModelT], Generic[ModelT, WhereT, UniqueT, IncludeT, SelectT, OmitT, RowT, LoadT, UpdateT, UpdateManyT]
):
    """Changing records, and deleting them."""

    @overload
    def update(
        self,
        data: UpdateT,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        relation_load_strategy: LoadT | None = None,
    ) -> ModelT | None: ...

    @overload
    def update(
        self,
        data: UpdateT,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        select: type[ShapeT],
        relation_load_strategy: LoadT | None = None,
    ) -> ShapeT | None: ...

    @overload
    def update(
        self,
        data: UpdateT,
        where: UniqueT,
        include: None = None,
        *,
        select: SelectT,
        relation_load_strategy: LoadT | None = None,
    ) -> RowT | None: ...

    @overload
    def update(
        self,
        data: UpdateT,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        omit: OmitT,
        relation_load_strategy: LoadT | None = None,
    ) -> RowT | None: ...

    def update(
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

            record = db.user.update(where={"id": "id"}, data={"name": "name"})
        """
        return self._query(
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

    def update_many(
        self,
        data: UpdateManyT,
        where: WhereT,
        *,
        limit: int | None = None,
    ) -> int:
        """Change all records that match, at most `limit`, and return how many there were.

        Example:

            count = db.user.update_many(where={"email": "a@b.c"}, data={"name": "name"})
        """
        return self._query("updateMany", {"data": data, "where": where, "limit": limit})

    @overload
    def delete(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        relation_load_strategy: LoadT | None = None,
    ) -> ModelT | None: ...

    @overload
    def delete(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        select: type[ShapeT],
        relation_load_strategy: LoadT | None = None,
    ) -> ShapeT | None: ...

    @overload
    def delete(
        self,
        where: UniqueT,
        include: None = None,
        *,
        select: SelectT,
        relation_load_strategy: LoadT | None = None,
    ) -> RowT | None: ...

    @overload
    def delete(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
        *,
        omit: OmitT,
        relation_load_strategy: LoadT | None = None,
    ) -> RowT | None: ...

    def delete(
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

            record = db.user.delete(where={"id": "id"})
        """
        return self._query(
            "deleteOne",
            {
                "where": where,
                "include": include,
                "relation_load_strategy": relation_load_strategy,
                "select": select,
                "omit": omit,
            },
        )

    def delete_many(
        self,
        where: WhereT | None = None,
        *,
        limit: int | None = None,
    ) -> int:
        """Delete all records that match, at most `limit`, and return how many there were.

        Example:

            count = db.user.delete_many(where={"name": "name"})
        """
        return self._query("deleteMany", {"where": where, "limit": limit})


class SyncReturningChanges(SyncActions[ModelT], Generic[ModelT, WhereT, IncludeT, SelectT, OmitT, RowT, UpdateManyT]):
    """Changing many records, where the database returns them."""

    @overload
    def update_many_and_return(
        self,
        data: UpdateManyT,
        where: WhereT,
        *,
        limit: int | None = None,
        include: IncludeT | None = None,
    ) -> list[ModelT]: ...

    @overload
    def update_many_and_return(
        self,
        data: UpdateManyT,
        where: WhereT,
        *,
        select: type[ShapeT],
        limit: int | None = None,
        include: IncludeT | None = None,
    ) -> list[ShapeT]: ...

    @overload
    def update_many_and_return(
        self,
        data: UpdateManyT,
        where: WhereT,
        *,
        select: SelectT,
        limit: int | None = None,
        include: None = None,
    ) -> list[RowT]: ...

    @overload
    def update_many_and_return(
        self,
        data: UpdateManyT,
        where: WhereT,
        *,
        omit: OmitT,
        limit: int | None = None,
        include: IncludeT | None = None,
    ) -> list[RowT]: ...

    def update_many_and_return(
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

            records = db.user.update_many_and_return(where={"email": "a@b.c"}, data={"name": "name"})
        """
        return self._query(
            "updateManyAndReturn",
            {"data": data, "where": where, "limit": limit, "include": include, "select": select, "omit": omit},
        )
