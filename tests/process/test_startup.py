"""The start of the service by `python -m app`, and every way in which it can fail."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest

from servers import PATIENCE
from servers.prepared import PreparedPython
from servers.service import running
from servers.service_command import RUN_MODULE

if TYPE_CHECKING:
    from servers.tcp import TcpServer

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent
PARTS = ("app", "migrations", "schema.prisma", "prisma_seed.py")

Find = Callable[[], int]
Refused = Callable[..., tuple[int, str, str]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the service, to be spoilt."""
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
        copy(ROOT / part, tmp_path / part)
    return tmp_path


@pytest.fixture
def data_folder() -> Generator[Path]:
    # Not pytest's tmp_path: a socket's path may have 107 bytes at most.
    folder = Path(tempfile.mkdtemp(prefix="app-"))
    yield folder / "my däta"
    shutil.rmtree(folder, ignore_errors=True)


async def new_key(environment: dict[str, str], user: str) -> str:
    """Make an API key while the service runs, as its operator does."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.keys", "create", "--user", user, cwd=ROOT, env=environment, stdout=subprocess.PIPE
    )
    return (await process.communicate())[0].decode().strip()


def is_there(path: Path) -> bool:
    return path.exists()


@pytest.fixture
def refused(checkout: Path, prepared_service: PreparedPython, clean_environment: dict[str, str]) -> Refused:
    """Start the service in `checkout`, which must fail; return exit code, last line of progress and complaint."""

    def start(**settings: str) -> tuple[int, str, str]:
        environment = {**clean_environment, "PYTHONDONTWRITEBYTECODE": "1", **settings}
        done = prepared_service.run(RUN_MODULE, ["app"], checkout, environment)
        assert "Traceback" not in done.err + done.out
        return done.code, (done.out.splitlines() or [""])[-1], done.err

    return start


async def test_from_nothing_and_again(
    data_folder: Path, unused_port: Find, clean_environment: dict[str, str], prepared_service: PreparedPython
):
    port = unused_port()
    address = f"http://127.0.0.1:{port}"
    environment = {**clean_environment, "DATA_FOLDER": str(data_folder), "PORT": str(port), "NODE_ENV": "test"}
    postgres = data_folder / "postgres"

    async with running(environment) as first, httpx.AsyncClient(base_url=address, timeout=PATIENCE) as http:
        pages = [await http.get(path) for path in ("/api/health", "/docs", "/api/stats")]
        key = await new_key(environment, "ada.okafor@example.com")
        me = await http.get("/api/v1/users/me?fields=id,role", headers={"Authorization": f"Bearer {key}"})
        code = await first.stop(signal.SIGTERM)
    stopped = not is_there(postgres / "postmaster.pid")
    async with (
        running(environment, prepared=prepared_service) as second,
        httpx.AsyncClient(base_url=address, timeout=PATIENCE) as http,
    ):
        users = (await http.get("/api/stats")).json()["users"]
        code_again = await second.stop(signal.SIGINT)

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert pages[2].json() == {"users": 12, "apiKeys": 22, "subscriptions": 10, "projects": 16}
    assert me.json() == {"id": "seed_ada", "role": "ADMIN"}
    assert (code, stopped, users, code_again) == (0, True, 12, 130)
    assert not is_there(postgres / "postmaster.pid")
    url = f"postgresql://postgres@localhost/ainative?host={quote(str(postgres), safe='')}"
    common = [
        "[1/6] Environment  test, from environment",
        f"[2/6] PostgreSQL   starting the embedded server in {data_folder}",
        f"ready after N s; for other tools: DATABASE_URL={url}",
        "[3/6] Client       up to date",
    ]
    end = [
        f"[6/6] Serving      {address} (Ctrl+C stops it)",
        f"Docs    {address}/docs",
        f"Health  {address}/api/health",
    ]
    assert first.lines[:4] == common
    assert first.lines[4:15] == [
        "applying 20261123050348_init",
        "applying 20261125030000_tenant_isolation",
        "applying 20261125040000_idempotency",
        "applying 20261130040000_versions",
        "applying 20261130050000_key_restrictions",
        "applying 20261130060000_credit_balances",
        "applying 20261130070000_request_cost",
        "applying 20261130080000_growth",
        "applying 20261130090000_deleted_keys",
        "applying 20261130100000_isolation",
        "[4/6] Migrations   10 applied",
    ]
    assert first.lines[15] == "[5/6] Seed         example data, if the database is empty"
    assert first.lines[-4].startswith("rows now: user 12, account 22, ")
    assert first.lines[-3:] == end
    assert second.lines == [
        *common,
        "[4/6] Migrations   all 10 in force",
        "[5/6] Seed         example data, if the database is empty",
        "there are users already: nothing to seed",
        *end,
    ]


@pytest.fixture
def without_client(tmp_path_factory: pytest.TempPathFactory, clean_environment: dict[str, str]) -> dict[str, str]:
    """An environment in which the package `prisma` has no generated client yet."""
    packages = tmp_path_factory.mktemp("packages")
    ignored = shutil.ignore_patterns("_generated", "__pycache__", "node_modules")
    shutil.copytree(ROOT / "packages" / "prisma" / "src" / "prisma", packages / "prisma", ignore=ignored)
    return {**clean_environment, "PYTHONPATH": str(packages), "NODE_ENV": "test"}


async def test_generates_a_missing_client(database: str, unused_port: Find, without_client: dict[str, str]):
    port = unused_port()
    environment = {**without_client, "DATABASE_URL": database, "PORT": str(port)}
    async with (
        running(environment) as service,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as http,
    ):
        users = (await http.get("/api/stats")).json()["users"]
        await service.stop(signal.SIGTERM)

    assert (service.lines[2], users) == ("[3/6] Client       generated in N s", 12)


def test_the_seed_alone_says_that_the_client_is_missing(database: str, without_client: dict[str, str]):
    done = subprocess.run(
        [sys.executable, str(ROOT / "prisma_seed.py")],
        env={**without_client, "DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ")
    assert "prisma generate" in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_given_server_is_used_and_none_started(
    tcp_server: TcpServer,
    data_folder: Path,
    unused_port: Find,
    clean_environment: dict[str, str],
    prepared_service: PreparedPython,
):
    tcp_server.run('CREATE DATABASE "given"')
    environment = {
        **clean_environment,
        "DATABASE_URL": tcp_server.url("given"),
        "DATABASE_POOL_SIZE": "3",
        "DATA_FOLDER": str(data_folder),
        "PORT": str(unused_port()),
        "NODE_ENV": "test",
    }
    async with running(environment, prepared=prepared_service) as service:
        await service.stop(signal.SIGTERM)
    tcp_server.run('DROP DATABASE "given" WITH (FORCE)')

    place = f"postgresql://postgres:***@localhost:{tcp_server.port}/given"
    assert service.lines[1] == (f"[2/6] PostgreSQL   {place}?connection_limit=3, migrations {place}")
    assert tcp_server.password not in "\n".join(service.lines)
    assert not is_there(data_folder)


class TestFaults:
    """Each ends in one clear message with the fix and a non-zero exit code, and leaves nothing behind."""

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            ({"DATABASE_URL": "mysql://ann:secret@db/shop"}, "DATABASE_URL can't be used: it does not start with"),
            ({"DATABASE_URL": "postgresql://ann:secret@db"}, "DATABASE_URL can't be used: it names no database"),
            ({"NODE_ENV": "production"}, "DATABASE_URL is not set in production"),
            ({"DATABASE_POOL_SIZE": "0"}, "DATABASE_POOL_SIZE is '0'"),
            ({"PORT": "http"}, "PORT is 'http'"),
            ({"HOST": "203.0.113.1", "PORT": "8123"}, "Port 8123 of 203.0.113.1 can't be opened"),
            ({"DATA_FOLDER": "schema.prisma"}, "schema.prisma: it is not a folder"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, dict) else None,
    )
    def test_settings(
        self, checkout: Path, refused: Refused, unused_port: Find, settings: dict[str, str], message: str
    ):
        before = sorted(checkout.rglob("*"))
        code, _, complaint = refused(**{"PORT": str(unused_port()), **settings})
        assert (code, complaint.count("Error: "), complaint.count("\nFix:   ")) == (1, 1, 1)
        assert message in complaint
        assert "secret" not in complaint
        assert sorted(checkout.rglob("*")) == before

    def test_a_taken_port(self, refused: Refused):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            code, progress, complaint = refused(PORT=str(port))
        assert (code, progress) == (1, "[1/6] Environment  development, from environment")
        assert complaint == (
            f"Error: Port {port} of 127.0.0.1 can't be opened: Address already in use.\n"
            "Fix:   Stop the program that uses it, or set PORT to a free one, e.g. PORT=8001. "
            "HOST must be this machine's.\n"
        )

    @pytest.mark.parametrize(
        ("place", "message", "fix"),
        [
            ({"host": "127.0.0.2"}, "Can't reach database server at `127.0.0.2:", "Start the server, or correct"),
            ({"password": "not-secret"}, "Authentication failed", "Correct the user and the password"),
            ({"database": "nowhere"}, "Database `nowhere` does not exist", "Create the database, or correct its name"),
        ],
        ids=["unreachable", "password", "database"],
    )
    def test_a_server_that_refuses(
        self,
        refused: Refused,
        tcp_server: TcpServer,
        unused_port: Find,
        place: dict[str, Any],
        message: str,
        fix: str,
    ):
        url = tcp_server.url(**place)
        code, _, complaint = refused(DATABASE_URL=url, PORT=str(unused_port()))
        assert code == 1
        assert re.match(rf"Error: {re.escape(message)}.*\nFix:   {re.escape(fix)} .*DATABASE_URL", complaint), complaint
        assert "secret" not in complaint
        assert tcp_server.password not in complaint

    def test_a_wrong_schema(self, checkout: Path, refused: Refused, database: str, unused_port: Find):
        schema = checkout / "schema.prisma"
        schema.write_text(schema.read_text().replace("emailVerified DateTime?", "emailVerified DateTyme?"))

        code, _, complaint = refused(DATABASE_URL=database, PORT=str(unused_port()))

        assert code == 1
        assert 'Type "DateTyme" is neither a built-in type' in complaint
        assert re.search(r"schema\.prisma:\d+", complaint)
        assert "emailVerified DateTyme?" in complaint

    def test_a_migration_that_fails(self, checkout: Path, refused: Refused, database: str, unused_port: Find):
        (checkout / "migrations" / "20990101000000_broken").mkdir()
        (checkout / "migrations" / "20990101000000_broken" / "migration.sql").write_text("SELECT 1/0;")
        settings = {"DATABASE_URL": database, "PORT": str(unused_port())}

        first = refused(**settings)
        second = refused(**settings)

        assert (first[0], second[0]) == (1, 1)
        assert "Migration name: 20990101000000_broken" in first[2]
        assert "division by zero" in first[2]
        assert "The `20990101000000_broken` migration started at" in second[2]

    def test_a_database_with_tables_of_others(self, refused: Refused, tcp_server: TcpServer, unused_port: Find):
        tcp_server.run("CREATE DATABASE used")
        tcp_server.run("CREATE TABLE t (id int)", database="used")
        url, port = tcp_server.url("used"), str(unused_port())

        code, _, complaint = refused(DATABASE_URL=url, PORT=port)

        tables = tcp_server.run(
            "SELECT string_agg(tablename, ' ') FROM pg_tables WHERE schemaname = 'public'", database="used"
        )
        tcp_server.run("DROP DATABASE used WITH (FORCE)")
        assert (code, tables) == (1, "t")
        assert "The database schema is not empty" in complaint
