"""A limit of time for pieces of work that are many and nearly always quick."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable
from time import monotonic
from typing import Any, TypeVar

T = TypeVar("T")


class TimeLimit:
    """Breaks off work that takes longer than `seconds`.

    It does what `asyncio.timeout` does, but one timer serves all work of an event loop: all has the same time, so what
    began first is late first. A timer for each would cost more than the rest of a quick piece of work.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._under_way = _UnderWay()

    async def run(self, work: Awaitable[T]) -> T:
        """Return the result of `work`.

        Raises:
            TimeoutError: it took too long, and was cancelled.
        """
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 a coroutine runs in a task
        under_way = self._under_way
        loop = asyncio.get_running_loop()
        if under_way.loop is not loop:
            under_way.start(loop)
        turn = _Turn(task)
        under_way.turns[turn] = None
        if not under_way.has_timer:
            self._set_timer(self.seconds)
        try:
            result = await work
        except BaseException as error:
            if self._end(turn) and isinstance(error, asyncio.CancelledError):
                raise TimeoutError from error
            raise
        self._end(turn)
        return result

    def _end(self, turn: _Turn) -> bool:
        """End a turn; tell whether nobody but the timer has cancelled its task."""
        self._under_way.turns.pop(turn, None)
        return turn.is_late and turn.task.uncancel() <= turn.requests

    def _set_timer(self, seconds: float) -> None:
        under_way = self._under_way
        under_way.has_timer = True
        assert under_way.loop is not None  # noqa: S101 a turn has begun
        under_way.loop.call_later(seconds, self._on_time)

    def _on_time(self) -> None:
        under_way, now = self._under_way, monotonic()
        under_way.has_timer = False
        for turn in list(under_way.turns):
            left = turn.began + self.seconds - now
            if left > 0:
                # Most have ended before the timer comes, which then waits for the next.
                self._set_timer(left)
                return
            if not turn.is_late:
                turn.is_late = True
                turn.task.cancel()


class _Turn:
    """A piece of work under way. `requests` to cancel its task came from elsewhere, before the timer's."""

    __slots__ = ("began", "is_late", "requests", "task")

    def __init__(self, task: asyncio.Task[Any]) -> None:
        self.task = task
        self.requests = task.cancelling()
        self.began = monotonic()
        self.is_late = False


class _UnderWay(threading.local):
    """The work of the event loop that runs in this thread; the turns are in the order in which they began."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.turns: dict[_Turn, None] = {}
        self.has_timer = False

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Forget another loop, which has ended."""
        self.loop, self.turns, self.has_timer = loop, {}, False
