"""Timers: calls at a given time. One thread waits for all of them."""

from __future__ import annotations

import heapq
import itertools
import os
import threading
import time
from collections.abc import Callable


class Timer:
    """Calls `action` at a moment of `time.monotonic`, in a new thread, unless it is cancelled before."""

    __slots__ = ("action", "moment")

    def __init__(self, moment: float, action: Callable[[], None]) -> None:
        self.moment = moment
        self.action: Callable[[], None] | None = action
        _timer_thread().add(self)

    def cancel(self) -> None:
        """Cancel the call."""
        self.action = None


class _TimerThread:
    """The thread that waits for the next moment; it belongs to its process."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        # A heap compares entries of the same moment by what comes next, and timers have no order.
        self._numbers = itertools.count()
        self._timers: list[tuple[float, int, Timer]] = []
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name="prisma-timers", daemon=True).start()

    def add(self, timer: Timer) -> None:
        with self._changed:
            heapq.heappush(self._timers, (timer.moment, next(self._numbers), timer))
            # Only an earlier moment than all others concerns the waiting thread.
            if self._timers[0][2] is timer:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            action = self._next()
            # In another thread: an action may wait for a server, and the next moment may be near.
            threading.Thread(target=action, name="prisma-timer", daemon=True).start()

    def _next(self) -> Callable[[], None]:
        with self._changed:
            while True:
                # Most timers are cancelled long before their moment: they go when they come up.
                while self._timers and self._timers[0][2].action is None:
                    heapq.heappop(self._timers)
                pause = self._timers[0][0] - time.monotonic() if self._timers else None
                if pause is not None and pause <= 0:
                    action = heapq.heappop(self._timers)[2].action
                    if action is not None:
                        return action
                else:
                    self._changed.wait(pause)


_lock = threading.Lock()
_current: _TimerThread | None = None


def _timer_thread() -> _TimerThread:
    global _current
    with _lock:
        # Threads do not survive a fork.
        if _current is None or _current.pid != os.getpid():
            _current = _TimerThread()
        return _current
