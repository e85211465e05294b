"""A pool: connections to one database, as many as the URL allows, made when they are needed."""

from __future__ import annotations

import asyncio
import os
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Generic

from prisma.drivers._async.loop_connections import ConnectionT, Shelf
from prisma.drivers.postgresql._async.declarations import Declarations
from prisma.drivers.protocol import PoolStats
from prisma.faults import DriverFault, FaultKind
from prisma.forks import leave_to_parent_on_fork

if TYPE_CHECKING:
    from prisma.drivers.postgresql.url import ConnectionOptions

CLOSE_TIMEOUT = 10.0  # seconds that close() waits for connections in use, unless told otherwise

# What a forked process found open: its parent still uses these sockets, so they must not even be finalised here.
_inherited: list[Shelf[Any]] = []


class SessionPool(ABC, Generic[ConnectionT]):
    """See `prisma.drivers.protocol.Pool`.

    A connection belongs to the event loop that made it. Each loop has its own connections, up to the limit; those of a
    closed loop are dropped. Idle connections stay open until the pool is closed or the loop ends.
    """

    def __init__(self, options: ConnectionOptions) -> None:
        self.options = options
        self._shelf: Shelf[ConnectionT] | None = None
        self._shelves: dict[asyncio.AbstractEventLoop, Shelf[ConnectionT]] = {}
        self._closed = False
        self._opened = 0
        leave_to_parent_on_fork(self)
        self.declarations = Declarations()

    async def open(self) -> None:
        """Make the first connection, so that a wrong URL shows now; opens a closed pool again."""
        self._closed = False
        shelf = self._find_shelf()
        connection = shelf.take()
        if connection is None and not shelf.size:
            # Not through acquire(): with a short pool_timeout it would hide why the server can't be reached.
            connection = await shelf.obtain()
        if connection is not None:
            await self.release(connection)

    async def close(self, timeout: float | None = None) -> None:
        """Close the connections of this event loop, waiting `timeout` seconds (default 10) for those in use."""
        self._closed = True
        loop = asyncio.get_running_loop()
        shelf = self._shelves.pop(loop, None)
        self._shelf = None
        self._leave_dead_shelves()
        if shelf is not None and not shelf.closed:
            await shelf.close(CLOSE_TIMEOUT if timeout is None else timeout)

    def leave_to_parent(self) -> None:
        """Begin with no connection, in a forked process."""
        for shelf in self._shelves.values():
            shelf.leave_to_parent()
            _inherited.append(shelf)
        self._shelf = None
        self._shelves = {}

    async def acquire(self, timeout: float | None = None, *, transaction: bool = False) -> ConnectionT:
        """Lend a connection; POOL_TIMEOUT after `timeout` seconds (default: the URL's pool_timeout)."""
        shelf = self._find_shelf()
        connection = shelf.take()
        if connection is not None:
            return connection
        if timeout is None:
            timeout = self.options.pool_timeout
        try:
            return await shelf.obtain(timeout, transaction=transaction)
        except TimeoutError as error:
            raise self._timed_out(timeout) from error

    def try_acquire(self) -> ConnectionT | None:
        """Lend an idle connection at once, or None: then `acquire` is the way."""
        shelf = self._shelf
        if shelf is None or shelf.loop is not asyncio.get_running_loop():
            return None
        return shelf.take()

    async def release(self, connection: ConnectionT) -> None:
        """Take a connection back and wait until it is usable again or dropped; a second release does nothing."""
        work = connection.shelf.take_back(connection)
        if work is not None:
            await asyncio.shield(work)

    def release_nowait(self, connection: ConnectionT) -> None:
        """Take a connection back at once; what has to be undone on it is undone in the background."""
        connection.shelf.take_back(connection)

    @property
    def stats(self) -> PoolStats:
        """What the connections of the event loop used last are doing; `in_use` counts those on their way as well."""
        shelf = self._shelf
        if shelf is None:
            return PoolStats(in_use=0, idle=0, limit=self.options.connection_limit, waiting=0, opened=self._opened)
        return PoolStats(
            in_use=shelf.size - len(shelf.idle),
            idle=len(shelf.idle),
            limit=shelf.limit,
            waiting=len(shelf.waiters),
            opened=self._opened,
        )

    @abstractmethod
    async def dial(self) -> ConnectionT:
        """Make a connection; a DriverFault says why there is none."""

    async def _dial(self) -> ConnectionT:
        connection = await self.dial()
        self._opened += 1
        return connection

    def _find_shelf(self) -> Shelf[ConnectionT]:
        loop = asyncio.get_running_loop()
        shelf = self._shelf
        if shelf is not None and shelf.loop is loop and not shelf.closed:
            return shelf
        if self._closed:
            raise DriverFault(FaultKind.CONNECTION_CLOSED, {"message": "The connection pool is closed."})
        self._leave_dead_shelves()
        shelf = self._shelves.get(loop)
        if shelf is None or shelf.closed:
            shelf = self._shelves[loop] = Shelf(self._dial, self.options.connection_limit, loop)
        self._shelf = shelf
        return shelf

    def _leave_dead_shelves(self) -> None:
        for loop, shelf in list(self._shelves.items()):
            inherited = shelf.pid != os.getpid()
            if inherited or loop.is_closed():
                del self._shelves[loop]
                if not shelf.closed:
                    shelf.abandon()
                if inherited:
                    _inherited.append(shelf)

    def _timed_out(self, timeout: float | None) -> DriverFault:
        message = "Timed out fetching a new connection from the connection pool."
        fields = {"message": message, "timeout": timeout, "limit": self.options.connection_limit}
        return DriverFault(FaultKind.POOL_TIMEOUT, fields)
