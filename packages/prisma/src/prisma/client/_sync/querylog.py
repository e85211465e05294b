# Made by tools/async_to_sync.py from client/_async/querylog.py: change that file and run the tool.
"""Query log: the statements that reach the database, in the logger `prisma.query`; texts and times, never values."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

from prisma.drivers._sync.protocol import Connection
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

    def query(self, sql: str, args: Sequence[object]) -> Sequence[Mapping[str, object]]:
        return _timed(sql, self._connection.query, sql, args)

    def execute(self, sql: str, args: Sequence[object]) -> int:
        return _timed(sql, self._connection.execute, sql, args)

    def query_raw(self, sql: str, args: Sequence[object]) -> RawRows:
        return _timed(sql, self._connection.query_raw, sql, args)

    def execute_script(self, sql: str) -> None:
        _timed(sql, self._connection.execute_script, sql)

    def begin(self, isolation_level: str | None = None) -> None:
        _timed("BEGIN", self._connection.begin, isolation_level)

    def commit(self) -> None:
        _timed("COMMIT", self._connection.commit)

    def rollback(self) -> None:
        _timed("ROLLBACK", self._connection.rollback)

    def savepoint(self, name: str) -> None:
        _timed(f"SAVEPOINT {name}", self._connection.savepoint, name)

    def release_savepoint(self, name: str) -> None:
        _timed(f"RELEASE SAVEPOINT {name}", self._connection.release_savepoint, name)

    def rollback_to_savepoint(self, name: str) -> None:
        _timed(f"ROLLBACK TO SAVEPOINT {name}", self._connection.rollback_to_savepoint, name)

    def cancel(self) -> None:
        self._connection.cancel()


def _timed(sql: str, work: Callable[..., T], *args: object) -> T:
    start = time.perf_counter()
    try:
        result = work(*args)
    except Exception:
        LOGGER.error("failed after %.1f ms: %s", (time.perf_counter() - start) * 1000, sql)
        raise
    LOGGER.info("%.1f ms: %s", (time.perf_counter() - start) * 1000, sql)
    return result
