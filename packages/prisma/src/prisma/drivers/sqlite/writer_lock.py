"""The writer lock: one connection of this process writes to a file at a time, in the order of asking.

SQLite has one writer for a file. Without this lock the connections of a process would find out by trying again and
again, each for as long as its timeout: whoever comes later may be served first, and some are never served.
"""

from __future__ import annotations

import threading
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

from prisma.forks import leave_to_parent_on_fork

if TYPE_CHECKING:
    from prisma.drivers.sqlite.file_url import FileOptions


class Turn:
    """One connection's place in the queue."""

    __slots__ = ("_answer", "is_granted")

    def __init__(self) -> None:
        self.is_granted = False
        self._answer = threading.Event()

    def answer(self, *, granted: bool) -> None:
        """End the waiting."""
        self.is_granted = granted
        self._answer.set()

    def wait(self, timeout: float) -> None:
        """Wait for an answer, at most `timeout` seconds."""
        self._answer.wait(timeout)


class WriterLock:
    """The right to write to one file; any thread may call any method.

    Attributes:
        closing: held while a connection of the file is closed.
    """

    def __init__(self) -> None:
        # The last connection to close puts the write-ahead log back into the file. Of two that close at the same time,
        # each finds the other one still there.
        self.closing = threading.Lock()
        self._guard = threading.Lock()
        self._is_held = False
        self._queue: deque[Turn] = deque()

    def acquire(self, turn: Turn, timeout: float) -> bool:
        """Wait for the right; False after `timeout` seconds, or when the turn was given up."""
        with self._guard:
            if not self._is_held:
                self._is_held = turn.is_granted = True
                return True
            self._queue.append(turn)
        turn.wait(timeout)
        with self._guard:
            if not turn.is_granted and turn in self._queue:
                self._queue.remove(turn)
        return turn.is_granted

    def give_up(self, turn: Turn) -> None:
        """End the waiting of a turn that waits."""
        with self._guard:
            if turn in self._queue:
                self._queue.remove(turn)
                turn.answer(granted=False)

    def release(self) -> None:
        """Pass the right on to the next in the queue."""
        with self._guard:
            if self._queue:
                self._queue.popleft().answer(granted=True)
            else:
                self._is_held = False


class WriterLocks:
    """The locks of all files that the process has open."""

    def __init__(self) -> None:
        self._forget()
        leave_to_parent_on_fork(self)

    def of(self, options: FileOptions) -> WriterLock:
        """Return the lock of a file, the same for all its connections."""
        if options.is_memory:
            return WriterLock()
        with self._guard:
            return self._by_path.setdefault(str(Path(options.path).resolve()), WriterLock())

    def leave_to_parent(self) -> None:
        """Begin without locks, in a forked process: whoever holds one is not in it."""
        self._forget()

    def _forget(self) -> None:
        self._guard = threading.Lock()
        self._by_path: WeakValueDictionary[str, WriterLock] = WeakValueDictionary()


WRITER_LOCKS: Final = WriterLocks()
