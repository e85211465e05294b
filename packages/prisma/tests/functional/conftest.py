"""The same tests over seven drivers, and clients of test schemas.

Three drivers are PostgreSQL's: asyncpg, psycopg for asyncio, psycopg for threads. Modules and tests that are marked
`portable` run on a file of SQLite and on MariaDB, too, for asyncio and for threads, with the same models as far as
SQLite has them, except those that are marked `needs(…)` with a word of `servers.capabilities` for what these lack.

Tests are written for asyncio. For a synchronous object there is an adapter that runs each of its methods in a thread.
A test that is marked `tasks` does what only tasks can do, such as being cancelled: it runs over the first two drivers.

`db` is a connected client of the service's schema. A module or test that needs another schema of `SCHEMAS` names it:
`pytestmark = pytest.mark.schema("blog")`.
"""

from __future__ import annotations

import asyncio
import fcntl
import importlib
import os
import re
import shutil
import sys
import uuid
import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from types import GeneratorType
from typing import Any

import psycopg
import pytest

from prisma.client._sync.actions import SyncActions
from prisma.client._sync.batch import SyncBatch
from prisma.client._sync.batch_actions import SyncBatchActions
from prisma.client._sync.client import SyncPrisma
from prisma.client._sync.transaction import SyncTransactionManager
from prisma.dialects.cockroachdb import COCKROACHDB
from prisma.dialects.mysql import MYSQL
from prisma.dialects.postgresql import POSTGRESQL
from prisma.dialects.sqlite import SQLITE
from prisma.drivers.postgresql.psycopg._sync.pool import SyncPsycopgConnection, SyncPsycopgPool
from prisma.generator import generate
from servers import PATIENCE, capabilities
from servers.cockroachdb import as_cockroachdb
from servers.mysql import MariaDb
from servers.mysql_tables import as_mysql, tables
from servers.spellings import MYSQL_SPELLING, POSTGRESQL_SPELLING, SQLITE_SPELLING, Spelling
from servers.sqlite import as_sqlite, make_file

DRIVERS = ["asyncpg", "psycopg", "threads"]
FILE_DRIVERS = ["sqlite", "sqlite-threads"]
MYSQL_DRIVERS = ["mysql", "mysql-threads"]
# PostgreSQL, which stands in for the server, with clients for CockroachDB.
COCKROACH_DRIVERS = ["cockroachdb", "cockroachdb-threads"]
DIALECTS = {
    **dict.fromkeys(FILE_DRIVERS, SQLITE),
    **dict.fromkeys(MYSQL_DRIVERS, MYSQL),
    **dict.fromkeys(COCKROACH_DRIVERS, COCKROACHDB),
}
SPELLINGS = {**dict.fromkeys(FILE_DRIVERS, SQLITE_SPELLING), **dict.fromkeys(MYSQL_DRIVERS, MYSQL_SPELLING)}
# What makes a schema for PostgreSQL one for another database.
ADAPTED_SCHEMAS = {
    **dict.fromkeys(FILE_DRIVERS, as_sqlite),
    **dict.fromkeys(MYSQL_DRIVERS, as_mysql),
    **dict.fromkeys(COCKROACH_DRIVERS, as_cockroachdb),
}
THREADS = 64

# Many processes share the machine: a test that is about time sets its own bounds.
PATIENT = {"max_wait": timedelta(seconds=PATIENCE), "timeout": timedelta(seconds=PATIENCE)}

# Variables that ask the generator for a driver.
OPTIONS = {
    "asyncpg": {"PRISMA_PY_CONFIG_INTERFACE": "asyncio"},
    "psycopg": {"PRISMA_PY_CONFIG_INTERFACE": "asyncio", "PRISMA_PY_CONFIG_DRIVER": "psycopg"},
    "threads": {"PRISMA_PY_CONFIG_INTERFACE": "sync"},
    "sqlite": {"PRISMA_PY_CONFIG_INTERFACE": "asyncio"},
    "sqlite-threads": {"PRISMA_PY_CONFIG_INTERFACE": "sync"},
    "mysql": {"PRISMA_PY_CONFIG_INTERFACE": "asyncio"},
    "mysql-threads": {"PRISMA_PY_CONFIG_INTERFACE": "sync"},
    "cockroachdb": {"PRISMA_PY_CONFIG_INTERFACE": "asyncio"},
    "cockroachdb-threads": {"PRISMA_PY_CONFIG_INTERFACE": "sync"},
}
PROVIDER = re.compile(r'provider +=\s*"(prisma-client-py|python -m prisma)"')

