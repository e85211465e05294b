"""The fixtures of the service's tests: a migrated database, a client of it, and the application over HTTP."""

from __future__ import annotations

import asyncio
import os
import socket
import uuid
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg
import pytest
from httpx import ASGITransport, AsyncClient

from app.auth.keys import new_key, stored
from app.config.settings import Environment, Settings, load_settings
from app.main import create_app
from prisma import Prisma
from prisma.enums import Role
from prisma.migrate import deploy
from servers.service_command import RUN_MODULE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fastapi import FastAPI

    from conftest import Server
    from servers.bouncer import PgBouncer
    from servers.prepared import PreparedPython

ROOT = Path(__file__).resolve().parent.parent
OWNER = "tests"  # the name of the connection that empties the tables


@pytest.fixture(scope="session")
def template(server: Server) -> Generator[str]:
    """The name of a database with every migration applied, to copy: nobody may stay connected to it."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    server.create_database(name)
    asyncio.run(deploy(ROOT / "migrations", server.url(name)))
    yield name
    server.drop_database(name)


@pytest.fixture(scope="session")
def _migrated(server: Server, template: str) -> Generator[str]:
    name = f"migrated_{uuid.uuid4().hex[:12]}"
    server.create_database(name, template)
    yield name
    server.drop_database(name)


@pytest.fixture(scope="session")
def _owner(server: Server, _migrated: str) -> Generator[psycopg.Connection]:
    with psycopg.connect(server.url(_migrated), autocommit=True, application_name=OWNER) as connection:
        yield connection


@pytest.fixture
def migrated(server: Server, _migrated: str, _owner: psycopg.Connection) -> Generator[str]:
    """The URL of a database with every migration applied and no rows."""
    yield server.url(_migrated)
    # Everything else goes with its user. A database of its own for each test would take 25 times as long.
    _owner.execute(
        "DELETE FROM users; DELETE FROM verification_tokens; DELETE FROM rate_limits;"
        "DELETE FROM service.idempotency_keys;"
    )


@pytest.fixture
async def db(migrated: str) -> AsyncGenerator[Prisma]:
    """A client, connected to the migrated database."""
    async with Prisma(datasource={"url": migrated}, use_dotenv=False) as client:
        yield client


@pytest.fixture
def pooled(migrated: str, _migrated: str, pgbouncer: PgBouncer) -> str:
    """The URL of the migrated database through a PgBouncer in transaction mode."""
    return pgbouncer.url(_migrated, pgbouncer="true")


@pytest.fixture(params=["direct", "pgbouncer"])
def either(request: pytest.FixtureRequest) -> str:
    """The URL of the migrated database: once directly, once through a PgBouncer."""
    return request.getfixturevalue("pooled" if request.param == "pgbouncer" else "migrated")


@dataclass(frozen=True)
class Tenant:
    """A user with an API key."""

    id: str
    key: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


Run: TypeAlias = "Callable[..., Awaitable[tuple[int, str, str]]]"
Enrol: TypeAlias = "Callable[..., Awaitable[Tenant]]"


@pytest.fixture
def enrol(db: Prisma) -> Enrol:
    """Create users with a key each: `await enrol("ada", role=Role.ADMIN)`; further values are the key's."""

    async def create(id: str, role: Role = Role.USER, **values: Any) -> Tenant:
        key = new_key()
        row: Any = {"key": stored(key), "name": "Test", "userId": id, **values}
        await db.user.create(data={"id": id, "email": f"{id}@example.com", "role": role})
        await db.apikey.create(data=row)
        return Tenant(id, key)

    return create


@pytest.fixture
def run(
    request: pytest.FixtureRequest, migrated: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run the command PROGRAM of the test's module on the migrated database; return exit code, output, complaints."""
    main = import_module(f"{request.module.PROGRAM}.__main__").main
    monkeypatch.setenv("DATABASE_URL", migrated)
    monkeypatch.delenv("UV_RUN_RECURSION_DEPTH", raising=False)

    async def start(*words: str) -> tuple[int, str, str]:
        # In a thread, because it has an event loop of its own.
        code = await asyncio.to_thread(main, list(words))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return start


@pytest.fixture
def program(
    request: pytest.FixtureRequest, migrated: str, clean_environment: dict[str, str], prepared_service: PreparedPython
) -> Run:
    """Run the same command as a program, in a process of its own."""
    environment = {**clean_environment, "DATABASE_URL": migrated}

    async def start(*words: str) -> tuple[int, str, str]:
        arguments = [request.module.PROGRAM, *words]
        done = await asyncio.to_thread(prepared_service.run, RUN_MODULE, arguments, ROOT, environment)
        return done.code, done.out, done.err

    return start


@pytest.fixture
def settings(migrated: str, tmp_path: Path) -> Settings:
    """Settings of a service on the migrated database."""
    return settings_for(migrated, tmp_path)


@pytest.fixture
async def http(migrated: str) -> AsyncGenerator[AsyncClient]:
    """The application over HTTP."""
    async with serving(application(migrated)) as client:
        yield client


@cache
def application(url: str) -> FastAPI:
    """The application of a service on a database, kept: at its first request to a route FastAPI works out what the
    route takes, which is ten times the work of the request."""
    return create_app(settings_for(url, ROOT / "tests"))


def settings_for(url: str, folder: Path) -> Settings:
    return replace(load_settings({}, folder), environment=Environment.TEST, database_url=url)


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncGenerator[AsyncClient]:
    """Run the application's lifespan, as a server does, and yield a client of it."""
    async with app.router.lifespan_context(app) as state:

        async def with_state(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)

        # An error that reaches the transport would hide the answer that a real caller gets.
        transport = ASGITransport(with_state, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://service") as client:
            yield client


@pytest.fixture
def serve():
    """Serve an application on a database of the test's own: `async with serve(url) as client`."""

    def start(url: str):
        return serving(application(url))

    return start


@pytest.fixture
def serve_app():
    """Serve an application that the test made: `async with serve_app(app) as client`."""
    return serving


@pytest.fixture
def unused_port():
    """Give TCP ports of the loopback address that nothing uses at the moment."""

    def find() -> int:
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            return sock.getsockname()[1]

    return find


@pytest.fixture
def clean_environment() -> dict[str, str]:
    """The environment for a program of its own: this process's, without settings of the service."""
    ours = {"DATABASE_URL", "DIRECT_DATABASE_URL", "DATABASE_POOL_SIZE", "NODE_ENV", "HOST", "PORT", "DATA_FOLDER"}
    ours |= {"WORKERS", "WEB_CONCURRENCY", "METRICS_TOKEN", "TRACING", "NEXTAUTH_URL", "NEXTAUTH_SECRET"}
    ours |= {"DATABASE_REPLICA_URLS", "DATABASE_REPLICA_MAX_LAG"}
    ours |= {"UV_RUN_RECURSION_DEPTH"}  # with it, commands tell the reader to use `uv run`
    return {name: value for name, value in os.environ.items() if name not in ours}
