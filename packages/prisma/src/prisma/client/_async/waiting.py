"""Waiting: what the event loop does for a transaction. The synchronous side has threads instead."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

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
        self._moment = self._started + seconds
        self._lock = lock
        self._end = end
        self._ending: asyncio.Future[None] | None = None
        self._timer = self._loop.call_at(self._moment, self._on_time)

    @property
    def passed(self) -> float:
        """Seconds since the beginning."""
        return self._loop.time() - self._started

    async def run(self, work: Callable[[C], Awaitable[T]], context: C) -> T:
        """Work until the moment; then DeadlinePassed is raised."""
        limit = asyncio.timeout_at(self._moment)
        try:
            async with limit:
                return await work(context)
        except TimeoutError as error:
            if limit.expired():
                raise DeadlinePassed from error
            raise

    def cancel(self) -> None:
        """Forget about it."""
        self._timer.cancel()

    def _on_time(self) -> None:
        # Work under way meets the moment itself.
        if not self._lock.locked():
            self._ending = asyncio.ensure_future(self._end())
