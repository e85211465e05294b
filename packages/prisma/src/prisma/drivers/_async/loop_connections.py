"""The connections of one event loop, lent last-in first-out to tasks that wait in a `WaitQueue`.

Every decision is made in a plain function, so that no task can be cancelled in the middle of one. A waiting task holds
a future; its result is a connection, or None for the right to dial one. These hold between any two awaits:

    size = lent + idle + being dialled + being tidied <= limit
    a task waits => nothing is idle and size = limit
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
from typing import TYPE_CHECKING, Generic

from prisma.drivers._async.protocol import PooledT
from prisma.drivers.wait_queue import WaitQueue
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine

RETIRE_TIMEOUT = 0.5  # seconds for the server to close a connection that we have ended


class LoopConnections(Generic[PooledT]):
    """The connections of one event loop, for use in the thread of that loop only."""

    def __init__(self, dial: Callable[[], Awaitable[PooledT]], limit: int, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.pid = os.getpid()
        self.limit = limit
        self.size = 0
        self.closed = False
        self.idle: list[PooledT] = []
        self.lent: set[PooledT] = set()
        self.tidied: dict[PooledT, asyncio.Task[None]] = {}
        self.waiters: WaitQueue[asyncio.Future[PooledT | None]] = WaitQueue()
        self._dial_new = dial
        self._tasks: set[asyncio.Task[None]] = set()
        self._empty = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._end = self._until_loop_ends()
        self._start_end()

    def take(self) -> PooledT | None:
        """Lend an idle connection if there is one."""
        # The last one returned comes first: the others may rest until the server or a firewall ends them.
        idle = self.idle
        while idle:
            connection = idle.pop()
            # The server may have hung up while the connection was idle.
            if not connection.closed:
                self.lent.add(connection)
                return connection
            self.size -= 1
        return None

    async def obtain(self, timeout: float | None = None, *, transaction: bool = False) -> PooledT:
        """Lend a connection: an idle one, a new one, or the next that comes back; TimeoutError after `timeout` seconds.

        By default it waits without limit.
        """
        connection = self.take()
        if connection is not None:
            return connection
        self._refuse_if_closed()
        until = math.inf if timeout is None else self.loop.time() + timeout
        if self.size < self.limit:
            # Counted before the dialling starts, so that no other task takes the same place meanwhile.
            self.size += 1
        else:
            connection = await self._wait(until, transaction)
            if connection is not None:
                return connection
        async with asyncio.timeout_at(None if timeout is None else until):
            return await self._dial()

    def take_back(self, connection: PooledT) -> asyncio.Task[None] | None:
        """Take a connection back; the task, if any, makes it usable again and need not be awaited."""
        # A second release does nothing: the connection may serve another task by now.
        if connection not in self.lent:
            return None
        self.lent.discard(connection)
        if connection.closed:
            self._drop(connection)
        elif self.closed:
            return self._spawn(self._retire(connection))
        elif connection.clean:
            self._offer(connection)
        else:
            task = self.tidied[connection] = self._spawn(self._tidy(connection))
            return task
        return None

    async def close(self, timeout: float) -> None:
        """Close all connections; those in use get `timeout` seconds to come back."""
        await self._shut(timeout)
        await self._end.aclose()

    def abandon(self) -> None:
        """Leave everything, from outside the loop: it is closed, or belongs to the process that forked this one."""
        self.closed = True
        for connection in (*self.idle, *self.lent):
            connection.leave()

    def leave_to_parent(self) -> None:
        """Leave everything to the process that forked this one."""
        self.closed = True
        for connection in (*self.idle, *self.lent):
            connection.leave_to_parent()
        self.lent.clear()

    async def _shut(self, timeout: float) -> None:
        self.closed = True
        if self._timer is not None:
            self._timer.cancel()
        for waiter, _ in list(self.waiters):
            self.waiters.leave(waiter)
            if not waiter.done():
                waiter.set_exception(_closed())
        while self.idle:
            self._spawn(self._retire(self.idle.pop()))
        try:
            async with asyncio.timeout(timeout):
                while self.size:
                    self._empty.clear()
                    await self._empty.wait()
        except TimeoutError:
            pass  # the next lines are for the connections that did not come back
        finally:
            for connection in list(self.lent):
                connection.terminate()
                self.take_back(connection)
            for connection, task in self.tidied.items():
                connection.terminate()
                # It may wait for another connection, the one that carries a request to cancel.
                task.cancel()
        while self._tasks:
            await asyncio.wait(self._tasks)
        # asyncio closes a transport's socket in the next turn of the loop; without it, a loop that ends now would warn.
        await asyncio.sleep(0)

    async def _wait(self, until: float, transaction: bool) -> PooledT | None:
        waiter = self.loop.create_future()
        self.waiters.join(waiter, until, transaction=transaction)
        if until < math.inf and (self._timer is None or until < self._timer.when()):
            self._set_timer(until)
        try:
            return await waiter
        except asyncio.CancelledError:
            self.waiters.leave(waiter)
            # The answer may have come in the same turn of the loop as the cancellation.
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                connection: PooledT | None = waiter.result()
                if connection is None:
                    self._give_up_slot()
                else:
                    self.take_back(connection)
            raise

    def _set_timer(self, moment: float) -> None:
        """Set the one timer of all waiting tasks: a timer for each would cost more than the rest of lending."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_at(moment, self._on_timer, moment)

    def _on_timer(self, moment: float) -> None:
        self._timer = None
        for waiter, until in list(self.waiters):
            if until <= moment:
                self.waiters.leave(waiter)
                if not waiter.done():
                    waiter.set_exception(TimeoutError())
        following = min((until for _, until in self.waiters), default=math.inf)
        if following < math.inf:
            self._set_timer(following)

    async def _dial(self) -> PooledT:
        try:
            connection = await self._dial_new()
        except BaseException:
            self._give_up_slot()
            raise
        connection.owner = self
        # The pool may have been closed while the server answered.
        if self.closed:
            self._spawn(self._retire(connection))
            raise _closed()
        self.lent.add(connection)
        return connection

    def _offer(self, connection: PooledT) -> None:
        while self.waiters:
            waiter = self.waiters.take_next()
            # A waiter that is done was cancelled in this turn of the loop, and has not left the queue yet.
            if not waiter.done():
                self.lent.add(connection)
                waiter.set_result(connection)
                return
        self.idle.append(connection)

    def _give_up_slot(self) -> None:
        while self.waiters:
            waiter = self.waiters.take_next()
            if not waiter.done():
                waiter.set_result(None)
                return
        self.size -= 1
        if not self.size:
            self._empty.set()

    async def _tidy(self, connection: PooledT) -> None:
        try:
            await connection.tidy()
        except BaseException as error:
            connection.terminate()
            self._drop(connection)
            if not isinstance(error, (DriverFault, asyncio.CancelledError)):
                raise
            return
        finally:
            self.tidied.pop(connection, None)
        if self.closed:
            await self._retire(connection)
        elif connection.closed:
            self._give_up_slot()
        else:
            self._offer(connection)

    def _drop(self, connection: PooledT) -> None:
        """Give up the place of a connection that is closed, and the others to its server if that is to be left."""
        if connection.server_left:
            while self.idle:
                self.idle.pop().terminate()
                self._give_up_slot()
            for each in self.lent:
                each.doubt()
        self._give_up_slot()

    async def _retire(self, connection: PooledT) -> None:
        try:
            await connection.close(RETIRE_TIMEOUT)
        finally:
            self._give_up_slot()

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = self.loop.create_task(work)
        # The loop itself keeps only a weak reference to a task.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _refuse_if_closed(self) -> None:
        if self.closed:
            raise _closed()

    async def _until_loop_ends(self) -> AsyncGenerator[None, None]:
        """Close all connections when the loop shuts its asynchronous generators down, as `asyncio.run` does."""
        try:
            yield
        finally:
            if not self.closed:
                await self._shut(0)

    def _start_end(self) -> None:
        # The first step runs to the `yield` without waiting for anything, and makes the generator known to the loop.
        with contextlib.suppress(StopIteration):
            self._end.__anext__().send(None)


def _closed() -> DriverFault:
    return DriverFault(FaultKind.CONNECTION_CLOSED, {"message": "The connection pool is closed."})
