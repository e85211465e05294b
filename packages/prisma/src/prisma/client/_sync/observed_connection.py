# Made by tools/async_to_sync.py from client/_async/observed_connection.py: change that file and run the tool.
"""A connection whose statements are seen by an observer: the one wrapper for events, spans and metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import TypeVar

from prisma.client.telemetry.observer import ObservedStatement, Observer
from prisma.dialects.dialect import Dialect
from prisma.drivers._sync.protocol import Connection
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

    def query(self, sql: str, args: Sequence[object]) -> Sequence[Mapping[str, object]]:
        return self._observed(self._connection.query, (sql, args), sql, args)

    def execute(self, sql: str, args: Sequence[object]) -> int:
        return self._observed(self._connection.execute, (sql, args), sql, args)

    def insert(self, sql: str, args: Sequence[object]) -> int:
        return self._observed(self._connection.insert, (sql, args), sql, args)

    def query_raw(self, sql: str, args: Sequence[object]) -> RawRows:
        return self._observed(self._connection.query_raw, (sql, args), sql, args)

    def execute_raw(self, sql: str, args: Sequence[object]) -> int:
        return self._observed(self._connection.execute_raw, (sql, args), sql, args)

    def open_cursor(self, name: str, sql: str, args: Sequence[object]) -> None:
        self._observed(self._connection.open_cursor, (name, sql, args), sql, args)

    def fetch(self, name: str, count: int) -> Sequence[Mapping[str, object]]:
        sql = self.dialect.fetch_cursor(name, count)
        return self._observed(self._connection.fetch, (name, count), sql)

    def close_cursor(self, name: str) -> None:
        self._observed(self._connection.close_cursor, (name,), self.dialect.close_cursor(name))

    def command(self, sql: str) -> None:
        self._observed(self._connection.command, (sql,), sql)

    def begin(self, isolation_level: str | None = None, settings: Mapping[str, str] | None = None) -> None:
        # Without the level and the settings: an event has one text for all transactions, and no values.
        sql = self.dialect.begin()
        self._observed(self._connection.begin, (isolation_level, settings), sql, span="start_transaction")

    def begin_to_read(self, settings: Mapping[str, str] | None = None) -> None:
        sql = self.dialect.begin_to_read()
        self._observed(self._connection.begin_to_read, (settings,), sql, span="start_transaction")

    def set_local(self, settings: Mapping[str, str]) -> None:
        # Without the settings, for the same reason.
        self._observed(self._connection.set_local, (settings,), self.dialect.set_local(len(settings)))

    def execute_ahead(self, sql: str, args: Sequence[object]) -> None:
        self._observed(self._connection.execute_ahead, (sql, args), sql, args)

    def alone(self, settings: Mapping[str, str]) -> None:
        self._connection.alone(settings)

    def commit_along(self) -> None:
        self._connection.commit_along()

    def commit(self) -> None:
        self._observed(self._connection.commit, (), "COMMIT", span="commit_transaction")

    def rollback(self) -> None:
        self._observed(self._connection.rollback, (), "ROLLBACK", span="rollback_transaction")

    def array_types(self, sql: str) -> Sequence[str | None]:
        # The statement itself follows, and is what counts.
        return self._connection.array_types(sql)

    def cancel(self) -> None:
        self._connection.cancel()

    def terminate(self) -> None:
        self._connection.terminate()

    def _observed(
        self,
        work: Callable[..., T],
        args: tuple[object, ...],
        sql: str,
        params: Sequence[object] = (),
        *,
        span: str = "db_query",
    ) -> T:
        observer = self._observer
        if observer.tracing is not None or observer.events.about_answers:
            with ObservedStatement(observer, sql, params, span, self.dialect.system):
                return work(*args)
        # Measured alone, as for a client whose metrics are read, a statement needs no object of its own.
        start = perf_counter()
        try:
            answer = work(*args)
        except BaseException as error:
            observer.failed(sql, perf_counter() - start, error)
            raise
        observer.measured(perf_counter() - start)
        return answer
