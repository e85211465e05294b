"""Query log: the statements that reach the database, in the logger `prisma.query`; texts and times, never values."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeVar

from prisma.drivers._async.protocol import Connection
from prisma.drivers.protocol import RawRows

T = TypeVar("T")
LOGGER: Final = logging.getLogger("prisma.query")


class LoggedConnection:
    """A connection that logs each statement with its duration, and an error for each that fails."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    async def query(self, sql: str, args: Sequence[object]) -> Sequence[Mapping[str, object]]:
        return await _timed(sql, self._connection.query, sql, args)

    async def execute(self, sql: str, args: Sequence[object]) -> int:
        return await _timed(sql, self._connection.execute, sql, args)

    async def query_raw(self, sql: str, args: Sequence[object]) -> RawRows:
        return await _timed(sql, self._connection.query_raw, sql, args)

    async def execute_script(self, sql: str) -> None:
        await _timed(sql, self._connection.execute_script, sql)

    async def begin(self, isolation_level: str | None = None) -> None:
        await _timed("BEGIN", self._connection.begin, isolation_level)

    async def commit(self) -> None:
        await _timed("COMMIT", self._connection.commit)

    async def rollback(self) -> None:
        await _timed("ROLLBACK", self._connection.rollback)

    async def savepoint(self, name: str) -> None:
        await _timed(f"SAVEPOINT {name}", self._connection.savepoint, name)

    async def release_savepoint(self, name: str) -> None:
        await _timed(f"RELEASE SAVEPOINT {name}", self._connection.release_savepoint, name)

    async def rollback_to_savepoint(self, name: str) -> None:
        await _timed(f"ROLLBACK TO SAVEPOINT {name}", self._connection.rollback_to_savepoint, name)

    async def cancel(self) -> None:
        await self._connection.cancel()


async def _timed(sql: str, work: Callable[..., Awaitable[T]], *args: object) -> T:
    start = time.perf_counter()
    try:
        result = await work(*args)
    except Exception:
        LOGGER.error("failed after %.1f ms: %s", (time.perf_counter() - start) * 1000, sql)
        raise
    LOGGER.info("%.1f ms: %s", (time.perf_counter() - start) * 1000, sql)
    return result
