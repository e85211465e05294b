# Made by tools/async_to_sync.py from client/_async/batch.py: change that file and run the tool.
"""Batches: writes that are collected and then run in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from prisma.client import failures, skipping
from prisma.client._sync.executor import execute
from prisma.client._sync.transaction import isolation_word
from prisma.client.fragments import Sql, statement
from prisma.client.raw import parameter
from prisma.drivers._sync.protocol import Connection

if TYPE_CHECKING:
    from typing import LiteralString, Self

    from prisma.client._sync.client import SyncPrisma

_Action: TypeAlias = tuple[str, str, Mapping[str, Any]]
_Statement: TypeAlias = tuple[str, Sequence[Any]]


class SyncBatch:
    """A queue of writes. `commit` runs them in order in one transaction and discards their results."""

    def __init__(self, client: SyncPrisma) -> None:
        self._client = client
        self._queue: list[_Action | _Statement] = []

    def execute_raw(self, query: LiteralString | Sql, *args: Any) -> None:
        """Queue raw SQL."""
        self._queue.append(statement(query, args))

    def commit(self) -> None:
        """Run what is queued, all or nothing, and empty the queue.

        Raises:
            DataError: one of the writes failed; none of them took effect.
        """
        queue, self._queue = self._queue, []
        if not queue:
            return
        client = self._client
        session = client._opened()  # pyright: ignore[reportPrivateUsage]
        level = isolation_word(client._transaction_options.get("isolation_level"))  # pyright: ignore[reportPrivateUsage]

        def run(connection: Connection) -> None:
            for entry in queue:
                self._run(connection, entry)

        with failures.translated(client._schema):  # pyright: ignore[reportPrivateUsage]
            session.atomically(run, level)

    def _run(self, connection: Connection, entry: _Action | _Statement) -> None:
        client = self._client
        if len(entry) == 2:
            sql, args = entry
            with failures.translated(client._schema, raw=True):  # pyright: ignore[reportPrivateUsage]
                connection.execute(sql, [parameter(arg) for arg in args])
            return
        model, action, arguments = entry
        with failures.translated(client._schema, model):  # pyright: ignore[reportPrivateUsage]
            program, values, numbers = client._link.plans.program(model, action, arguments)  # pyright: ignore[reportPrivateUsage]
            execute(connection, program, values, numbers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if exc is None:
            self.commit()


class SyncBatchActions:
    """The writes of one model, to be queued."""

    _prisma_model: ClassVar[str]

    def __init__(self, batcher: SyncBatch) -> None:
        self._batcher = batcher

    def _queue(self, action: str, arguments: Mapping[str, Any]) -> None:
        if skipping.in_use:
            arguments = skipping.kept(arguments)
        self._batcher._queue.append((self._prisma_model, action, arguments))  # pyright: ignore[reportPrivateUsage]
