"""A pool for threads: connections are lent last-in first-out to threads that wait in a `WaitQueue`.

One lock guards every decision; nothing waits for the server while it is held. These hold whenever it is free:

    size = lent + idle + being dialled + being tidied <= limit
    a thread waits => nothing is idle and size = limit
"""

from __future__ import annotations

import contextlib
import math
import os
import threading
import time
from abc import ABC, abstractmethod
from typing import Generic

from prisma.dialects.dialect import TimestampFormat
from prisma.drivers._sync.protocol import PooledT
from prisma.drivers.results import PoolStats
from prisma.drivers.wait_queue import WaitQueue
from prisma.faults import DriverFault, FaultKind
from prisma.forks import leave_to_parent_on_fork

CLOSE_TIMEOUT = 10.0  # seconds that close() waits for connections in use, unless told otherwise
RETIRE_TIMEOUT = 0.5  # seconds for the server to close a connection that we have ended


class _Waiter(Generic[PooledT]):
    """A thread that waits; its answer is a connection, None for the right to dial one, or a fault."""

    __slots__ = ("answer", "answered", "event")

    def __init__(self) -> None:
        self.event = threading.Event()
        self.answered = False
        self.answer: PooledT | DriverFault | None = None

    def give(self, answer: PooledT | DriverFault | None) -> None:
        self.answer = answer
        self.answered = True
        self.event.set()


