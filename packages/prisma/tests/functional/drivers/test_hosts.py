"""URLs with several servers, on a real cluster: which of them is dialled, and what is said if none will do."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from prisma.cli.commands.studio import studio_options
from prisma.drivers._async.pool import ConnectionPool
from prisma.drivers.postgresql.psycopg.text_connection import TextPool
from prisma.drivers.postgresql.schema_engine.connection import EngineConnection
from prisma.drivers.postgresql.url import parse_url, redact
from prisma.engine.error_codes import describe
from prisma.faults import DriverFault, FaultKind
from servers import free_port
from servers.cluster import Cluster, Member
from servers.tls import TlsServer

MakePool = Callable[[str], ConnectionPool[Any]]


def url_of(cluster: Cluster, *members: Member | int, password: str | None = None, **parameters: str) -> str:
    """Return a URL with these members, or ports where nothing listens."""
    ports = ",".join(str(member if isinstance(member, int) else member.port) for member in members)
    login = cluster.url(**parameters).partition("@")
    hosts = ",".join("127.0.0.1" for _ in members)
    user = f"{login[0].rpartition(':')[0]}:{password}" if password else login[0]
    separator = "&" if parameters else "?"
    return f"{user}@/{login[2].partition('/')[2]}{separator}host={hosts}&port={ports}&connection_limit=1"


async def port_of(pool: ConnectionPool[Any]) -> int:
    """Return the port of the server that a new connection of a pool is to."""
    connection = await pool.acquire()
    rows = await connection.query("SELECT inet_server_port() AS port", [])
    connection.terminate()
    await pool.release(connection)
    return rows[0]["port"]


async def refusal(pool: ConnectionPool[Any]) -> DriverFault:
    with pytest.raises(DriverFault) as caught:
        await pool.open()
    return caught.value


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("any", "standby"),
        ("read-write", "primary"),
        ("primary", "primary"),
        ("read-only", "standby"),
        ("standby", "standby"),
        ("prefer-standby", "standby"),
    ],
)
async def test_the_first_that_suits_is_dialled(
    cluster: Cluster, make_pool: MakePool, target: str, expected: str
) -> None:
    standby, other = cluster.standbys
    members = (standby, cluster.primary, other) if expected == "primary" else (free_port(), standby, cluster.primary)
    pool = make_pool(url_of(cluster, *members, target_session_attrs=target))
    assert await port_of(pool) == (cluster.primary if expected == "primary" else standby).port


async def test_a_server_that_does_not_answer_is_passed_over(cluster: Cluster, make_pool: MakePool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        pool = make_pool(url_of(cluster, port, cluster.primary, connect_timeout="0.2", sslmode="disable"))
        assert await port_of(pool) == cluster.primary.port


async def test_a_database_that_standbys_have_yet_to_hear_of(cluster: Cluster, make_pool: MakePool) -> None:
    standby, primary = cluster.standbys[0], cluster.primary
    new, absent = (
        url_of(cluster, standby, primary).replace("@/postgres", f"@/{name}") for name in ("new_x", "absent_x")
    )
    standby.run("SELECT pg_wal_replay_pause()")
    try:
        primary.run("CREATE DATABASE new_x")
        assert await port_of(make_pool(new)) == primary.port
        assert (await refusal(make_pool(absent))).kind == FaultKind.DATABASE_DOES_NOT_EXIST
    finally:
        standby.run("SELECT pg_wal_replay_resume()")
        primary.run("DROP DATABASE new_x")


def test_what_changes_the_database_is_done_on_the_primary(cluster: Cluster) -> None:
    members = (*cluster.standbys, cluster.primary)
    connection = EngineConnection(parse_url(url_of(cluster, *members, target_session_attrs="standby")))
    try:
        assert connection.query_raw("SELECT inet_server_port()", ()).rows == [[cluster.primary.port]]
    finally:
        connection.dispose()


def test_studio_shows_the_primary(cluster: Cluster) -> None:
    options = studio_options(parse_url(url_of(cluster, *cluster.standbys, cluster.primary)))
    pool = TextPool(options)
    try:
        connection = pool.acquire()
        assert connection.query("SELECT inet_server_port() AS port", []) == [{"port": cluster.primary.port}]
        pool.release(connection)
    finally:
        pool.close()


async def test_a_preferred_standby_may_be_missing(cluster: Cluster, make_pool: MakePool) -> None:
    pool = make_pool(url_of(cluster, free_port(), cluster.primary, target_session_attrs="prefer-standby"))
    assert await port_of(pool) == cluster.primary.port


async def test_in_random_order_each_gets_its_share(cluster: Cluster, make_pool: MakePool) -> None:
    pool = make_pool(url_of(cluster, *cluster.members, load_balance_hosts="random"))
    wanted = {member.port for member in cluster.members}
    found: set[int] = set()
    # That one of three is missing after so many is less likely than a broken machine.
    for _ in range(60):
        found.add(await port_of(pool))
        if found == wanted:
            break
    assert found == wanted


async def test_each_server_is_named_with_its_reason(cluster: Cluster, make_pool: MakePool) -> None:
    dead, standby = free_port(), cluster.standbys[0]
    url = url_of(cluster, dead, standby, target_session_attrs="primary")
    fault = await refusal(make_pool(url))
    described = describe(fault.kind, fault.fields)
    refused = fault.fields["reasons"][f"127.0.0.1:{dead}"]  # type: ignore[index]
    assert described.code == "P1001"
    assert described.message == (
        f"Can't reach a suitable database server. `127.0.0.1:{dead}`: {refused}; "
        f"`127.0.0.1:{standby.port}`: the server is a standby, and target_session_attrs is primary"
    )
    assert "refused" in refused.lower() or "connect call failed" in refused.lower()
    assert cluster.primary.password not in f"{fault} {fault.fields} {described} {redact(url)}"


async def test_a_wrong_password_is_the_answer_of_the_first(cluster: Cluster, make_pool: MakePool) -> None:
    fault = await refusal(make_pool(url_of(cluster, free_port(), *cluster.members, password="wrong")))
    assert (fault.kind, fault.fields["port"]) == (FaultKind.AUTHENTICATION_FAILED, cluster.members[0].port)


async def test_the_certificate_is_that_of_the_host(tls_server: TlsServer, make_pool: MakePool) -> None:
    parameters = {"sslmode": "verify-full", "sslrootcert": str(tls_server.authority_file)}
    url = tls_server.url(**parameters)
    await make_pool(url.replace("@localhost:", f"@127.0.0.1:{free_port()},localhost:")).open()
    # libpq asks no other server either where one could be reached and is not the one of its certificate.
    fault = await refusal(make_pool(url.replace("@localhost:", f"@127.0.0.1:{tls_server.port},localhost:")))
    assert fault.kind is FaultKind.TLS_CONNECTION_ERROR
