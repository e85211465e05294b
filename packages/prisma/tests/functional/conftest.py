"""Drivers: the same tests run over asyncpg, psycopg for asyncio, and psycopg for threads.

Tests are written for asyncio. A synchronous object stands behind an adapter that runs each of its methods in a thread.
A test that is marked `tasks` does what only tasks can do, such as being cancelled: it runs over the first two.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from prisma.client._sync.actions import SyncActions
from prisma.client._sync.batch import SyncBatch, SyncBatchActions
from prisma.client._sync.client import SyncPrisma
from prisma.client._sync.transaction import SyncTransactionManager
from prisma.drivers.psycopg import SyncPsycopgConnection, SyncPsycopgPool

DRIVERS = ["asyncpg", "psycopg", "threads"]
THREADS = 64

ADAPTED = (
    SyncActions, SyncBatch, SyncBatchActions, SyncPrisma, SyncPsycopgConnection, SyncPsycopgPool,
    SyncTransactionManager,
)  # fmt: skip
# Methods that are not coroutines on the asynchronous side either.
AT_ONCE = {
    SyncPsycopgPool: {"try_acquire", "release_nowait"},
    SyncPsycopgConnection: {"terminate"},
    SyncPrisma: {"tx", "batch_", "is_connected", "is_registered", "is_transaction"},
    SyncBatch: {"execute_raw"},
}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "tasks: does what only tasks can do, so it runs over the asynchronous drivers.")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "driver" in metafunc.fixturenames:
        tasks_only = metafunc.definition.get_closest_marker("tasks") is not None
        metafunc.parametrize("driver", DRIVERS[:2] if tasks_only else DRIVERS)


class Threaded:
    """A synchronous object as an asynchronous one."""

    def __init__(self, adapter: Adapter, target: Any) -> None:
        self._adapter = adapter
        self._target = target

    def __getattr__(self, name: str) -> Any:
        adapter, target = self._adapter, self._target
        value = getattr(target, name)
        if not callable(value):
            return adapter.adapt(value)

        def at_once(*args: Any, **kwargs: Any) -> Any:
            return adapter.adapt(value(*map(adapter.bare, args), **kwargs))

        async def in_a_thread(*args: Any, **kwargs: Any) -> Any:
            return await adapter.call(value, *map(adapter.bare, args), **kwargs)

        immediate = isinstance(target, SyncBatchActions) or any(
            name in names for type_, names in AT_ONCE.items() if isinstance(target, type_)
        )
        return at_once if immediate else in_a_thread

    async def __aenter__(self) -> Any:
        return await self._adapter.call(self._target.__enter__)

    async def __aexit__(self, *exc_info: Any) -> Any:
        return await self._adapter.call(self._target.__exit__, *exc_info)


class Adapter:
    """Makes Threaded objects, one for each object, and runs their methods."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS)
        self._adapted: dict[int, Threaded] = {}

    def adapt(self, value: Any) -> Any:
        if not isinstance(value, ADAPTED):
            return value
        found = self._adapted.get(id(value))
        if found is None:
            found = self._adapted[id(value)] = Threaded(self, value)
        return found

    def bare(self, value: Any) -> Any:
        return value._target if isinstance(value, Threaded) else value

    async def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        loop = asyncio.get_running_loop()
        return self.adapt(await loop.run_in_executor(self._threads, lambda: function(*args, **kwargs)))

    def close(self) -> None:
        self._threads.shutdown()


@pytest.fixture
def threads() -> Iterator[Adapter]:
    """Adapts synchronous objects."""
    adapter = Adapter()
    yield adapter
    adapter.close()