class ConnectionPool(ABC, Generic[PooledT]):
    """See `prisma.drivers._sync.protocol.Pool`; a driver's pool is a subclass that can dial.

    A process that forks has its own connections.
    """

    def __init__(self, limit: int, timeout: float | None) -> None:
        self._limit = limit
        self._timeout = timeout
        # Sockets of a parent process, which must not even be finalised here.
        self._inherited: list[PooledT] = []
        self._opened = 0
        self._start_empty()
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

    def open(self, limit: float | None = None) -> None:
        """Make the first connection within `limit` seconds, so that a wrong URL shows now; opens a closed pool again.

        Raises:
            TimeoutError: the limit is over.
            DriverFault: the database can't be reached, or refuses.
        """
        self._leave_inherited()
        with self._lock:
            self._closed = False
            connection = self._take()
            if connection is None:
                if self._size:
                    return
                self._size += 1
        started = time.monotonic()
        try:
            # Not through acquire(): with a short pool_timeout it would hide why the server can't be reached.
            self.release(connection or self._dial(limit))
        except DriverFault as fault:
            if limit is not None and time.monotonic() - started >= limit:
                raise TimeoutError from fault
            raise

    def close(self, timeout: float | None = None) -> None:
        """Close all connections, waiting `timeout` seconds (default 10) for those in use."""
        self._leave_inherited()
        with self._lock:
            self._closed = True
            while self._waiters:
                self._waiters.take_next().give(_closed())
            idle, self._idle = self._idle, []
        for connection in idle:
            self._retire(connection)
        deadline = time.monotonic() + (CLOSE_TIMEOUT if timeout is None else timeout)
        with self._lock:
            while self._size and (rest := deadline - time.monotonic()) > 0:
                self._returned.wait(rest)
            left = list(self._lent)
            self._lent.clear()
        for connection in left:
            connection.terminate()
            self._give_up_slot()

    def acquire(self, timeout: float | None = None, *, transaction: bool = False) -> PooledT:
        """Lend a connection; POOL_TIMEOUT after `timeout` seconds (default: the URL's pool_timeout)."""
        self._leave_inherited()
        limit = self._timeout if timeout is None else timeout
        deadline = None if limit is None else time.monotonic() + limit
        with self._lock:
            if self._closed:
                raise _closed()
            connection = self._take()
            if connection is not None:
                return connection
            waiter: _Waiter[PooledT] | None = None
            if self._size < self._limit:
                # Counted before the dialling starts, so that no other thread takes the same place meanwhile.
                self._size += 1
            else:
                waiter = _Waiter()
                self._waiters.join(waiter, math.inf if deadline is None else deadline, transaction=transaction)
        if waiter is not None and (connection := self._wait(waiter, limit, deadline)) is not None:
            return connection
        return self._dial_until(limit, deadline)

    def try_acquire(self) -> PooledT | None:
        """Lend an idle connection at once, or None: then `acquire` is the way."""
        if self._pid != os.getpid():
            return None
        with self._lock:
            return self._take()

    def release(self, connection: PooledT) -> None:
        """Take a connection back, making it usable again first; a second release does nothing."""
        with self._lock:
            # A second release does nothing: the connection may serve another thread by now.
            if connection not in self._lent:
                return
            self._lent.discard(connection)
            if not self._closed and connection.clean and not connection.closed:
                self._offer(connection)
                return
        self._tidy(connection)

    def release_nowait(self, connection: PooledT) -> None:
        """The same: a thread has no background."""
        self.release(connection)

    @property
    def stats(self) -> PoolStats:
        """What the connections are doing; `in_use` counts those on their way as well."""
        with self._lock:
            idle = len(self._idle)
            return PoolStats(
                in_use=self._size - idle,
                idle=idle,
                limit=self._limit,
                waiting=len(self._waiters),
                opened=self._opened,
            )

    def _start_empty(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._returned = threading.Condition(self._lock)
        self._size = 0
        self._closed = False
        self._idle: list[PooledT] = []
        self._lent: set[PooledT] = set()
        self._waiters: WaitQueue[_Waiter[PooledT]] = WaitQueue()

    def leave_to_parent(self) -> None:
        """Begin with no connection, in a forked process: the one that forked it still uses the sockets."""
        inherited = (*self._idle, *self._lent)
        for connection in inherited:
            connection.leave_to_parent()
        self._inherited += inherited
        self._start_empty()

    def _leave_inherited(self) -> None:
        # Programs that embed Python may fork without Python's hooks.
        if self._pid != os.getpid():
            self.leave_to_parent()

    def _take(self) -> PooledT | None:
        # The last one returned comes first: the others may rest until the server or a firewall ends them.
        while self._idle:
            connection = self._idle.pop()
            # The server may have hung up while the connection was idle.
            if not connection.closed:
                self._lent.add(connection)
                return connection
            self._size -= 1
        return None

    def _wait(self, waiter: _Waiter[PooledT], limit: float | None, deadline: float | None) -> PooledT | None:
        try:
            waiter.event.wait(None if deadline is None else max(deadline - time.monotonic(), 0))
        finally:
            with self._lock:
                # The answer may have come after the wait was over: then it counts.
                if not waiter.answered:
                    self._waiters.leave(waiter)
        if not waiter.answered:
            raise self._timed_out(limit)
        if isinstance(waiter.answer, DriverFault):
            raise waiter.answer
        return waiter.answer

    def _dial_until(self, limit: float | None, deadline: float | None) -> PooledT:
        try:
            return self._dial(None if deadline is None else max(deadline - time.monotonic(), 0))
        except DriverFault as fault:
            if deadline is not None and time.monotonic() >= deadline:
                raise self._timed_out(limit) from fault
            raise

    def _dial(self, limit: float | None) -> PooledT:
        try:
            # A thread can't be cancelled, so the driver gets the limit.
            connection = self.dial(limit)
        except BaseException:
            self._give_up_slot()
            raise
        with self._lock:
            self._opened += 1
            # The pool may have been closed while the server answered.
            if not self._closed:
                self._lent.add(connection)
                return connection
        self._retire(connection)
        raise _closed()

    @abstractmethod
    def dial(self, limit: float | None = None) -> PooledT:
        """Make a connection within `limit` seconds; a DriverFault says why there is none."""

    def _offer(self, connection: PooledT) -> None:
        if self._waiters:
            self._lent.add(connection)
            self._waiters.take_next().give(connection)
        else:
            self._idle.append(connection)

    def _give_up_slot(self) -> None:
        with self._lock:
            if self._waiters:
                self._waiters.take_next().give(None)
                return
            self._size -= 1
            self._returned.notify_all()

    def _tidy(self, connection: PooledT) -> None:
        try:
            if not connection.closed and not self._closed:
                connection.tidy()
        except BaseException as error:
            connection.terminate()
            self._leave_server(connection)
            self._give_up_slot()
            if not isinstance(error, DriverFault):
                raise
            return
        with self._lock:
            if not self._closed and not connection.closed:
                self._offer(connection)
                return
        self._leave_server(connection)
        self._retire(connection)

    def _leave_server(self, connection: PooledT) -> None:
        """Drop the connections to the server of one that is closed, if that server is to be left."""
        if not connection.server_left:
            return
        with self._lock:
            idle, self._idle = self._idle, []
            for each in self._lent:
                each.doubt()
        for each in idle:
            each.terminate()
            self._give_up_slot()

    def _retire(self, connection: PooledT) -> None:
        with contextlib.suppress(DriverFault):
            connection.close(RETIRE_TIMEOUT)
        self._give_up_slot()

    def _timed_out(self, timeout: float | None) -> DriverFault:
        message = "Timed out fetching a new connection from the connection pool."
        return DriverFault(FaultKind.POOL_TIMEOUT, {"message": message, "timeout": timeout, "limit": self._limit})


def _closed() -> DriverFault:
    return DriverFault(FaultKind.CONNECTION_CLOSED, {"message": "The connection pool is closed."})
