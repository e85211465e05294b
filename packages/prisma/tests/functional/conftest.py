"""Drivers: the same tests run over asyncpg, psycopg for asyncio, and psycopg for threads.

Tests are written for asyncio. A synchronous object stands behind an adapter that runs each of its methods in a thread.
A test that is marked `tasks` does what only tasks can do, such as being cancelled: it runs over the first two.
"""

from __future__ import annotations

import asyncio
import importlib
import re
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from types import GeneratorType
from typing import Any

import psycopg
import pytest

from prisma.client._sync.actions import SyncActions
from prisma.client._sync.batch import SyncBatch, SyncBatchActions
from prisma.client._sync.client import SyncPrisma
from prisma.client._sync.transaction import SyncTransactionManager
from prisma.drivers.postgresql.psycopg import SyncPsycopgConnection, SyncPsycopgPool
from prisma.generator import generate

DRIVERS = ["asyncpg", "psycopg", "threads"]
THREADS = 64

# What asks the generator for a driver.
OPTIONS = {
    "asyncpg": {"PRISMA_PY_CONFIG_INTERFACE": "asyncio"},
    "psycopg": {"PRISMA_PY_CONFIG_INTERFACE": "asyncio", "PRISMA_PY_CONFIG_DRIVER": "psycopg"},
    "threads": {"PRISMA_PY_CONFIG_INTERFACE": "sync"},
}
PROVIDER = re.compile(r'provider +=\s*"prisma-client-py"')

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
    config.addinivalue_line(
        "markers", "default_client: uses modules of the client at `prisma`, so it runs over its driver."
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "driver" in metafunc.fixturenames:
        marked = {marker.name for marker in metafunc.definition.iter_markers()}
        count = 1 if "default_client" in marked else 2 if "tasks" in marked else 3
        metafunc.parametrize("driver", DRIVERS[:count])


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

        immediate = (
            isinstance(target, SyncBatchActions)
            or name == "stream"
            or any(name in names for type_, names in AT_ONCE.items() if isinstance(target, type_))
        )
        return at_once if immediate else in_a_thread

    async def __aenter__(self) -> Any:
        return await self._adapter.call(self._target.__enter__)

    async def __aexit__(self, *exc_info: Any) -> Any:
        return await self._adapter.call(self._target.__exit__, *exc_info)


class ThreadedGenerator:
    """A generator as an asynchronous one."""

    def __init__(self, adapter: Adapter, generator: GeneratorType[Any, None, None]) -> None:
        self._adapter = adapter
        self._generator = generator

    def __aiter__(self) -> ThreadedGenerator:
        return self

    async def __anext__(self) -> Any:
        # StopIteration can't leave a thread.
        found = await self._adapter.call(list, islice(self._generator, 1))
        if not found:
            raise StopAsyncIteration
        return found[0]

    async def aclose(self) -> None:
        await self._adapter.call(self._generator.close)


class Adapter:
    """Makes Threaded objects, one for each object, and runs their methods."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS)
        self._adapted: dict[int, Threaded] = {}

    def adapt(self, value: Any) -> Any:
        if isinstance(value, GeneratorType):
            return ThreadedGenerator(self, value)
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


class Packages:
    """Generated clients, one for each schema and driver."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._packages: dict[tuple[Path, str], Any] = {}

    def get(self, schema: Path, driver: str) -> Any:
        """Return the package of the schema's client for a driver."""
        package = self._packages.get((schema, driver))
        if package is None:
            name = f"client_{len(self._packages)}_{driver}"
            text = schema.read_text(encoding="utf-8")
            text, count = PROVIDER.subn(rf'\g<0>\n  output = "./{name}"', text)
            assert count == 1
            path = self._folder / f"{name}.prisma"
            path.write_text(text, encoding="utf-8")
            generate(path, root=self._folder, environment=OPTIONS[driver])
            package = self._packages[schema, driver] = importlib.import_module(name)
        return package


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Packages]:
    """Generates clients where they can be imported from."""
    folder = tmp_path_factory.mktemp("packages")
    sys.path.insert(0, str(folder))
    yield Packages(folder)
    sys.path.remove(str(folder))


class Databases:
    """Databases with tables, made once and emptied for each test, which costs far less than a new one."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._urls: dict[tuple[Path, ...], tuple[str, psycopg.Connection[Any], str]] = {}

    def empty(self, scripts: Sequence[Path]) -> str:
        """Return the URL of a database with what the scripts make, and no rows."""
        key = tuple(scripts)
        if key not in self._urls:
            name = f"shared_{uuid.uuid4().hex[:12]}"
            self._server.run(f'CREATE DATABASE "{name}"')
            for script in scripts:
                self._server.run(f'\\connect "{name}"\n{script.read_text(encoding="utf-8")}')
            connection = psycopg.connect(
                host=str(self._server.socket_folder), user="postgres", dbname=name, autocommit=True
            )
            tables = connection.execute(
                "SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables "
                "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            ).fetchone()
            assert tables is not None
            self._urls[key] = self._server.url(name), connection, f"TRUNCATE {tables[0]} RESTART IDENTITY CASCADE"
        url, connection, sql = self._urls[key]
        connection.execute(sql.encode())
        return url

    def close(self) -> None:
        for _, connection, _ in self._urls.values():
            connection.close()


@pytest.fixture(scope="session")
def databases(server: Any) -> Iterator[Databases]:
    """Databases with tables."""
    databases = Databases(server)
    yield databases
    databases.close()
