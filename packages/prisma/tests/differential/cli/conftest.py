"""A server with PostgreSQL's own extensions, and projects with databases on it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from servers.nodejs import Node
from servers.npm import installed_packages
from servers.tcp import BINARIES, TcpServer
from servers.tls import tls_binaries

from .cases import WITH_EXTENSIONS, WITH_VIEWS, Case
from .official import ORACLE, Official
from .twin import Twin

# The version that wrote the views in the transcripts.
VIEWS_OF = "15"
_CITEXT = "SELECT 1 FROM pg_available_extensions WHERE name = 'citext'"


@pytest.fixture(scope="session")
def cli_server() -> Iterator[TcpServer]:
    """The system's server where there is one: the embedded one has no extensions."""
    server = TcpServer(tls_binaries() or BINARIES)
    server.start()
    yield server
    server.destroy()


@pytest.fixture(scope="session")
def official(node: Node) -> Iterator[Official]:
    """Prisma's command line. The first time, npm installs it."""
    command_line = Official(node.program, installed_packages(ORACLE, node))
    yield command_line
    command_line.close()


@pytest.fixture
def make_twin(cli_server: TcpServer, official: Official, tmp_path: Path) -> Iterator[Callable[..., Twin]]:
    """Make a project with a new database, in which the named commands are ours."""
    with ExitStack() as stack:

        def make(ours: Collection[str] = ()) -> Twin:
            names = [f"{kind}_{uuid.uuid4().hex[:12]}" for kind in ("twin", "shadow")]
            url, shadow_url = (stack.enter_context(_database(cli_server, name)) for name in names)
            folder = tmp_path / names[0]
            folder.mkdir()
            return Twin(folder, url, shadow_url, official, ours)

        yield make


@pytest.fixture
def case(request: pytest.FixtureRequest, cli_server: TcpServer) -> Case:
    """A case that this server is made for."""
    case: Case = request.param
    if case.name in WITH_EXTENSIONS and not cli_server.run(_CITEXT):
        pytest.skip("this server has no extensions")
    if case.name in WITH_VIEWS and not cli_server.run("SHOW server_version_num").startswith(VIEWS_OF):
        pytest.skip("each version of PostgreSQL writes views in another form")
    return case


@contextmanager
def _database(server: TcpServer, name: str) -> Iterator[str]:
    server.run(f'CREATE DATABASE "{name}"')
    try:
        yield server.url(name)
    finally:
        server.run(f'DROP DATABASE "{name}" WITH (FORCE)')
