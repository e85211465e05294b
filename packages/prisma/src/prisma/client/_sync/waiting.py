"""The locks and deadlines of a client for threads. The asynchronous side has them for asyncio."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

from prisma.client._sync.timers import Timer
from prisma.drivers._sync.protocol import Connection
from prisma.errors import PrismaError
from prisma.faults import DriverFault
from prisma.forks import leave_to_parent_on_fork

Lock = threading.Lock

GRACE: Final = 1.0
"""Seconds after the moment in which a statement must have ended; after them its connection is closed."""

T = TypeVar("T")
C = TypeVar("C")


class ConnectLock:
    """Lets one thread at a time connect a client."""

    def __init__(self) -> None:
        self._lock = Lock()
        leave_to_parent_on_fork(self)

    def leave_to_parent(self) -> None:
        """Let a forked process connect, whether a thread of its parent was just connecting or not."""
        self._lock = Lock()

    def held(self) -> threading.Lock:
        """Return the lock of all threads."""
        return self._lock


class Background:
    """Work beside its caller, in a thread of its own."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._thread = threading.Thread(target=work, name="prisma-replica", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Do nothing: a thread can't be broken off, and ends with its pool."""

    def ended(self) -> None:
        """Wait until it has ended, for a while."""
        self._thread.join(GRACE)


class DeadlinePassed(Exception):
    """The time was over before the work was."""


class Deadline:
    """A moment, `seconds` from now, after which `end` is called and work is broken off.

    A thread holds `lock` while it works with the connection. Another thread breaks the work off, and calls `end`.
    """

    def __init__(
        self, seconds: float, lock: threading.Lock, connection: Connection, *, end: Callable[[], None]
    ) -> None:
        self._started = time.monotonic()
        self._moment = self._started + seconds
        self._lock = lock
        self._connection = connection
        self._end = end
        # Held while a request to cancel is on its way, so that it can't hit a later statement.
        self._guard = threading.Lock()
        self._working = False
        self._broken_off = False
        self._timer = Timer(self._moment, self._on_time)

    @property
    def passed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._started

    def check_place(self) -> None:
        """Do nothing: any thread may go on with a transaction."""

    def run(self, work: Callable[[C], T], context: C) -> T:
        """Work until the moment; then DeadlinePassed is raised."""
        with self._guard:
            # The timer's thread may be late, or may wait for the lock that this thread holds.
            if time.monotonic() >= self._moment:
                raise DeadlinePassed
            self._working = True
        try:
            return work(context)
        except (DriverFault, PrismaError) as error:
            if self._stop():
                raise DeadlinePassed from error
            raise
        finally:
            self._stop()

    def bring_forward(self) -> None:
        """Let the moment be now."""
        self._timer.cancel()
        with self._guard:
            self._moment = time.monotonic()
        self._timer = Timer(self._moment, self._on_time)

    def cancel(self) -> None:
        """Cancel the timer."""
        self._timer.cancel()

    def _stop(self) -> bool:
        with self._guard:
            self._working = False
            return self._broken_off

    def _on_time(self) -> None:
        with self._guard:
            if self._working:
                self._broken_off = True
                with contextlib.suppress(Exception):
                    self._connection.cancel()
        # The work ends with an error of the server, and its thread releases the lock.
        free = self._lock.acquire(timeout=max(self._moment + GRACE - time.monotonic(), 0))
        if not free:
            # The server can't be reached, or does not stop. The end of the connection wakes the waiting thread.
            self._connection.terminate()
            self._lock.acquire()
        try:
            with contextlib.suppress(Exception):
                self._end()
        finally:
            self._lock.release()
