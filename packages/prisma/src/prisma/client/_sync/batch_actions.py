# Made by tools/async_to_sync.py from client/_async/batch_actions.py: change that file and run the tool.
"""The writes that a batch takes for one model: the bases of generated classes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import GenericAlias
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from prisma.client._sync.batch import SyncBatch
from prisma.client.action_types import CreateT, IncludeT, RowCreateT, UniqueT, UpdateManyT, UpdateT, UpsertT, WhereT
from prisma.client.request.call import Call


class SyncBatchActions:
    """What a batch takes for a view: nothing."""

    _prisma_model: ClassVar[str]

    if not TYPE_CHECKING:
        # As for actions.
        __class_getitem__ = classmethod(GenericAlias)

    def __init__(self, batcher: SyncBatch) -> None:
        self._batcher = batcher

    def _queue(self, action: str, arguments: Mapping[str, Any]) -> None:
        self._batcher._queue.append(Call(self._prisma_model, action, arguments))  # pyright: ignore[reportPrivateUsage]


class SyncUncreatableBatchActions(SyncBatchActions, Generic[WhereT, UniqueT, IncludeT, UpdateT, UpdateManyT]):
    """What a batch takes for a model with a required field that no client can give."""

    def update(
        self,
        data: UpdateT,
        where: UniqueT,
        include: IncludeT | None = None,
    ) -> None:
        """Queue `update`."""
        self._queue("updateOne", {"data": data, "where": where, "include": include})

    def update_many(
        self,
        data: UpdateManyT,
        where: WhereT,
        *,
        limit: int | None = None,
    ) -> None:
        """Queue `update_many`."""
        self._queue("updateMany", {"data": data, "where": where, "limit": limit})

    def delete(
        self,
        where: UniqueT,
        include: IncludeT | None = None,
    ) -> None:
        """Queue `delete`."""
        self._queue("deleteOne", {"where": where, "include": include})

    def delete_many(
        self,
        where: WhereT | None = None,
        *,
        limit: int | None = None,
    ) -> None:
        """Queue `delete_many`."""
        self._queue("deleteMany", {"where": where, "limit": limit})


class SyncTableBatchActions(
    SyncUncreatableBatchActions[WhereT, UniqueT, IncludeT, UpdateT, UpdateManyT],
    Generic[WhereT, UniqueT, IncludeT, UpdateT, UpdateManyT, CreateT, RowCreateT, UpsertT],
):
    """What a batch takes for a model."""

    def create(
        self,
        data: CreateT,
        include: IncludeT | None = None,
    ) -> None:
        """Queue `create`."""
        self._queue("createOne", {"data": data, "include": include})

    def create_many(
        self,
        data: Iterable[RowCreateT],
        *,
        skip_duplicates: bool | None = None,
    ) -> None:
        """Queue `create_many`."""
        self._queue("createMany", {"data": data, "skip_duplicates": skip_duplicates})

    def upsert(
        self,
        where: UniqueT,
        data: UpsertT,
        include: IncludeT | None = None,
    ) -> None:
        """Queue `upsert`."""
        self._queue("upsertOne", {"where": where, "data": data, "include": include})