ROOT = Path(__file__).resolve().parents[4]
PLANS = Path(__file__).resolve().parents[1] / "plans"
FOLDER = Path(__file__).parent / "schemas"
# Each schema's file or folder, and the scripts that make its tables.
SCHEMAS: dict[str, tuple[Path, list[Path]]] = {
    "service": (ROOT / "schema.prisma", sorted((ROOT / "migrations").glob("*/migration.sql"))),
    "samples": (PLANS / "schema.prisma", [PLANS / "schema.sql"]),
    **{folder.name: (folder, [folder / "tables.sql"]) for folder in FOLDER.iterdir()},
}

WITH_PAGES = """\
SELECT oid::regclass::text FROM pg_class
WHERE relkind = 'r' AND pg_relation_size(oid) > 0
AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
"""
BEGIN_ANEW = """\
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences
WHERE last_value IS NOT NULL
"""

ADAPTED = (
    SyncActions, SyncBatch, SyncBatchActions, SyncPrisma, SyncPsycopgConnection, SyncPsycopgPool,
    SyncTransactionManager,
)  # fmt: skip
# Methods that are not coroutines in the asynchronous client either.
AT_ONCE = {
    SyncPsycopgPool: {"try_acquire", "release_nowait"},
    SyncPsycopgConnection: {"terminate", "alone", "commit_along"},
    SyncPrisma: {
        "tx",
        "batch_",
        "is_connected",
        "is_registered",
        "is_transaction",
        "with_settings",
        "primary",
        "replica",
    },
    SyncBatch: {"execute_raw"},
}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "tasks: does what only tasks can do, so it runs over the asynchronous drivers.")
    config.addinivalue_line(
        "markers", "default_client: uses modules of the client at `prisma`, so it runs over its driver."
    )
    config.addinivalue_line("markers", "portable: runs on SQLite and on MariaDB as well.")
    config.addinivalue_line(
        "markers", "needs(*words): runs on databases that have all of it; see servers.capabilities."
    )
    config.addinivalue_line("markers", "only_mysql: is about MySQL, and runs on MariaDB alone.")
    config.addinivalue_line("markers", "only_cockroachdb: runs with clients for CockroachDB alone.")
    config.addinivalue_line("markers", "schema(name): uses a client of this schema instead of the service's.")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "driver" in metafunc.fixturenames:
        marked = {marker.name for marker in metafunc.definition.iter_markers()}
        count = 1 if "default_client" in marked else 2 if "tasks" in marked else 3
        drivers = DRIVERS[:count]
        if "portable" in marked and "default_client" not in marked:
            others = 1 if "tasks" in marked else 2
            drivers = [*drivers, *FILE_DRIVERS[:others], *MYSQL_DRIVERS[:others]]
        if "only_mysql" in marked:
            drivers = MYSQL_DRIVERS[:1] if "tasks" in marked else MYSQL_DRIVERS
        if "only_cockroachdb" in marked:
            drivers = COCKROACH_DRIVERS
        metafunc.parametrize("driver", drivers)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a database lacks, a case of a test at a time."""
    lacking = [item for item in items if not _has_all(item)]
    if lacking:
        config.hook.pytest_deselected(items=lacking)
        items[:] = [item for item in items if item not in set(lacking)]


def _has_all(item: pytest.Item) -> bool:
    needed = [word for marker in item.iter_markers("needs") for word in marker.args]
    call = getattr(item, "callspec", None)
    driver = "" if call is None else str(call.params.get("driver"))
    return capabilities.has(DIALECTS.get(driver, POSTGRESQL), needed)


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
    """Generated clients, one for each schema and driver.

    Args:
        folder: where they are made, for all processes of pytest: which needs one first makes it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._packages: dict[tuple[Path, str], Any] = {}

    def get(self, schema: str | Path, driver: str) -> Any:
        """Return the package of a client for a driver; the schema is a name of `SCHEMAS`, a file or a folder."""
        source = SCHEMAS[schema][0] if isinstance(schema, str) else schema
        package = self._packages.get((source, driver))
        if package is None:
            name = f"client_{zlib.crc32(bytes(source)):x}_{driver.replace('-', '_')}"
            with (self._folder / f"{name}.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not (self._folder / name).exists():
                    self._make(source, name, driver)
            importlib.invalidate_caches()
            package = self._packages[source, driver] = importlib.import_module(name)
        return package

    def _make(self, source: Path, name: str, driver: str) -> None:
        copy = self._copy(source, name)
        for file in copy.rglob("*.prisma") if driver in ADAPTED_SCHEMAS else ():
            text = file.read_text(encoding="utf-8")
            file.write_text(ADAPTED_SCHEMAS[driver](text), encoding="utf-8")
        generate(copy, root=self._folder, environment=OPTIONS[driver])

    def _copy(self, source: Path, name: str) -> Path:
        """Copy a schema, with the package's place as its generator's output."""
        copy = self._folder / "schemas" / name
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("*.sql"))
        else:
            copy.mkdir(parents=True)
            shutil.copy(source, copy)
        count = 0
        for file in copy.rglob("*.prisma"):
            text, found = PROVIDER.subn(rf'\g<0>\n  output = "../../{name}"', file.read_text(encoding="utf-8"))
            file.write_text(text, encoding="utf-8")
            count += found
        if not count:
            # The service's schema: its generator has its options in pyproject.toml.
            with (copy / source.name).open("a", encoding="utf-8") as schema:
                schema.write(f'generator python {{\n  provider = "prisma-client-py"\n  output = "../../{name}"\n}}\n')
        assert count <= 1
        return copy


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Packages]:
    """Generates clients in a folder from which they can be imported."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        # Each process has a folder of its own below that of the run.
        folder = folder.parent
    folder /= "packages"
    folder.mkdir(exist_ok=True)
    sys.path.insert(0, str(folder))
    yield Packages(folder)
    sys.path.remove(str(folder))


class Databases:
    """Databases with tables, made once and emptied for each test, which costs far less than a new one."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._urls: dict[tuple[Path, ...], tuple[str, psycopg.Connection[Any]]] = {}

    def empty(self, scripts: Sequence[Path]) -> str:
        """Return the URL of a database with the tables of the scripts, and no rows."""
        key = tuple(scripts)
        if key not in self._urls:
            name = f"shared_{uuid.uuid4().hex[:12]}"
            self._server.create_database(name)
            for script in scripts:
                self._server.run(f'\\connect "{name}"\n{script.read_text(encoding="utf-8")}')
            connection = psycopg.connect(
                host=str(self._server.socket_folder), user="postgres", dbname=name, autocommit=True
            )
            # Without foreign keys, so that tables can be emptied in any order.
            connection.execute("SET session_replication_role = replica")
            self._urls[key] = self._server.url(name), connection
        url, connection = self._urls[key]
        self._empty(connection)
        return url

    @staticmethod
    def _empty(connection: psycopg.Connection[Any]) -> None:
        """Empty the tables, and let sequences begin again.

        TRUNCATE makes new files for each table, and for each of its indexes: for all tables of the service that takes
        a tenth of a second. VACUUM takes the pages from the few that had rows, so that new rows lie in order.
        """
        tables = [table for (table,) in connection.execute(WITH_PAGES)]
        for table in tables:
            connection.execute(f"DELETE FROM {table}".encode())
        if tables:
            connection.execute(f"VACUUM {', '.join(tables)}".encode())
        connection.execute(BEGIN_ANEW)

    def close(self) -> None:
        for _, connection in self._urls.values():
            connection.close()


