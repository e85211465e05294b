"""A pool for asyncio: connections to one database, as many as the URL allows, made when they are needed."""

from __future__ import annotations

import asyncio
import os
from abc import ABC, abstractmethod
from typing import Any, Generic

from prisma.dialects.dialect import TimestampFormat
from prisma.drivers._async.loop_connections import LoopConnections
from prisma.drivers._async.protocol import PooledT
from prisma.drivers.results import PoolStats
from prisma.faults import DriverFault, FaultKind
from prisma.forks import leave_to_parent_on_fork

CLOSE_TIMEOUT = 10.0  # seconds that close() waits for connections in use, unless told otherwise

# What a forked process found open: its parent still uses these sockets, so they must not even be finalised here.
_inherited: list[LoopConnections[Any]] = []


class ConnectionPool(ABC, Generic[PooledT]):
    """See `prisma.drivers._async.protocol.Pool`; a driver's pool is a subclass that can dial.

    A connection belongs to the event loop that made it. Each loop has its own connections, up to the limit; those of a
    closed loop are dropped. Idle connections stay open until the pool is closed or the loop ends.
    """

    def __init__(self, limit: int, timeout: float | None) -> None:
        self._limit = limit
        self._timeout = timeout
        # The connections of the loop that used the pool last: most programs have one loop, and skip the dictionary.
        self._current: LoopConnections[PooledT] | None = None
        self._by_loop: dict[asyncio.AbstractEventLoop, LoopConnections[PooledT]] = {}
        self._closed = False
        self._opened = 0
        leave_to_parent_on_fork(self)

    @property
    def joins(self) -> bool | None:
        """See `Pool`; of most databases, all servers are alike."""
        return None

    @property
    def returns_inserted(self) -> bool:
        """See `Pool`; of most databases, the plans themselves have it."""
        return False

    @property
    def timestamp_format(self) -> TimestampFormat | None:
        """See `Pool`; most databases have a type for moments."""
        return None

    async def open(self) -> None:
        """Make the first connection, so that a wrong URL shows now; opens a closed pool again."""
        self._closed = False
        connections = self._of_this_loop()
        connection = connections.take()
        if connection is None and not connections.size:
            # Not through acquire(): with a short pool_timeout it would hide why the server can't be reached.
            connection = await connections.obtain()
        if connection is not None:
            await self.release(connection)

    async def close(self, timeout: float | None = None) -> None:
        """Close the connections of this event loop, waiting `timeout` seconds (default 10) for those in use."""
        self._closed = True
        loop = asyncio.get_running_loop()
        connections = self._by_loop.pop(loop, None)
        self._current = None
        self._drop_dead_loops()
        if connections is not None and not connections.closed:
            await connections.close(CLOSE_TIMEOUT if timeout is None else timeout)

    def leave_to_parent(self) -> None:
        """Begin with no connection, in a forked process."""
        for connections in self._by_loop.values():
            connections.leave_to_parent()
            _inherited.append(connections)
        self._current = None
        self._by_loop = {}

    async def acquire(self, timeout: float | None = None, *, transaction: bool = False) -> PooledT:
        """Lend a connection; POOL_TIMEOUT after `timeout` seconds (default: the URL's pool_timeout)."""
        connections = self._of_this_loop()
        connection = connections.take()
        if connection is not None:
            return connection
        if timeout is None:
            timeout = self._timeout
        try:
            return await connections.obtain(timeout, transaction=transaction)
        except TimeoutError as error:
            raise self._timed_out(timeout) from error

    def try_acquire(self) -> PooledT | None:
        """Lend an idle connection at once, or None: then `acquire` is the way."""
        connections = self._current
        if connections is None or connections.loop is not asyncio.get_running_loop():
            return None
        return connections.take()

    async def release(self, connection: PooledT) -> None:
        """Take a connection back and wait until it is usable again or dropped; a second release does nothing."""
        work = connection.owner.take_back(connection)
        if work is not None:
            # The work goes on when the task that waits for it is cancelled.
            await asyncio.shield(work)

    def release_nowait(self, connection: PooledT) -> None:
        """Take a connection back at once; what has to be undone on it is undone in the background."""
        connection.owner.take_back(connection)

    @property
    def stats(self) -> PoolStats:
        """What the connections of the event loop used last are doing; `in_use` counts those on their way as well."""
        connections = self._current
        if connections is None:
            return PoolStats(in_use=0, idle=0, limit=self._limit, waiting=0, opened=self._opened)
        return PoolStats(
            in_use=connections.size - len(connections.idle),
            idle=len(connections.idle),
            limit=connections.limit,
            waiting=len(connections.waiters),
            opened=self._opened,
        )

    @abstractmethod
    async def dial(self, limit: float | None = None) -> PooledT:
        """Make a connection within `limit` seconds; a DriverFault says why there is none."""

    async def _dial(self) -> PooledT:
        # Without a limit: a task that has waited too long is cancelled.
        connection = await self.dial()
        self._opened += 1
        return connection

    def _of_this_loop(self) -> LoopConnections[PooledT]:
        loop = asyncio.get_running_loop()
        connections = self._current
        if connections is not None and connections.loop is loop and not connections.closed:
            return connections
        if self._closed:
            raise DriverFault(FaultKind.CONNECTION_CLOSED, {"message": "The connection pool is closed."})
        self._drop_dead_loops()
        connections = self._by_loop.get(loop)
        if connections is None or connections.closed:
            connections = self._by_loop[loop] = LoopConnections(self._dial, self._limit, loop)
        self._current = connections
        return connections

    def _drop_dead_loops(self) -> None:
        for loop, connections in list(self._by_loop.items()):
            # Programs that embed Python may fork without Python's hooks.
            inherited = connections.pid != os.getpid()
            if inherited or loop.is_closed():
                del self._by_loop[loop]
                if not connections.closed:
                    connections.abandon()
                if inherited:
                    _inherited.append(connections)

    def _timed_out(self, timeout: float | None) -> DriverFault:
        message = "Timed out fetching a new connection from the connection pool."
        return DriverFault(FaultKind.POOL_TIMEOUT, {"message": message, "timeout": timeout, "limit": self._limit})
