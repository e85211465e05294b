"""Observed connections: connections whose statements an observer sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from prisma.client.telemetry.observer import Observer
from prisma.drivers._async.protocol import Connection
from prisma.drivers.results import RawRows


class ObservedConnection:
    """A connection that shows each statement to an observer."""

    def __init__(self, connection: Connection, observer: Observer) -> None:
        self._connection = connection
        self._observer = observer

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    async def query(self, sql: str, args: Sequence[object]) -> Sequence[Mapping[str, object]]:
        with self._observer.statement(sql, args):
            return await self._connection.query(sql, args)

    async def execute(self, sql: str, args: Sequence[object]) -> int:
        with self._observer.statement(sql, args):
            return await self._connection.execute(sql, args)

    async def execute_raw(self, sql: str, args: Sequence[object]) -> int:
        with self._observer.statement(sql, args):
            return await self._connection.execute_raw(sql, args)

    async def array_types(self, sql: str) -> Sequence[str | None]:
        return await self._connection.array_types(sql)

    async def query_raw(self, sql: str, args: Sequence[object]) -> RawRows:
        with self._observer.statement(sql, args):
            return await self._connection.query_raw(sql, args)

    async def open_cursor(self, name: str, sql: str, args: Sequence[object]) -> None:
        with self._observer.statement(sql, args):
            await self._connection.open_cursor(name, sql, args)

    async def fetch_cursor(self, name: str, count: int) -> Sequence[Mapping[str, object]]:
        with self._observer.statement(f"FETCH FORWARD {count} FROM {name}"):
            return await self._connection.fetch_cursor(name, count)

    async def close_cursor(self, name: str) -> None:
        with self._observer.statement(f"CLOSE {name}"):
            await self._connection.close_cursor(name)

    async def execute_script(self, sql: str) -> None:
        with self._observer.statement(sql):
            await self._connection.execute_script(sql)

    async def begin(self, isolation_level: str | None = None) -> None:
        with self._observer.statement("BEGIN", span="start_transaction"):
            await self._connection.begin(isolation_level)

    async def commit(self) -> None:
        with self._observer.statement("COMMIT", span="commit_transaction"):
            await self._connection.commit()

    async def rollback(self) -> None:
        with self._observer.statement("ROLLBACK", span="rollback_transaction"):
            await self._connection.rollback()

    async def savepoint(self, name: str) -> None:
        with self._observer.statement(f"SAVEPOINT {name}"):
            await self._connection.savepoint(name)

    async def release_savepoint(self, name: str) -> None:
        with self._observer.statement(f"RELEASE SAVEPOINT {name}"):
            await self._connection.release_savepoint(name)

    async def rollback_to_savepoint(self, name: str) -> None:
        with self._observer.statement(f"ROLLBACK TO SAVEPOINT {name}"):
            await self._connection.rollback_to_savepoint(name)

    async def cancel(self) -> None:
        await self._connection.cancel()

    def terminate(self) -> None:
        self._connection.terminate()
