# Made by tools/async_to_sync.py from client/_async/batch.py: change that file and run the tool.
"""Batches: writes that are collected and then run in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias, cast

from prisma.client import failures, skipping
from prisma.client._sync.executor import execute
from prisma.client._sync.hooks import through
from prisma.client._sync.session import PoolSession, Session
from prisma.client._sync.transaction import SyncTransactionManager, isolation_word
from prisma.client.extension import OPERATIONS, Extensions, Operation
from prisma.client.fragments import Sql, statement
from prisma.client.races import Race
from prisma.client.raw import parameter
from prisma.drivers._sync.protocol import Connection
from prisma.errors import DataError

if TYPE_CHECKING:
    from typing import LiteralString, Self

    from prisma.client._sync.client import SyncPrisma

# A batch ends when its writes do.
_LONG: Final = timedelta(days=1)

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
        if client._extensions is not None:  # pyright: ignore[reportPrivateUsage]
            self._commit_hooked(client._extensions, queue)  # pyright: ignore[reportPrivateUsage]
            return
        session = client._opened()  # pyright: ignore[reportPrivateUsage]
        with failures.translated(client._schema):  # pyright: ignore[reportPrivateUsage]
            self._commit(session, queue)

    def _commit(self, session: Session, queue: Sequence[_Action | _Statement]) -> None:
        client = self._client
        level = isolation_word(client._transaction_options.get("isolation_level"))  # pyright: ignore[reportPrivateUsage]
        race = Race(client._schema)  # pyright: ignore[reportPrivateUsage]
        # What raw SQL does may outlive its transaction, and inside one of the caller's nothing can be tried again.
        repeats = isinstance(session, PoolSession) and all(len(entry) == 3 for entry in queue)
        entry = queue[0]

        def run(connection: Connection) -> None:
            nonlocal entry
            for entry in queue:
                self._run(connection, entry)

        while True:
            try:
                return session.atomically(run, level)
            except DataError as error:
                if not (repeats and len(entry) == 3 and race.is_lost(error.__cause__, *entry)):
                    raise

    def _commit_hooked(self, extensions: Extensions, queue: Sequence[_Action | _Statement]) -> None:
        """Run what is queued through the hooks of the client's extensions."""
        with SyncTransactionManager(client=self._client, timeout=_LONG) as tx:
            plain = tx._without_extensions()  # pyright: ignore[reportPrivateUsage]
            for entry in queue:
                if len(entry) == 2:
                    tx.execute_raw(cast("Any", entry[0]), *entry[1])
                    continue
                model, action, arguments = entry
                given = {key: value for key, value in arguments.items() if value is not None}
                name = OPERATIONS[action]
                through(
                    extensions.hooks(model, name),
                    Operation(model, name, given, tx),
                    lambda chosen, model=model, action=action: plain._execute(model, action, chosen),  # pyright: ignore[reportPrivateUsage]
                )

    def _run(self, connection: Connection, entry: _Action | _Statement) -> None:
        client = self._client
        if len(entry) == 2:
            sql, args = entry
            with failures.translated(client._schema, raw=sql):  # pyright: ignore[reportPrivateUsage]
                connection.execute_raw(sql, [parameter(arg) for arg in args])
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
