"""The locks and deadlines of a client for asyncio. The synchronous side has them for threads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from prisma.drivers._async.protocol import Connection
from prisma.errors import TransactionError

Lock = asyncio.Lock

T = TypeVar("T")
C = TypeVar("C")


class ConnectLock:
    """Lets one task of each event loop connect a client. A lock of asyncio can't be waited for in two loops."""

    def __init__(self) -> None:
        # Weak, so that a loop that has ended is not kept.
        self._locks: WeakKeyDictionary[asyncio.AbstractEventLoop, Lock] = WeakKeyDictionary()

    def held(self) -> Lock:
        """Return the lock of the event loop that runs."""
        return self._locks.setdefault(asyncio.get_running_loop(), Lock())


class Background:
    """Work beside its caller, in a task of its own."""

    def __init__(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._task = asyncio.get_running_loop().create_task(work())

    def cancel(self) -> None:
        """Break it off."""
        # In another loop it may not be touched; that one cancels its tasks when it ends.
        if self._task.get_loop() is asyncio.get_running_loop():
            self._task.cancel()

    async def ended(self) -> None:
        """Wait until it has ended."""
        if self._task.get_loop() is asyncio.get_running_loop():
            await asyncio.wait([self._task])


class DeadlinePassed(Exception):
    """The time was over before the work was."""


class Deadline:
    """A moment, `seconds` from now, after which `end` is called and work is broken off.

    A task holds `lock` while it works. It is broken off by its cancellation: only threads need the lock and the
    connection for that.
    """

    def __init__(self, seconds: float, lock: Lock, connection: Connection, *, end: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._started = self._loop.time()
        self._end = end
        self._worker: asyncio.Task[Any] | None = None
        self._broken = False
        self._timer: asyncio.Handle = self._loop.call_at(self._started + seconds, self._on_time)

    @property
    def passed(self) -> float:
        """Seconds since the beginning."""
        return self._loop.time() - self._started

    def check_place(self) -> None:
        """Raise TransactionError in another event loop, where neither the lock nor the connection can be waited for."""
        # An asyncio lock would wait in the wrong loop for ever, or raise an error that explains nothing.
        if asyncio.get_running_loop() is not self._loop:
            raise TransactionError(
                "Transaction API error: A transaction belongs to the event loop that opened it. Open one in this loop, "
                "or hand the work over with `asyncio.run_coroutine_threadsafe`."
            )

    async def run(self, work: Callable[[C], Awaitable[T]], context: C) -> T:
        """Work until the moment; then DeadlinePassed is raised.

        One timer serves all work of a transaction: `asyncio.timeout` would set one for each statement.
        """
        worker = self._worker = asyncio.current_task()
        # Cancellations that were requested before: they are not the timer's.
        requests = 0 if worker is None else worker.cancelling()
        try:
            result = await work(context)
        except BaseException as error:
            if self._stop(worker, requests) and isinstance(error, asyncio.CancelledError):
                raise DeadlinePassed from error
            raise
        self._stop(worker, requests)
        return result

    def bring_forward(self) -> None:
        """Let the moment be now."""
        self._timer.cancel()
        self._on_time()

    def cancel(self) -> None:
        """Cancel the timer."""
        self._timer.cancel()

    def _stop(self, worker: asyncio.Task[Any] | None, requests: int) -> bool:
        """Take the timer's cancellation back; tell whether there was one, and no other request to cancel the task."""
        self._worker = None
        if not self._broken or worker is None:
            return False
        self._broken = False
        # The work may have ended otherwise, and be the last of the transaction, so the timer must come once more.
        self._timer = self._loop.call_soon(self._on_time)
        return worker.uncancel() <= requests

    def _on_time(self) -> None:
        # No statement is under way, so there is nothing to cancel.
        if self._worker is None:
            self._end()
        elif not self._broken:
            self._broken = True
            self._worker.cancel()
