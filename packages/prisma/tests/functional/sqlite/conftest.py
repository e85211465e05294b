"""Clients of a SQLite file, for asyncio and for threads."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from prisma.drivers.sqlite.file_url import FileOptions
from prisma.drivers.sqlite.session import Session
from servers.sqlite import make_file

SCHEMA = Path(__file__).parent / "schema.prisma"
# The generator's options of the functional tests, by interface.
INTERFACES = {"asyncio": "asyncpg", "threads": "threads"}


@pytest.fixture(params=list(INTERFACES))
def interface(request: pytest.FixtureRequest) -> str:
    """How the client is called."""
    return request.param


@pytest.fixture(scope="session")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the schema's tables."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    make_file(path, [(str(SCHEMA), SCHEMA.read_text(encoding="utf-8"))])
    return path


@pytest.fixture
def path(pushed: Path, tmp_path: Path) -> Path:
    """A file of this test's own, with the tables and no rows."""
    return Path(shutil.copy(pushed, tmp_path / "dev.db"))


@pytest.fixture
def package(packages: Any, interface: str) -> Any:
    """The generated package."""
    return packages.get(SCHEMA, INTERFACES[interface])


@pytest.fixture
def make_client(package: Any, threads: Any, path: Path) -> Callable[..., Any]:
    """Make clients; the parameters of the URL may be given."""

    def make(parameters: str = "", **arguments: Any) -> Any:
        datasource = {"url": f"file:{path}{parameters}"}
        return threads.adapt(package.Prisma(**{"datasource": datasource, "use_dotenv": False, **arguments}))

    return make


@pytest.fixture
async def db(make_client: Callable[..., Any]) -> AsyncIterator[Any]:
    """A connected client."""
    async with make_client() as client:
        yield client


@pytest.fixture
def stored(path: Path) -> Iterator[Callable[[str], Any]]:
    """Run SQL on the same file, and see values as they are stored."""
    session = Session(FileOptions(path=str(path), connection_limit=1))
    yield lambda sql: session.query_raw(sql, ()).rows
    session.close()
