# Made by tools/async_to_sync.py from client/_async/observed.py: change that file and run the tool.
"""Observed connections: connections whose statements an observer sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from prisma.client.telemetry.observer import Observer
from prisma.drivers._sync.protocol import Connection
from prisma.drivers.results import RawRows


class ObservedConnection:
    """A connection that shows each statement to an observer."""

    def __init__(self, connection: Connection, observer: Observer) -> None:
        self._connection = connection
        self._observer = observer

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def query(self, sql: str, args: Sequence[object]) -> Sequence[Mapping[str, object]]:
        with self._observer.statement(sql, args):
            return self._connection.query(sql, args)

    def execute(self, sql: str, args: Sequence[object]) -> int:
        with self._observer.statement(sql, args):
            return self._connection.execute(sql, args)

    def execute_raw(self, sql: str, args: Sequence[object]) -> int:
        with self._observer.statement(sql, args):
            return self._connection.execute_raw(sql, args)

    def array_types(self, sql: str) -> Sequence[str | None]:
        return self._connection.array_types(sql)

    def query_raw(self, sql: str, args: Sequence[object]) -> RawRows:
        with self._observer.statement(sql, args):
            return self._connection.query_raw(sql, args)

    def open_cursor(self, name: str, sql: str, args: Sequence[object]) -> None:
        with self._observer.statement(sql, args):
            self._connection.open_cursor(name, sql, args)

    def fetch_cursor(self, name: str, count: int) -> Sequence[Mapping[str, object]]:
        with self._observer.statement(f"FETCH FORWARD {count} FROM {name}"):
            return self._connection.fetch_cursor(name, count)

    def close_cursor(self, name: str) -> None:
        with self._observer.statement(f"CLOSE {name}"):
            self._connection.close_cursor(name)

    def execute_script(self, sql: str) -> None:
        with self._observer.statement(sql):
            self._connection.execute_script(sql)

    def begin(self, isolation_level: str | None = None) -> None:
        with self._observer.statement("BEGIN", span="start_transaction"):
            self._connection.begin(isolation_level)

    def commit(self) -> None:
        with self._observer.statement("COMMIT", span="commit_transaction"):
            self._connection.commit()

    def rollback(self) -> None:
        with self._observer.statement("ROLLBACK", span="rollback_transaction"):
            self._connection.rollback()

    def savepoint(self, name: str) -> None:
        with self._observer.statement(f"SAVEPOINT {name}"):
            self._connection.savepoint(name)

    def release_savepoint(self, name: str) -> None:
        with self._observer.statement(f"RELEASE SAVEPOINT {name}"):
            self._connection.release_savepoint(name)

    def rollback_to_savepoint(self, name: str) -> None:
        with self._observer.statement(f"ROLLBACK TO SAVEPOINT {name}"):
            self._connection.rollback_to_savepoint(name)

    def cancel(self) -> None:
        self._connection.cancel()

    def terminate(self) -> None:
        self._connection.terminate()
