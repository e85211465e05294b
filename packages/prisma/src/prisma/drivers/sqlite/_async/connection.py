"""A connection to SQLite: a session, and the worker that runs its statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from prisma.dialects.sqlite import SQLITE
from prisma.drivers.results import RawRows
from prisma.drivers.sqlite._async.inherited_worker import InheritedWorker
from prisma.drivers.sqlite._async.worker import Worker
from prisma.drivers.sqlite.session import Session
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prisma.dialects.dialect import Dialect
    from prisma.drivers.sqlite.file_url import FileOptions


class AsyncSqliteConnection:
    """One session; see `prisma.drivers._async.protocol.PooledConnection`."""

    __slots__ = ("_is_closed", "_session", "_worker", "owner")

    owner: Any
    """The part of the pool that the connection comes back to; set by the pool."""

    def __init__(self, session: Session, worker: Worker) -> None:
        self._session = session
        self._worker = worker
        self._is_closed = False

    @classmethod
    async def open(cls, options: FileOptions) -> AsyncSqliteConnection:
        """Open the file."""
        worker = Worker()
        try:
            session = await worker.run(Session, options)
        except BaseException:
            worker.stop(None)
            raise
        worker.watch(session)
        return cls(session, worker)

    @property
    def dialect(self) -> Dialect:
        return SQLITE

    @property
    def in_transaction(self) -> bool:
        return self._session.in_transaction

    @property
    def server_left(self) -> bool:
        return False

    def doubt(self) -> None:
        """Do nothing: a file has no server."""

    @property
    def closed(self) -> bool:
        """Whether the connection is gone."""
        return self._is_closed

    @property
    def clean(self) -> bool:
        """Whether the next user may have the connection without `tidy`."""
        return not (self._worker.is_busy or self._session.is_untidy)

    async def query(self, sql: str, args: Sequence[object]) -> Sequence[Mapping[str, object]]:
        return await self._worker.query(self._session, sql, args)

    async def execute(self, sql: str, args: Sequence[object]) -> int:
        return await self._worker.run(self._session.execute, sql, args)

    async def execute_raw(self, sql: str, args: Sequence[object]) -> int:
        return await self._worker.run(self._session.execute_raw, sql, args)

    async def insert(self, sql: str, args: Sequence[object]) -> int:
        message = "SQLite returns inserted rows."
        raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message})

    async def array_types(self, sql: str) -> Sequence[str | None]:
        message = "SQLite has no arrays."
        raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message})

    async def query_raw(self, sql: str, args: Sequence[object]) -> RawRows:
        return await self._worker.run(self._session.query_raw, sql, args)

    async def open_cursor(self, name: str, sql: str, args: Sequence[object]) -> None:
        await self._worker.run(self._session.open_cursor, name, sql, args)

    async def fetch(self, name: str, count: int) -> Sequence[Mapping[str, object]]:
        return await self._worker.run(self._session.fetch, name, count)

    async def close_cursor(self, name: str) -> None:
        await self._worker.run(self._session.close_cursor, name)

    async def command(self, sql: str) -> None:
        await self._worker.run(self._session.script, sql)

    async def begin(self, isolation_level: str | None = None, settings: Mapping[str, str] | None = None) -> None:
        await self._worker.run(self._session.begin, isolation_level, settings)

    async def begin_to_read(self, settings: Mapping[str, str] | None = None) -> None:
        await self._worker.run(self._session.begin_to_read, settings)

    async def set_local(self, settings: Mapping[str, str]) -> None:
        SQLITE.local_settings(settings)

    async def execute_ahead(self, sql: str, args: Sequence[object]) -> None:
        await self.execute_raw(sql, args)

    def alone(self, settings: Mapping[str, str]) -> None:
        SQLITE.local_settings(settings)

    def commit_along(self) -> None:
        """Do nothing: there is no round trip to save."""

    async def commit(self) -> None:
        await self._worker.run(self._session.commit)

    async def rollback(self) -> None:
        await self._worker.run(self._session.rollback)

    async def tidy(self) -> None:
        """Make the connection as good as new: nothing running, no transaction, no cursor."""
        if self._worker.is_busy:
            # Whoever asked for it waits no more.
            self._worker.interrupt()
        if not await self._worker.run(self._session.tidy):
            await self.close(0)

    async def cancel(self) -> None:
        """End the statement that runs."""
        self._worker.interrupt()

    def terminate(self) -> None:
        """End what runs, and close the connection when that has ended."""
        self.leave()

    def leave(self) -> None:
        """Give the connection up from outside its event loop."""
        if not self._is_closed:
            self._is_closed = True
            self._worker.interrupt()
            self._worker.stop(self._session.close)

    def leave_to_parent(self) -> None:
        """Refuse everything from now on, in a process that was forked while the connection was open."""
        self._is_closed = True
        self._worker = cast("Worker", InheritedWorker())

    async def close(self, timeout: float) -> None:
        """Close the connection; the last one of a file puts its write-ahead log back, however long that takes."""
        if not self._is_closed:
            self._is_closed = True
            await self._worker.close(self._session.close)
