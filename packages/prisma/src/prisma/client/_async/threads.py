"""Threads of the client's own, for work that would keep an event loop from its other tasks.

An event loop's executor is the program's: work in it may wait for a call to the database, which would wait for its turn
after that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from prisma.forks import leave_to_parent_on_fork


class Threads:
    """Some threads, shared by the event loops of the process; they start when there is work."""

    def __init__(self, name: str, count: int) -> None:
        self._name = name
        self._count = count
        self._executor = ThreadPoolExecutor(count, name)
        leave_to_parent_on_fork(self)

    def leave_to_parent(self) -> None:
        """Start other threads, in a forked process."""
        self._executor = ThreadPoolExecutor(self._count, self._name)

    def start(self, work: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        """Start some work, and return the future of its result for the running event loop."""
        loop = asyncio.get_running_loop()
        result: asyncio.Future[Any] = loop.create_future()

        def tell(job: Future[Any]) -> None:
            # The loop may be closed meanwhile; then nothing waits in it.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_settle, result, job)

        try:
            job = self._executor.submit(work, *args)
        except RuntimeError:
            # The interpreter ends, or the system gives no more threads.
            job = Future[Any]()
            _run(job, work, *args)
        job.add_done_callback(tell)
        return result


def _run(job: Future[Any], work: Callable[..., Any], *args: Any) -> None:
    try:
        job.set_result(work(*args))
    except Exception as error:
        job.set_exception(error)


def _settle(result: asyncio.Future[Any], job: Future[Any]) -> None:
    if result.done():
        return
    error = job.exception()
    if error is None:
        result.set_result(job.result())
    elif isinstance(error, StopIteration):
        # A future takes none. In a coroutine it becomes the same.
        result.set_exception(RuntimeError("a thread raised StopIteration"))
    else:
        result.set_exception(error)
