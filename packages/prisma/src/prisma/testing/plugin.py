"""The pytest plugin: `prisma_database` and `db`.

A project asks for it by `pytest_plugins` in its conftest.py. As an entry point of the package it would be loaded
everywhere, and make pytest rewrite all modules of the package. A fixture of the same name in a conftest.py comes before
these.
"""

from __future__ import annotations

import inspect
import os
import uuid
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

try:
    import pytest_asyncio
except ModuleNotFoundError:
    pytest_asyncio = None

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from prisma.testing.databases import Project

_NO_SERVER: Final = (
    "The tests have no database. Set {variable} to the URL of a PostgreSQL server on which they may make databases, "
    'or install one with `pip install "prisma[testing]"`.'
)
_NO_DATABASES: Final = (
    "`prisma_database` makes databases of PostgreSQL and SQLite. For another one, write a fixture of that name, or one "
    "called `db`, in your conftest.py."
)
_NO_LOOP: Final = (
    "`db` is an asynchronous client, and no plugin runs asynchronous tests. Install pytest-asyncio and set "
    '`asyncio_mode = "auto"`, or mark the test with `@pytest.mark.anyio`.'
)
_LENGTH_OF_A_TEST: Final = timedelta(days=1)
"""A transaction's time limit. Debuggers stop tests, and pytest-timeout has a limit of its own."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("prisma_schema", "The schema's file or folder; by default where `prisma generate` finds it.")
    parser.addini("prisma_client", "The class of the client, as module:name; by default the one of the schema.")


@pytest.fixture(scope="session")
def prisma_database(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The URL of a new database with the tables of the schema; it is dropped after the last test.

    Each process of pytest-xdist has one of its own. While it is there, the environment has its URL, so that programs
    under test use it, too.
    """
    # Imported when a test asks.
    from prisma.testing.databases import file_database, in_environment, read_project, server_database

    project = read_project(pytestconfig.rootpath, _schema(pytestconfig))
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    if project.is_file:
        database = file_database(project, tmp_path_factory.mktemp("prisma") / "test.db")
        with database as url, in_environment(project, url):
            yield url
        return
    if not project.is_on_postgresql:
        pytest.fail(_NO_DATABASES, pytrace=False)
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)[:12]
    with (
        _server(project, run, tmp_path_factory) as server,
        server_database(project, server, f"prisma_test_{run}_{worker}") as url,
        in_environment(project, url),
    ):
        yield url


def _schema(config: pytest.Config) -> Path | None:
    named: str = config.getini("prisma_schema")
    return Path(named) if named else None


@contextmanager
def _server(project: Project, run: str, folders: pytest.TempPathFactory) -> Generator[str]:
    if given := project.server_url:
        yield given
        return
    from prisma.testing.embedded import embedded_server, is_installed

    if not is_installed():
        pytest.fail(_NO_SERVER.format(variable=project.url_variable), pytrace=False)
    base = folders.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with embedded_server(run, shared / "prisma.lock") as url:
        yield url


@pytest.fixture(scope="session")
def _prisma_client(pytestconfig: pytest.Config) -> Any:
    from prisma.testing.clients import generated_client, named_client

    if name := pytestconfig.getini("prisma_client"):
        return named_client(name)
    return generated_client(pytestconfig.rootpath, _schema(pytestconfig))


@pytest.fixture
def db(request: pytest.FixtureRequest, _prisma_client: Any) -> Any:
    """A connected client whose changes are undone after the test; it is also the registered client.

    It runs in a transaction, which is rolled back. A `tx()` in the code under test becomes a savepoint.
    """
    if not inspect.iscoroutinefunction(_prisma_client.connect):
        return request.getfixturevalue("_prisma_sync")
    by_anyio = "anyio_backend" in request.fixturenames
    if not (by_anyio or request.config.pluginmanager.has_plugin("asyncio")):
        pytest.fail(_NO_LOOP, pytrace=False)
    return request.getfixturevalue("_prisma_anyio" if by_anyio else "_prisma_asyncio")


@pytest.fixture
def _prisma_sync(_prisma_client: Any, prisma_database: str) -> Generator[Any]:
    with _of_database(_prisma_client, prisma_database) as client:
        transaction = client.tx(timeout=_LENGTH_OF_A_TEST)
        inside = transaction.start()
        with _registered(inside):
            yield inside
        transaction.rollback()


@asynccontextmanager
async def _rolled_back(client_class: Any, url: str) -> AsyncGenerator[Any]:
    async with _of_database(client_class, url) as client:
        transaction = client.tx(timeout=_LENGTH_OF_A_TEST)
        inside = await transaction.start()
        with _registered(inside):
            yield inside
        await transaction.rollback()


@pytest.fixture
async def _prisma_anyio(_prisma_client: Any, prisma_database: str) -> AsyncGenerator[Any]:
    async with _rolled_back(_prisma_client, prisma_database) as client:
        yield client


async def _asyncio(_prisma_client: Any, prisma_database: str) -> AsyncGenerator[Any]:
    async with _rolled_back(_prisma_client, prisma_database) as client:
        yield client


_prisma_asyncio = (pytest_asyncio or pytest).fixture(name="_prisma_asyncio")(_asyncio)


def _of_database(client_class: Any, url: str) -> Any:
    return client_class(datasource={"url": url}, use_dotenv=False)


@contextmanager
def _registered(client: Any) -> Generator[None]:
    from prisma.client import registry

    previous = registry.replace(client)
    try:
        yield
    finally:
        registry.replace(previous)