@pytest.fixture(scope="session")
def databases(server: Any) -> Iterator[Databases]:
    """Databases with tables."""
    databases = Databases(server)
    yield databases
    databases.close()


class Files:
    """Files of SQLite with tables, made once and copied for each test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, Path] = {}
        self._count = 0

    def empty(self, schema: str) -> str:
        """Return the URL of a file with the tables of a schema, and no rows."""
        if schema not in self._made:
            source = SCHEMAS[schema][0]
            texts = [source] if source.is_file() else sorted(source.rglob("*.prisma"))
            self._made[schema] = self._folder / f"{schema}.db"
            make_file(self._made[schema], [(str(file), as_sqlite(file.read_text(encoding="utf-8"))) for file in texts])
        self._count += 1
        # With a parameter, so that tests may add others as to a server's URL.
        return f"file:{shutil.copy(self._made[schema], self._folder / f'{self._count}.db')}?pool_timeout=10"


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Files of SQLite with tables."""
    return Files(tmp_path_factory.mktemp("files"))


class MysqlDatabases:
    """Databases of MariaDB with tables, made once and emptied for each test."""

    def __init__(self, server: MariaDb) -> None:
        self._server = server
        self._connection = server.connect()
        self._made: dict[str, tuple[str, str]] = {}

    def empty(self, schema: str) -> str:
        """Return the URL of a database with the tables of a schema, and no rows."""
        if schema not in self._made:
            source = SCHEMAS[schema][0]
            texts = [source] if source.is_file() else sorted(source.rglob("*.prisma"))
            name = f"shared_{uuid.uuid4().hex[:12]}"
            self._server.create_database(name)
            # As other URLs it has parameters, to which tests add theirs.
            url = self._server.url(name, pool_timeout="10")
            self._server.run(tables([(str(file), as_mysql(file.read_text(encoding="utf-8"))) for file in texts]), name)
            found = self._server.run(
                "SELECT table_name, auto_increment IS NOT NULL FROM information_schema.tables "
                f"WHERE table_schema = '{name}'"
            )
            statements = [f"DELETE FROM `{name}`.`{table}`" for table, _ in found]
            statements += [f"ALTER TABLE `{name}`.`{table}` AUTO_INCREMENT = 1" for table, counts in found if counts]
            self._made[schema] = url, f"SET FOREIGN_KEY_CHECKS = 0; {'; '.join(statements)}"
        url, script = self._made[schema]
        with self._connection.cursor() as cursor:
            cursor.execute(script)
            while cursor.nextset():
                pass
        return url

    def close(self) -> None:
        self._connection.close()


