"""Waiting: what the event loop does for a transaction. The synchronous side has threads instead."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

Lock = asyncio.Lock

T = TypeVar("T")
C = TypeVar("C")


class DeadlinePassed(Exception):
    """The time was over before the work was."""


class Deadline:
    """A moment, `seconds` from now, after which `end` is called and work is broken off.

    `lock` is held by whoever works. `cancel` asks the server to end a statement; a task needs no such help.
    """

    def __init__(
        self,
        seconds: float,
        lock: Lock,
        *,
        end: Callable[[], Awaitable[None]],
        cancel: Callable[[], Awaitable[None]],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._started = self._loop.time()
        self._lock = lock
        self._end = end
        self._ending: asyncio.Future[None] | None = None
        self._worker: asyncio.Task[Any] | None = None
        self._broken = False
        self._timer: asyncio.Handle = self._loop.call_at(self._started + seconds, self._on_time)

    @property
    def passed(self) -> float:
        """Seconds since the beginning."""
        return self._loop.time() - self._started

    async def run(self, work: Callable[[C], Awaitable[T]], context: C) -> T:
        """Work until the moment; then DeadlinePassed is raised.

        One timer serves all work of a transaction: `asyncio.timeout` would set one for each statement.
        """
        if self._ending is not None:
            # Who waited for the lock may get it before `end` does.
            raise DeadlinePassed
        worker = self._worker = asyncio.current_task()
        requests = 0 if worker is None else worker.cancelling()
        try:
            result = await work(context)
        except BaseException as error:
            if self._is_over(worker, requests) and isinstance(error, asyncio.CancelledError):
                raise DeadlinePassed from error
            raise
        if self._is_over(worker, requests):
            # The work was done before the cancellation got there; there may be no more of it.
            self._timer = self._loop.call_soon(self._on_time)
        return result

    def _is_over(self, worker: asyncio.Task[Any] | None, requests: int) -> bool:
        """Take the timer's cancellation back; say whether there was one, and nobody else wants the task cancelled."""
        self._worker = None
        if not self._broken or worker is None:
            return False
        self._broken = False
        return worker.uncancel() <= requests

    def cancel(self) -> None:
        """Forget about it."""
        self._timer.cancel()

    def _on_time(self) -> None:
        if self._worker is not None:
            self._broken = True
            self._worker.cancel()
        elif not self._lock.locked():
            self._ending = asyncio.ensure_future(self._end())
