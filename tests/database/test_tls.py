"""TLS between the service and PostgreSQL: accepted and refused certificates, and the messages."""

from __future__ import annotations

import asyncio
import json
import signal
import uuid
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import trustme

from prisma.migrate import deploy
from servers import PATIENCE
from servers.prepared import PreparedPython
from servers.service import ROOT, running
from servers.service_command import RUN_MODULE
from servers.tls import OTHER_ADDRESS

if TYPE_CHECKING:
    from servers.service_command import RUN_MODULE
from servers.tls import TlsServer

Find = Callable[[], int]


@pytest.fixture(scope="module")
def _migrated_with_tls(tls_server: TlsServer) -> Generator[str]:
    name = f"tls_{uuid.uuid4().hex[:12]}"
    tls_server.run(f'CREATE DATABASE "{name}"')
    asyncio.run(deploy(ROOT / "migrations", tls_server.url(name, sslmode="require")))
    yield name
    tls_server.run(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database_name(_migrated_with_tls: str) -> str:
    return _migrated_with_tls


@pytest.fixture
def files(tls_server: TlsServer, tmp_path: Path) -> dict[str, str]:
    """What certificates can be checked against: by the server's authority, or by a stranger."""
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    return {"authority": str(tls_server.authority_file), "stranger": str(stranger)}


@pytest.mark.parametrize(
    "parameters",
    [
        {"sslmode": "require"},
        {"sslmode": "verify-ca", "sslrootcert": "authority", "host": OTHER_ADDRESS},
        {"sslmode": "verify-full", "sslrootcert": "authority"},
        {"sslmode": "require", "sslcert": "authority", "sslaccept": "strict"},
    ],
    ids=lambda parameters: " ".join(parameters.values()),
)
async def test_works_encrypted(
    tls_server: TlsServer,
    database_name: str,
    files: dict[str, str],
    serve: Any,
    parameters: dict[str, str],
):
    named = {name: files.get(value, value) for name, value in parameters.items()}
    url = tls_server.url(database_name, host=named.pop("host", "localhost"), **named)
    async with serve(url) as http:
        answer = await http.get("/api/health")
        sessions = tls_server.encrypted_sessions(database_name)
    assert (answer.json()["database"], all(sessions), len(sessions) > 0) == ("connected", True, True)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"sslmode": "verify-full", "sslrootcert": "stranger"}, "certificate verify failed"),
        ({"sslmode": "verify-full", "sslrootcert": "authority", "host": OTHER_ADDRESS}, "IP address mismatch"),
        ({"sslmode": "verify-full"}, "certificate verify failed"),
        ({"sslmode": "verify-full", "sslrootcert": "/no/such.pem"}, "The file that sslrootcert names can't be read"),
    ],
    ids=["stranger", "other name", "system's authorities", "no file"],
)
def test_a_server_that_can_not_be_trusted_ends_the_start(
    tls_server: TlsServer,
    database_name: str,
    files: dict[str, str],
    unused_port: Find,
    clean_environment: dict[str, str],
    prepared_service: PreparedPython,
    parameters: dict[str, str],
    reason: str,
):
    named = {name: files.get(value, value) for name, value in parameters.items()}
    url = tls_server.url(database_name, host=named.pop("host", "localhost"), **named)
    environment = {**clean_environment, "DATABASE_URL": url, "PORT": str(unused_port()), "NODE_ENV": "test"}
    done = prepared_service.run(RUN_MODULE, ["app"], ROOT, environment)
    assert (done.code, done.err.count("\n")) == (1, 2), done.err
    error, fix = done.err.splitlines()
    assert error.startswith("Error: Error opening a TLS connection: ")
    assert reason in error
    assert error.endswith("(P1011)")
    assert fix == "Fix:   Correct sslmode and the certificates in DIRECT_DATABASE_URL (or DATABASE_URL)."


def test_a_server_that_insists_on_tls_refuses_the_rest(
    tls_server: TlsServer,
    database_name: str,
    unused_port: Find,
    clean_environment: dict[str, str],
    prepared_service: PreparedPython,
):
    url = tls_server.url(database_name, sslmode="disable")
    environment = {**clean_environment, "DATABASE_URL": url, "PORT": str(unused_port()), "NODE_ENV": "test"}
    done = prepared_service.run(RUN_MODULE, ["app"], ROOT, environment)
    assert (done.code, "Traceback" in done.err, done.err.startswith("Error: ")) == (1, False, True)
    assert "sslmode=require" in done.err


async def test_production(
    tls_server: TlsServer,
    database_name: str,
    unused_port: Find,
    clean_environment: dict[str, str],
    prepared_service: PreparedPython,
):
    """Every line is JSON, what is doubtful is said, nothing is seeded, and no secret is told."""
    port = unused_port()
    url = tls_server.url(database_name, host=OTHER_ADDRESS, sslmode="require")
    environment = {**clean_environment, "DATABASE_URL": url, "PORT": str(port), "NODE_ENV": "production"}
    environment |= {"PUBLIC_STATS": "true", "RATE_LIMIT_WHITELIST": "none"}
    async with (
        running(environment, prepared=prepared_service) as service,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as http,
    ):
        answers = [
            await http.get(path, headers={"Authorization": "Bearer s3cr3t-key"})
            for path in ("/api/health", "/api/stats?token=s3cr3t-key", "/metrics")
        ]
        code = await service.stop(signal.SIGTERM)
    lines = [json.loads(line) for line in service.lines + service.later]
    said = [line["message"] for line in lines if line["logger"] == "app.start"]

    assert ([answer.status_code for answer in answers], code) == ([200, 200, 404], 0)
    assert answers[1].json()["users"] == 0
    assert [line["message"].split()[0] for line in lines if line["level"] != "info"] == [
        "NEXTAUTH_URL",
        "NEXTAUTH_SECRET",
    ]
    assert {line["level"] for line in lines} == {"info", "warning"}
    assert said[-2:] == ["Stopping: requests under way get 10 s", "Stopped"]
    assert "[5/6] Seed none in production" in said
    assert [line["message"] for line in lines if line["logger"] == "app.access"] == [
        "GET /api/stats 200",
        "GET (none) 404",
    ]
    everything = "\n".join(service.lines + service.later)
    assert tls_server.password not in everything
    assert "s3cr3t" not in everything
