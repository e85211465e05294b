"""A connection whose statements are seen by an observer: the one wrapper for events, spans and metrics."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from time import perf_counter
from typing import TypeVar

from prisma.client.telemetry.observer import ObservedStatement, Observer
from prisma.dialects.dialect import Dialect
from prisma.drivers._async.protocol import Connection
from prisma.drivers.results import RawRows

T = TypeVar("T")


class ObservedConnection:
    """A connection that shows each statement to an observer.

    Methods that send a statement go through `_observed`; the others are passed on. A client without handlers, spans
    and metrics has no such wrapper around its connections.
    """

    __slots__ = ("_connection", "_observer", "dialect")

    def __init__(self, connection: Connection, observer: Observer) -> None:
        self._connection = connection
        self._observer = observer
        self.dialect: Dialect = connection.dialect

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    async def query(self, sql: str, args: Sequence[object]) -> Sequence[Mapping[str, object]]:
        return await self._observed(self._connection.query, (sql, args), sql, args)

    async def execute(self, sql: str, args: Sequence[object]) -> int:
        return await self._observed(self._connection.execute, (sql, args), sql, args)

    async def insert(self, sql: str, args: Sequence[object]) -> int:
        return await self._observed(self._connection.insert, (sql, args), sql, args)

    async def query_raw(self, sql: str, args: Sequence[object]) -> RawRows:
        return await self._observed(self._connection.query_raw, (sql, args), sql, args)

    async def execute_raw(self, sql: str, args: Sequence[object]) -> int:
        return await self._observed(self._connection.execute_raw, (sql, args), sql, args)

    async def open_cursor(self, name: str, sql: str, args: Sequence[object]) -> None:
        await self._observed(self._connection.open_cursor, (name, sql, args), sql, args)

    async def fetch(self, name: str, count: int) -> Sequence[Mapping[str, object]]:
        sql = self.dialect.fetch_cursor(name, count)
        return await self._observed(self._connection.fetch, (name, count), sql)

    async def close_cursor(self, name: str) -> None:
        await self._observed(self._connection.close_cursor, (name,), self.dialect.close_cursor(name))

    async def command(self, sql: str) -> None:
        await self._observed(self._connection.command, (sql,), sql)

    async def begin(self, isolation_level: str | None = None, settings: Mapping[str, str] | None = None) -> None:
        # Without the level and the settings: an event has one text for all transactions, and no values.
        sql = self.dialect.begin()
        await self._observed(self._connection.begin, (isolation_level, settings), sql, span="start_transaction")

    async def begin_to_read(self, settings: Mapping[str, str] | None = None) -> None:
        sql = self.dialect.begin_to_read()
        await self._observed(self._connection.begin_to_read, (settings,), sql, span="start_transaction")

    async def set_local(self, settings: Mapping[str, str]) -> None:
        # Without the settings, for the same reason.
        await self._observed(self._connection.set_local, (settings,), self.dialect.set_local(len(settings)))

    async def execute_ahead(self, sql: str, args: Sequence[object]) -> None:
        await self._observed(self._connection.execute_ahead, (sql, args), sql, args)

    def alone(self, settings: Mapping[str, str]) -> None:
        self._connection.alone(settings)

    def commit_along(self) -> None:
        self._connection.commit_along()

    async def commit(self) -> None:
        await self._observed(self._connection.commit, (), "COMMIT", span="commit_transaction")

    async def rollback(self) -> None:
        await self._observed(self._connection.rollback, (), "ROLLBACK", span="rollback_transaction")

    async def array_types(self, sql: str) -> Sequence[str | None]:
        # The statement itself follows, and is what counts.
        return await self._connection.array_types(sql)

    async def cancel(self) -> None:
        await self._connection.cancel()

    def terminate(self) -> None:
        self._connection.terminate()

    async def _observed(
        self,
        work: Callable[..., Awaitable[T]],
        args: tuple[object, ...],
        sql: str,
        params: Sequence[object] = (),
        *,
        span: str = "db_query",
    ) -> T:
        observer = self._observer
        if observer.tracing is not None or observer.events.about_answers:
            with ObservedStatement(observer, sql, params, span, self.dialect.system):
                return await work(*args)
        # Measured alone, as for a client whose metrics are read, a statement needs no object of its own.
        start = perf_counter()
        try:
            answer = await work(*args)
        except BaseException as error:
            observer.failed(sql, perf_counter() - start, error)
            raise
        observer.measured(perf_counter() - start)
        return answer
