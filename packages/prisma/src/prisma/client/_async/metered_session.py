"""The session of a client whose metrics are read: it times operations, waits and statements."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter
from typing import Any, TypeVar

from prisma.client._async.session import PoolSession, Work
from prisma.client.planning.plans import Runnable
from prisma.drivers._async.protocol import Connection

T = TypeVar("T")


class MeteredSession(PoolSession):
    """A session in another one's place, with its pool and its meter."""

    def __init__(self, session: PoolSession) -> None:
        super().__init__(session.pool, session.observer.timing(session.meter.statements))
        self.meter = session.meter
        self.replicas = session.replicas
        if session.replicas is not None:
            session.replicas.measure()
        # What came before was counted, not timed: see `Meter`.
        self.meter.unmeasured = self.meter.operations

    async def run(self, program: Runnable, values: Sequence[object], numbers: Sequence[int]) -> Any:
        """Run a program and return its result."""
        return await self.timed(super().run, program, values, numbers)

    async def use(self, work: Work[T]) -> T:
        """Do some work with a connection that nothing else uses meanwhile."""
        return await self.timed(super().use, work)  # pyright: ignore[reportReturnType]

    async def timed(self, operation: Callable[..., Awaitable[T]], *args: Any) -> T:
        """Do an operation and note how long it took, also when it failed."""
        meter = self.meter
        meter.active += 1
        start = perf_counter()
        try:
            return await operation(*args)
        finally:
            meter.active -= 1
            meter.durations.observe(perf_counter() - start)

    async def acquire(self, max_wait: float | None = None) -> Connection:
        """Wait for a connection; `max_wait` seconds for a transaction."""
        start = perf_counter()
        try:
            return await super().acquire(max_wait)
        finally:
            self.meter.waits.observe(perf_counter() - start)
