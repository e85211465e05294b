"""Alarms: calls at a given time. One thread waits for all of them."""

from __future__ import annotations

import heapq
import itertools
import os
import threading
import time
from collections.abc import Callable


class Alarm:
    """Calls `action` at a moment of `time.monotonic`, in a thread of its own, unless it is cancelled before."""

    __slots__ = ("action", "moment")

    def __init__(self, moment: float, action: Callable[[], None]) -> None:
        self.moment = moment
        self.action: Callable[[], None] | None = action
        _watch().add(self)

    def cancel(self) -> None:
        """Cancel the call."""
        self.action = None


class _Watch:
    """The thread that waits for the next moment; it belongs to its process."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._numbers = itertools.count()
        self._alarms: list[tuple[float, int, Alarm]] = []
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name="prisma-alarms", daemon=True).start()

    def add(self, alarm: Alarm) -> None:
        with self._changed:
            heapq.heappush(self._alarms, (alarm.moment, next(self._numbers), alarm))
            if self._alarms[0][2] is alarm:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            action = self._next()
            threading.Thread(target=action, name="prisma-alarm", daemon=True).start()

    def _next(self) -> Callable[[], None]:
        with self._changed:
            while True:
                # Most alarms are cancelled long before their moment: they go when they come up.
                while self._alarms and self._alarms[0][2].action is None:
                    heapq.heappop(self._alarms)
                pause = self._alarms[0][0] - time.monotonic() if self._alarms else None
                if pause is not None and pause <= 0:
                    action = heapq.heappop(self._alarms)[2].action
                    if action is not None:
                        return action
                else:
                    self._changed.wait(pause)


_lock = threading.Lock()
_current: _Watch | None = None


def _watch() -> _Watch:
    global _current
    with _lock:
        if _current is None or _current.pid != os.getpid():
            _current = _Watch()
        return _current
