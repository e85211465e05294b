# Made by tools/async_to_sync.py from client/_async/metering.py: change that file and run the tool.
"""Metering: sessions and connections that time their operations. Only clients whose metrics are read use them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from prisma.client._sync.session import PoolSession, Work
from prisma.client.planning.plans import Runnable
from prisma.client.telemetry.meter import Meter
from prisma.drivers._sync.protocol import Connection
from prisma.drivers.results import RawRows

T = TypeVar("T")


class MeteredSession(PoolSession):
    """A session in another one's place, with its pool and its meter."""

    def __init__(self, session: PoolSession) -> None:
        super().__init__(session.pool, session.observer)
        self.meter = session.meter
        self.meter.unmeasured = self.meter.operations

    def run(self, program: Runnable, values: Sequence[object], numbers: Sequence[int]) -> Any:
        """Run a program and return its result."""
        return self.timed(super().run, program, values, numbers)

    def use(self, work: Work[T]) -> T:
        """Do some work with a connection that nothing else uses meanwhile."""
        return self.timed(super().use, work)  # pyright: ignore[reportReturnType]

    def timed(self, operation: Callable[..., T], *args: Any) -> T:
        """Do an operation and note how long it took, also when it failed."""
        meter = self.meter
        meter.active += 1
        start = time.perf_counter()
        try:
            return operation(*args)
        finally:
            meter.active -= 1
            meter.durations.observe(time.perf_counter() - start)

    def acquire(self, max_wait: float | None = None) -> Connection:
        """Wait for a connection; `max_wait` seconds for a transaction."""
        start = time.perf_counter()
        try:
            return super().acquire(max_wait)
        finally:
            self.meter.waits.observe(time.perf_counter() - start)

    def observed(self, connection: Connection) -> Connection:
        """Return the connection, with a clock at its side."""
        return MeteredConnection(super().observed(connection), self.meter)


class MeteredConnection:
    """A connection that times each statement."""

    def __init__(self, connection: Connection, meter: Meter) -> None:
        self._connection = connection
        self._statements = meter.statements

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def query(self, sql: str, args: Sequence[object]) -> Sequence[Mapping[str, object]]:
        return self._timed(self._connection.query, sql, args)

    def execute(self, sql: str, args: Sequence[object]) -> int:
        return self._timed(self._connection.execute, sql, args)

    def execute_raw(self, sql: str, args: Sequence[object]) -> int:
        return self._timed(self._connection.execute_raw, sql, args)

    def array_types(self, sql: str) -> Sequence[str | None]:
        return self._connection.array_types(sql)

    def query_raw(self, sql: str, args: Sequence[object]) -> RawRows:
        return self._timed(self._connection.query_raw, sql, args)

    def open_cursor(self, name: str, sql: str, args: Sequence[object]) -> None:
        self._timed(self._connection.open_cursor, name, sql, args)

    def fetch_cursor(self, name: str, count: int) -> Sequence[Mapping[str, object]]:
        return self._timed(self._connection.fetch_cursor, name, count)

    def close_cursor(self, name: str) -> None:
        self._timed(self._connection.close_cursor, name)

    def execute_script(self, sql: str) -> None:
        self._timed(self._connection.execute_script, sql)

    def begin(self, isolation_level: str | None = None) -> None:
        self._timed(self._connection.begin, isolation_level)

    def commit(self) -> None:
        self._timed(self._connection.commit)

    def rollback(self) -> None:
        self._timed(self._connection.rollback)

    def savepoint(self, name: str) -> None:
        self._timed(self._connection.savepoint, name)

    def release_savepoint(self, name: str) -> None:
        self._timed(self._connection.release_savepoint, name)

    def rollback_to_savepoint(self, name: str) -> None:
        self._timed(self._connection.rollback_to_savepoint, name)

    def cancel(self) -> None:
        self._connection.cancel()

    def terminate(self) -> None:
        self._connection.terminate()

    def _timed(self, work: Callable[..., T], *args: object) -> T:
        start = time.perf_counter()
        try:
            return work(*args)
        finally:
            self._statements.observe(time.perf_counter() - start)