@pytest.fixture(scope="session")
def mysql_databases(mysql_server: MariaDb) -> Iterator[MysqlDatabases]:
    """Databases of MariaDB with tables."""
    databases = MysqlDatabases(mysql_server)
    yield databases
    databases.close()


@pytest.fixture
def schema(request: pytest.FixtureRequest) -> str:
    """The name of the schema that the test uses."""
    marker = request.node.get_closest_marker("schema")
    return "service" if marker is None else marker.args[0]


@pytest.fixture
def url(request: pytest.FixtureRequest, schema: str) -> str:
    """The URL of an empty database with the schema's tables."""
    if "driver" in request.fixturenames and request.getfixturevalue("driver") in FILE_DRIVERS:
        return request.getfixturevalue("files").empty(schema)
    if "driver" in request.fixturenames and request.getfixturevalue("driver") in MYSQL_DRIVERS:
        return request.getfixturevalue("mysql_databases").empty(schema)
    return request.getfixturevalue("databases").empty(SCHEMAS[schema][1])


@pytest.fixture
def has_lists(driver: str) -> bool:
    """Whether a column can hold a list."""
    return driver not in {*FILE_DRIVERS, *MYSQL_DRIVERS}


@pytest.fixture
def spelling(driver: str) -> Spelling:
    """SQL in the words of the driver's database."""
    return SPELLINGS.get(driver, POSTGRESQL_SPELLING)


@pytest.fixture
def package(driver: str, packages: Packages, schema: str) -> Any:
    """The generated package of the schema."""
    return packages.get(schema, driver)


@pytest.fixture
def make_client(driver: str, packages: Packages, threads: Adapter, schema: str, url: str) -> Callable[..., Any]:
    """Make clients of the schema; the arguments are those of `Prisma`."""

    def make(**arguments: Any) -> Any:
        arguments = {"datasource": {"url": url}, "use_dotenv": False, "transaction_options": PATIENT, **arguments}
        if (schema, driver) == ("service", "asyncpg"):
            # The client that programs use.
            from prisma import Prisma

            return Prisma(**arguments)
        return threads.adapt(packages.get(schema, driver).Prisma(**arguments))

    return make


@pytest.fixture
async def db(make_client: Callable[..., Any]) -> AsyncIterator[Any]:
    """A connected client of the schema."""
    async with make_client() as client:
        yield client


@pytest.fixture
def connect(
    driver: str, packages: Packages, threads: Adapter, request: pytest.FixtureRequest
) -> Callable[[str], AbstractAsyncContextManager[Any]]:
    """Connect a client of a schema that the test names itself."""

    @asynccontextmanager
    async def connected(name: str) -> AsyncIterator[Any]:
        package = packages.get(name, driver)
        if driver in FILE_DRIVERS:
            url = request.getfixturevalue("files").empty(name)
        elif driver in MYSQL_DRIVERS:
            url = request.getfixturevalue("mysql_databases").empty(name)
        else:
            url = request.getfixturevalue("databases").empty(SCHEMAS[name][1])
        async with threads.adapt(
            package.Prisma(datasource={"url": url}, use_dotenv=False, transaction_options=PATIENT)
        ) as client:
            yield client

    return connected


@pytest.fixture
async def ada(db: Any) -> Any:
    """A user of the schema "blog" with two posts."""
    return await db.user.create(
        {"name": "Ada", "score": 3, "posts": {"create": [{"title": "first", "views": 5}, {"title": "second"}]}},
        include={"posts": True},
    )


@pytest.fixture
def sql(server: Any, url: str) -> Iterator[psycopg.Connection[Any]]:
    """A plain connection to the same database, which shows values as PostgreSQL writes them."""
    name = url.rpartition("/")[2].partition("?")[0]
    with psycopg.connect(host=str(server.socket_folder), user="postgres", dbname=name, autocommit=True) as connection:
        connection.execute("SET TimeZone = UTC; SET bytea_output = hex")
        yield connection
