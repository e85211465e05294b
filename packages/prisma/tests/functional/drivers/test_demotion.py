"""What a pool does when its server ends, or takes no writes any more: it leaves it, with all its connections."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from prisma.drivers._async.pool import ConnectionPool
from prisma.errors import data_error
from prisma.faults import DriverFault, FaultKind
from servers.cluster import Cluster, wait_until
from servers.proxy import Proxy

MakePool = Callable[[str], ConnectionPool[Any]]

WRITE = "CREATE TEMPORARY TABLE nothing (id int)"
PORT = "SELECT inet_server_port() AS port"


@pytest.fixture
def proxy(cluster: Cluster) -> Iterator[Proxy]:
    """An address that belongs to a standby, as one whose owner has changed."""
    proxy = Proxy(cluster.standbys[0].port)
    yield proxy
    proxy.close()


def url_of(cluster: Cluster, port: int, **parameters: str) -> str:
    login, _, rest = cluster.url(**parameters).partition("@")
    return f"{login}@127.0.0.1:{port}/{rest.partition('/')[2]}{'&' if parameters else '?'}connection_limit=4"


async def refused_write(pool: ConnectionPool[Any], connection: Any) -> object:
    """Try a write, give the connection back, and return the SQLSTATE."""
    with pytest.raises(DriverFault) as caught:
        await connection.execute_raw(WRITE, [])
    await pool.release(connection)
    return caught.value.fields.get("sqlstate")


async def port_of(pool: ConnectionPool[Any]) -> int:
    connection = await pool.acquire()
    rows = await connection.query(PORT, [])
    await pool.release(connection)
    return rows[0]["port"]


async def test_a_demoted_primary_is_left_with_all_connections(
    cluster: Cluster, proxy: Proxy, make_pool: MakePool
) -> None:
    pool = make_pool(url_of(cluster, proxy.port))
    busy, writing, idle = await pool.acquire(), await pool.acquire(), await pool.acquire()
    await pool.release(idle)
    proxy.target = cluster.primary.port
    assert await refused_write(pool, writing) == "25006"
    # Nobody has asked the one that is in use: it is asked when it comes back.
    await pool.release(busy)
    assert pool.stats.idle == 0
    assert await port_of(pool) == cluster.primary.port
    connection = await pool.acquire()
    await connection.execute_raw(WRITE, [])
    await pool.release(connection)


async def test_a_refusal_inside_a_transaction_counts_too(cluster: Cluster, proxy: Proxy, make_pool: MakePool) -> None:
    pool = make_pool(url_of(cluster, proxy.port))
    connection = await pool.acquire()
    await connection.begin()
    with pytest.raises(DriverFault):
        await connection.execute_raw(WRITE, [])
    await connection.rollback()
    await pool.release(connection)
    proxy.target = cluster.primary.port
    assert await port_of(pool) == cluster.primary.port


async def test_a_transaction_that_was_meant_to_be_read_only_is_no_reason(cluster: Cluster, make_pool: MakePool) -> None:
    pool = make_pool(url_of(cluster, cluster.primary.port))
    connection = await pool.acquire()
    await connection.begin()
    await connection.command("SET TRANSACTION READ ONLY")
    assert await refused_write(pool, connection) == "25006"
    assert (pool.stats.opened, pool.stats.idle) == (1, 1)


@pytest.mark.parametrize("target", ["standby", "prefer-standby", "read-only"])
async def test_a_standby_that_was_asked_for_is_not_left(cluster: Cluster, make_pool: MakePool, target: str) -> None:
    pool = make_pool(url_of(cluster, cluster.standbys[0].port, target_session_attrs=target))
    assert await refused_write(pool, await pool.acquire()) == "25006"
    assert (pool.stats.opened, pool.stats.idle) == (1, 1)


async def test_a_primary_that_was_closed_for_writes_is_left(cluster: Cluster, make_pool: MakePool) -> None:
    pool = make_pool(url_of(cluster, cluster.primary.port, target_session_attrs="read-write"))
    connection = await pool.acquire()
    closed = "ALTER SYSTEM SET default_transaction_read_only = on"
    cluster.primary.run(closed)
    try:
        cluster.primary.run("SELECT pg_reload_conf()")
        wait_until(lambda: cluster.primary.run("SHOW default_transaction_read_only") == "on")
        # The session takes the new setting when it is told, which is after the query.
        while (await connection.query("SELECT current_setting('transaction_read_only') AS it", []))[0]["it"] != "on":
            pass
        assert await refused_write(pool, connection) == "25006"
        with pytest.raises(DriverFault) as caught:
            await pool.acquire()
    finally:
        cluster.primary.run("ALTER SYSTEM RESET default_transaction_read_only")
        cluster.primary.run("SELECT pg_reload_conf()")
    assert caught.value.kind is FaultKind.DATABASE_NOT_REACHABLE
    assert "its sessions are read-only" in str(caught.value.fields["message"])


async def test_the_end_of_a_server_is_the_end_of_all_its_connections(cluster: Cluster, make_pool: MakePool) -> None:
    pool = make_pool(url_of(cluster, cluster.primary.port))
    idle, busy = await pool.acquire(), await pool.acquire()
    await pool.release(idle)
    pid = (await busy.query("SELECT pg_backend_pid() AS pid", []))[0]["pid"]
    running = asyncio.ensure_future(busy.query("SELECT pg_sleep(60)", []))
    sleeping = f"SELECT 1 FROM pg_stat_activity WHERE pid = {pid} AND wait_event = 'PgSleep'"
    while not await asyncio.to_thread(cluster.primary.run, sleeping):
        pass
    # The server says of a session that is ended so the same as when it ends itself.
    await asyncio.to_thread(cluster.primary.run, f"SELECT pg_terminate_backend({pid})")
    with pytest.raises(DriverFault) as caught:
        await running
    await pool.release(busy)
    assert (caught.value.kind, caught.value.fields["sqlstate"]) == (FaultKind.CONNECTION_CLOSED, "57P01")
    assert pool.stats.idle == 0


def test_a_refused_write_may_succeed_later() -> None:
    error = data_error("P2039", "Database error.", {"code": "25006", "message": "cannot execute INSERT"})
    assert error.retriable
