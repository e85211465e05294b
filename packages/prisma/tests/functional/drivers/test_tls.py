"""TLS, with a real PgBouncer in front of the server: the embedded PostgreSQL is built without TLS."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_pem_x509_certificate

from prisma.drivers._async.pool import ConnectionPool
from prisma.faults import DriverFault, FaultKind
from servers.bouncer import PgBouncer
from servers.tcp import TcpServer

MakePool = Callable[[str], ConnectionPool[Any]]
MakePgBouncer = Callable[[str | None], PgBouncer]


async def refusal(pool: ConnectionPool[Any]) -> FaultKind:
    with pytest.raises(DriverFault) as caught:
        await pool.open()
    return caught.value.kind


@pytest.mark.parametrize(
    ("parameters", "encrypted"),
    [
        ({}, True),
        ({"sslmode": "disable"}, False),
        ({"sslmode": "prefer"}, True),
        ({"sslmode": "require"}, True),
        ({"sslmode": "require", "sslrootcert": "stranger", "sslaccept": "accept_invalid_certs"}, True),
        ({"sslmode": "require", "sslrootcert": "authority"}, True),
        ({"sslmode": "require", "sslcert": "authority", "sslaccept": "strict"}, True),
        ({"sslmode": "verify-ca", "sslrootcert": "authority"}, True),
        ({"sslmode": "verify-ca", "sslrootcert": "authority", "host": "127.0.0.1"}, True),
        ({"sslmode": "verify-full", "sslrootcert": "authority"}, True),
    ],
)
async def test_tls(
    make_pgbouncer: MakePgBouncer,
    make_pool: MakePool,
    files: dict[str, str],
    parameters: dict[str, str],
    encrypted: bool,
) -> None:
    bouncer = make_pgbouncer("allow")
    pool = make_pool(bouncer.url("postgres", **{name: files.get(value, value) for name, value in parameters.items()}))
    await pool.open()
    assert bouncer.encrypted_clients() == encrypted


@pytest.mark.parametrize(
    "parameters",
    [
        {"sslmode": "verify-full", "sslrootcert": "stranger"},
        {"sslmode": "verify-ca", "sslrootcert": "stranger"},
        {"sslmode": "require", "sslrootcert": "stranger"},
        {"sslmode": "verify-full"},
        {"sslaccept": "strict"},
        {"sslmode": "verify-full", "sslrootcert": "authority", "host": "127.0.0.1"},
        {"sslmode": "verify-full", "sslrootcert": "missing"},
        {"sslmode": "require", "sslcert": "missing", "sslkey": "missing"},
        {"sslmode": "require", "sslidentity": "missing"},
    ],
)
async def test_tls_that_must_fail(
    make_pgbouncer: MakePgBouncer, make_pool: MakePool, files: dict[str, str], parameters: dict[str, str]
) -> None:
    url = make_pgbouncer("allow").url(
        "postgres", **{name: files.get(value, value) for name, value in parameters.items()}
    )
    assert await refusal(make_pool(url)) is FaultKind.TLS_CONNECTION_ERROR


async def test_a_server_without_tls(tcp_server: TcpServer, make_pool: MakePool) -> None:
    assert await refusal(make_pool(tcp_server.url(sslmode="require"))) is FaultKind.TLS_CONNECTION_ERROR
    await make_pool(tcp_server.url(sslmode="prefer")).open()


@pytest.mark.parametrize("sslmode", ["prefer", "require"])
async def test_a_server_that_is_gone_before_it_answers(make_pool: MakePool, sslmode: str) -> None:
    async def leave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(leave, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        kind = await refusal(make_pool(f"postgresql://u:p@127.0.0.1:{port}/db?sslmode={sslmode}"))
    # As from a server that is shutting down: TLS is not the cause, and another try may succeed.
    assert kind in (FaultKind.DATABASE_NOT_REACHABLE, FaultKind.CONNECTION_CLOSED)


@pytest.mark.parametrize("form", ["pair", "encrypted pair", "identity"])
async def test_client_certificates(
    make_pgbouncer: MakePgBouncer, make_pool: MakePool, tmp_path: Path, form: str
) -> None:
    bouncer = make_pgbouncer("verify-ca")
    parameters = certificate_files(bouncer.authority, tmp_path, form)
    await make_pool(bouncer.url("postgres", sslmode="require", **parameters)).open()
    # It depends on timing whether the server's message arrives before the connection ends.
    without = await refusal(make_pool(bouncer.url("postgres", sslmode="require")))
    assert without in (FaultKind.TLS_CONNECTION_ERROR, FaultKind.CONNECTION_CLOSED)


@pytest.mark.parametrize("form", ["encrypted pair", "identity"])
async def test_the_password_of_a_key_must_be_right(make_pool: MakePool, tmp_path: Path, form: str) -> None:
    parameters = certificate_files(trustme.CA(), tmp_path, form) | {"sslpassword": "guess"}
    url = "postgresql://u@localhost/db?" + "&".join(f"{name}={value}" for name, value in parameters.items())
    assert await refusal(make_pool(url)) is FaultKind.TLS_CONNECTION_ERROR


@pytest.fixture
def files(make_pgbouncer: MakePgBouncer, tmp_path: Path) -> dict[str, str]:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "stranger.pem"))
    return {
        "authority": str(make_pgbouncer("allow").authority_file),
        "stranger": str(tmp_path / "stranger.pem"),
        "missing": str(tmp_path / "missing.pem"),
    }


def certificate_files(authority: trustme.CA, folder: Path, form: str) -> dict[str, str]:
    """Write a client certificate in one of its forms; return the URL parameters that name it."""
    issued = authority.issue_cert("client@example.com", key_type=trustme.KeyType.ECDSA)
    key = serialization.load_pem_private_key(issued.private_key_pem.bytes(), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    pem = issued.cert_chain_pems[0].bytes()
    lock = serialization.NoEncryption() if form == "pair" else serialization.BestAvailableEncryption(b"pw")
    if form == "identity":
        bundle = pkcs12.serialize_key_and_certificates(None, key, load_pem_x509_certificate(pem), None, lock)
        (folder / "client.p12").write_bytes(bundle)
        return {"sslidentity": str(folder / "client.p12"), "sslpassword": "pw"}
    (folder / "client.pem").write_bytes(pem)
    (folder / "client.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
    )
    return {"sslcert": str(folder / "client.pem"), "sslkey": str(folder / "client.key"), "sslpassword": "pw"}
