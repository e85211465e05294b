"""A worker: the thread in which the statements of one connection run, since SQLite makes its callers wait."""

from __future__ import annotations

import asyncio
import atexit
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar
from weakref import WeakSet

from prisma.faults import DriverFault, FaultKind
from prisma.forks import leave_to_parent_on_fork
from prisma.frozen import Frozen

if TYPE_CHECKING:
    from prisma.drivers.sqlite.session import Session

T = TypeVar("T")

# The worker, the future of an answer, and the function that gives it, with its arguments. Every statement makes one.
_Task: TypeAlias = "tuple[Worker, asyncio.Future[Any], Callable[..., Any], tuple[Any, ...]]"


# What SQLite says of a statement that it has begun.
_INTERRUPTED: Final = {"message": "interrupted", "sqlstate": "SQLITE_INTERRUPT"}


# How many seconds a process that ends waits for the connections that it did not close.
_AT_EXIT: Final = 2.0


class _Last(Frozen):
    """What to do before the thread ends."""

    function: Callable[[], object] | None


class Worker:
    """Runs functions in one thread, in the order of the calls.

    Attributes:
        is_busy: whether a function runs whose caller did not wait for the end of it.
    """

    __slots__ = ("__weakref__", "_asked", "_close", "_done", "_interrupt", "_loop", "_queue", "_thread", "_unwanted")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[_Task | _Last] = SimpleQueue()
        # How many functions came, and how many have ended. Each number is changed by one thread alone.
        self._asked = 0
        self._done = 0
        # How many of those that came have nobody who waits for them.
        self._unwanted = 0
        self._interrupt: Callable[[], None] | None = None
        self._close: Callable[[], None] | None = None
        self._thread = threading.Thread(target=_work, args=(self._queue,), name="prisma-sqlite", daemon=True)
        self._thread.start()
        _WORKERS.add(self)

    @property
    def is_busy(self) -> bool:
        return self._asked != self._done

    async def run(self, function: Callable[..., T], *args: Any) -> T:
        """Return what the function returns.

        A task that is cancelled meanwhile does not wait for the end, which then comes soon: the function is left out
        if it has not begun, and its statement is interrupted.
        """
        future: asyncio.Future[T] = self._loop.create_future()
        self._asked += 1
        self._queue.put((self, future, function, args))
        try:
            return await future
        except asyncio.CancelledError:
            self.interrupt()
            raise

    async def query(self, session: Session, sql: str, args: Sequence[object]) -> Sequence[Any]:
        """Return the rows of a statement."""
        # To the thread and back takes several times as long as SQLite needs for a row by its key.
        if self._asked == self._done and (rows := session.query_at_once(sql, args)) is not None:
            return rows
        return await self.run(session.query, sql, args)

    def watch(self, session: Session) -> None:
        """Be able to interrupt what the session runs, and to close it."""
        self._interrupt = session.interrupt
        self._close = session.close
        session.watch(self._is_unwanted)

    def interrupt(self) -> None:
        """Give up all that was asked for."""
        self._unwanted = self._asked
        if self._interrupt is not None and self.is_busy:
            self._interrupt()

    def _is_unwanted(self) -> bool:
        """Tell whether nobody waits for what runs."""
        return self._done < self._unwanted

    async def close(self, last: Callable[[], object]) -> None:
        """Do what `stop` does, and return when it is done."""
        ended: asyncio.Future[None] = self._loop.create_future()

        def end() -> None:
            try:
                last()
            finally:
                with suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(_answer, ended, None, None)

        self.stop(end)
        await ended

    def stop(self, last: Callable[[], object] | None) -> None:
        """End the thread when it has done what it was asked, and `last` after that; callable from any thread."""
        self._queue.put(_Last(last))

    def end(self) -> threading.Thread:
        """Interrupt what runs and close the session; return the thread, which then ends."""
        self.interrupt()
        self.stop(self._close)
        return self._thread

    def answer(self, future: asyncio.Future[Any], function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        """Call the function in this thread, and tell the loop what came of it."""
        answer: Any = None
        error: BaseException | None = None
        try:
            if self._is_unwanted():
                raise DriverFault(FaultKind.DATABASE_ERROR, _INTERRUPTED)
            answer = function(*args)
        except BaseException as raised:
            error = raised
        self._done += 1
        # The loop may be closed: then nobody waits.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(_answer, future, answer, error)


def _work(queue: SimpleQueue[_Task | _Last]) -> None:
    while not isinstance(task := queue.get(), _Last):
        worker, future, function, args = task
        worker.answer(future, function, args)
        # Nothing of it is kept while the thread waits for the next one.
        del task, worker, future, function, args
    if task.function is not None:
        task.function()


def _answer(future: asyncio.Future[Any], answer: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(answer)


class _Workers:
    """The workers of this process, which closes their sessions when it ends.

    Python ends a daemon's thread in the middle of what it does. The write-ahead log would stay beside its file.
    """

    def __init__(self) -> None:
        self._all: WeakSet[Worker] = WeakSet()
        leave_to_parent_on_fork(self)
        atexit.register(self._end)

    def add(self, worker: Worker) -> None:
        """Know a worker, as long as it lives."""
        self._all.add(worker)

    def leave_to_parent(self) -> None:
        """Begin without workers, in a forked process: their threads are not in it."""
        self._all = WeakSet()

    def _end(self) -> None:
        until = time.monotonic() + _AT_EXIT
        for thread in [worker.end() for worker in list(self._all)]:
            thread.join(max(until - time.monotonic(), 0))


_WORKERS: Final = _Workers()
