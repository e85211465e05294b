# Made by tools/async_to_sync.py from client/_async/settings_session.py: change that file and run the tool.
"""The session of a client with settings: each operation runs in a transaction of its own, with the settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from prisma.client._sync.executor import execute
from prisma.client._sync.session import PoolSession, Work
from prisma.client.planning.plans import Runnable

T = TypeVar("T")


class SettingsSession(PoolSession):
    """A session beside another one, with its pool and its meter.

    Most operations are one statement, which takes the settings along in its message and costs no more round trips
    than without them.
    """

    def __init__(self, origin: PoolSession, settings: Mapping[str, str]) -> None:
        # Not those of a session of its own: a program makes one for each request.
        self.origin = origin
        self.pool = origin.pool
        self.observer = origin.observer
        self.meter = origin.meter
        self.settings = self._settings = settings

    def run(  # pyright: ignore[reportIncompatibleMethodOverride] one coroutine less
        self, program: Runnable, values: Sequence[object], numbers: Sequence[int]
    ) -> Any:
        """Run a program and return its result."""
        return self.origin.timed(self._run, program, values, numbers)

    def use(self, work: Work[T]) -> T:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Do some work that is one statement."""
        return self.origin.timed(self._use, work)  # pyright: ignore[reportReturnType]

    def atomically(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, work: Work[T], isolation_level: str | None = None, settings: Mapping[str, str] | None = None
    ) -> T:
        """Do some work inside a transaction."""
        return self.origin.atomically(work, isolation_level, self._settings if settings is None else settings)

    def _run(self, program: Runnable, values: Sequence[object], numbers: Sequence[int]) -> Any:
        self.meter.operations += 1
        connection = self.pool.try_acquire() or self.origin.acquire()
        try:
            observed = self.observed(connection)
            if program.single is None:
                observed.begin(None, self._settings)
            else:
                connection.alone(self._settings)
            result = execute(observed, program, values, numbers)
            if connection.in_transaction:
                observed.commit()
            return result
        finally:
            self.pool.release_nowait(connection)

    def _use(self, work: Work[T]) -> T:
        self.meter.operations += 1
        connection = self.pool.try_acquire() or self.origin.acquire()
        try:
            observed = self.observed(connection)
            connection.alone(self._settings)
            result = work(observed)
            if connection.in_transaction:
                observed.commit()
            return result
        finally:
            self.pool.release_nowait(connection)
