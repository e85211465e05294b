"""Batches: writes that are collected and then run in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from prisma.client._async.compilation import program_for
from prisma.client._async.core import Core, OnCore
from prisma.client._async.executor import execute
from prisma.client._async.hooks import through
from prisma.client._async.raw import execute_raw
from prisma.client._async.session import PoolSession, Session
from prisma.client._async.transaction import TransactionManager, checked_level
from prisma.client.explain import failures
from prisma.client.extension import Extensions, Operation
from prisma.client.planning.upsert_races import Race
from prisma.client.raw_sql.rows import parameters
from prisma.client.raw_sql.sql import Sql, statement
from prisma.client.request.call import Call
from prisma.client.request.names import OPERATIONS
from prisma.client.request.skip import without_skipped
from prisma.drivers._async.protocol import Connection
from prisma.errors import DataError

if TYPE_CHECKING:
    from typing import LiteralString, Self

# A batch ends when its writes do.
_LONG: Final = timedelta(days=1)

_Statement: TypeAlias = tuple[str, Sequence[Any]]


class AsyncBatch:
    """A queue of writes. `commit` runs them in order in one transaction and discards their results."""

    def __init__(self, client: OnCore) -> None:
        self._core = Core.of(client)
        self._queue: list[Call | _Statement] = []

    def execute_raw(self, query: LiteralString | Sql, *args: Any) -> None:
        """Queue raw SQL."""
        self._queue.append(statement(query, args, self._core.schema.provider))

    async def commit(self) -> None:
        """Run what is queued, all or nothing, and empty the queue.

        Raises:
            DataError: one of the writes failed; none of them took effect.
        """
        queue, self._queue = self._queue, []
        if not queue:
            return
        core = self._core
        if core.extensions is not None:
            await self._commit_hooked(core.extensions, queue)
            return
        session = await core.link.opened()
        with failures.translated(core.schema):
            await self._commit(session, queue)

    async def _commit(self, session: Session, queue: Sequence[Call | _Statement]) -> None:
        level = checked_level(self._core.transaction_options.get("isolation_level"))
        race = Race(self._core.schema)
        # What raw SQL does may outlive its transaction, and inside one of the caller's nothing can be tried again.
        repeats = isinstance(session, PoolSession) and all(isinstance(entry, Call) for entry in queue)
        entry = queue[0]

        async def run(connection: Connection) -> None:
            nonlocal entry
            for entry in queue:
                await self._run(connection, entry)

        while True:
            try:
                return await session.atomically(run, level)
            except DataError as error:
                if not (repeats and isinstance(entry, Call) and race.is_lost(error.__cause__, entry)):
                    raise

    async def _commit_hooked(self, extensions: Extensions, queue: Sequence[Call | _Statement]) -> None:
        """Run what is queued through the hooks of the client's extensions."""
        client: OnCore = self._core.client
        async with TransactionManager(client=client, timeout=_LONG) as tx:
            core = Core.of(tx)
            plain = core.extended(None)
            for entry in queue:
                if not isinstance(entry, Call):
                    await execute_raw(core, entry[0], entry[1])
                    continue
                model, action = entry.model, entry.action
                arguments = without_skipped(entry.arguments)
                given = {key: value for key, value in arguments.items() if value is not None}
                name = OPERATIONS[action]
                await through(
                    extensions.hooks(model, name),
                    Operation(model, name, given, tx),
                    lambda chosen, model=model, action=action: plain.execute(
                        Call(model, action, chosen, plain.omissions)
                    ),
                )

    async def _run(self, connection: Connection, entry: Call | _Statement) -> None:
        core = self._core
        if not isinstance(entry, Call):
            sql, args = entry
            with failures.translated(core.schema, raw=sql):
                await connection.execute_raw(sql, parameters(args))
            return
        with failures.translated(core.schema, entry.model):
            program, values, numbers = await program_for(core.link.plans, entry)
            await execute(connection, program, values, numbers)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if exc is None:
            await self.commit()
