"""A worker: the thread in which the statements of one connection run, since SQLite makes its callers wait."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeAlias, TypeVar

from prisma.frozen import Frozen

T = TypeVar("T")


class _Task(Frozen):
    future: asyncio.Future[Any]
    function: Callable[[], Any]


_Last: TypeAlias = Callable[[], object] | None


class Worker:
    """Runs functions in one thread, in the order of the calls.

    Attributes:
        is_busy: whether a function runs whose caller did not wait for the end of it.
    """

    __slots__ = ("_loop", "_queue", "_thread", "_unfinished")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[_Task | _Last] = SimpleQueue()
        self._unfinished = 0
        self._thread = threading.Thread(target=_work, args=(self._queue,), name="prisma-sqlite", daemon=True)
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        return self._unfinished > 0

    async def run(self, function: Callable[..., T], *args: Any) -> T:
        """Return what the function returns.

        A task that is cancelled meanwhile does not wait for the end.
        """
        future: asyncio.Future[T] = self._loop.create_future()
        self._unfinished += 1
        self._queue.put(_Task(future, lambda: self._finished(function, args)))
        return await future

    def stop(self, last: Callable[[], object] | None) -> None:
        """End the thread when it has done what it was asked, and `last` after that; callable from any thread."""
        self._queue.put(last)

    def _finished(self, function: Callable[..., T], args: tuple[Any, ...]) -> T:
        try:
            return function(*args)
        finally:
            self._unfinished -= 1


def _work(queue: SimpleQueue[_Task | _Last]) -> None:
    while isinstance(task := queue.get(), _Task):
        _do(task)
        # Nothing of it is kept while the thread waits for the next one.
        del task
    if task is not None:
        task()


def _do(task: _Task) -> None:
    answer: Any = None
    error: BaseException | None = None
    try:
        answer = task.function()
    except BaseException as raised:
        error = raised
    # The loop may be closed: then nobody waits.
    with suppress(RuntimeError):
        task.future.get_loop().call_soon_threadsafe(_answer, task.future, answer, error)


def _answer(future: asyncio.Future[Any], answer: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(answer)
