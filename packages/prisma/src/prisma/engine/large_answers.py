"""Large answers: many rows, or long JSON of related rows, which take more than a moment to become records.

They are left to the caller, who knows what else has to run meanwhile. The collector of garbage rests then: all records
stay, and it would look at each of them several times to find that out. With 100,000 records that is half of the time
that they take, and one of its passes would stop the program for longer than anything else.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from threading import RLock, get_ident, local
from typing import Any, Final

from prisma.forks import leave_to_parent_on_fork

LONG_TEXT: Final = 500_000
"""Characters of JSON, some thousands of related rows."""

_thread: Final = local()


class _Rest:
    """The time in which the collector rests: from the first of the threads that decode to the last one.

    A thread can't tell alone whether the program or another thread has switched the collector off.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._threads: list[int] = []
        self._collects = False

    def __enter__(self) -> None:
        with self._lock:
            if not self._threads:
                self._collects = gc.isenabled()
                gc.disable()
            self._threads.append(get_ident())

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._threads.remove(get_ident())
            self._end()

    def leave_to_parent(self) -> None:
        """Go on in a forked process, which has only the thread that forked it."""
        self._lock = RLock()
        self._threads = [thread for thread in self._threads if thread == get_ident()]
        self._end()

    def _end(self) -> None:
        if self._collects and not self._threads:
            self._collects = False
            gc.enable()


_rest: Final = _Rest()
leave_to_parent_on_fork(_rest)


class LargeAnswer(Exception):
    """An answer is large; `decode` makes its records, if `at_length` calls it."""

    def __init__(self) -> None:
        super().__init__()
        self.decode: Callable[[], Any] | None = None


def at_length(decode: Callable[..., Any], *rows: Any) -> Any:
    """Return what `decode` makes of rows, however large they are, while nothing in the process is collected."""
    had_time = getattr(_thread, "has_time", False)
    with _rest:
        _thread.has_time = True
        try:
            return decode(*rows)
        finally:
            # A class of a user's may read other rows while it takes one.
            _thread.has_time = had_time


def parsed_at_length(loads: Callable[[str], Any], text: str) -> Any:
    """Parse long text, if `at_length` called the decoder; raise LargeAnswer if not."""
    if getattr(_thread, "has_time", False):
        return loads(text)
    raise LargeAnswer
