"""A Galera cluster: which node is dialled, what its own errors become, and what the death of nodes costs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest

from benchmarks.galera import INCREMENTS, WRITERS, measure
from prisma.drivers.mysql._async.connection import AsyncMysqlConnection
from prisma.drivers.mysql._async.pool import AsyncMysqlPool
from prisma.drivers.mysql._sync.pool import SyncMysqlPool
from prisma.drivers.mysql.url import parse_mysql_url
from prisma.engine.error_codes import describe
from prisma.faults import DriverFault, FaultKind
from servers import free_port
from servers.galera import Galera, Node

pytestmark = pytest.mark.long

PORT = "SELECT @@port AS port"
DATABASE = "nodes"


@pytest.fixture(scope="module")
def nodes(make_galera: Callable[[], Galera]) -> Iterator[Galera]:
    """A cluster whose nodes all run."""
    galera = make_galera()
    create_table(galera)
    yield galera
    galera.destroy()


def create_table(galera: Galera) -> None:
    galera.nodes[0].create_database(DATABASE)
    galera.nodes[0].run("CREATE TABLE kept (id INT PRIMARY KEY, n INT); INSERT INTO kept VALUES (1, 0)", DATABASE)


def url(galera: Galera, *places: Node | int, **parameters: str) -> str:
    """Return a URL with these nodes, or ports where nothing listens."""
    login, _, rest = galera.url(DATABASE, connection_limit="1", **parameters).rpartition("@")
    ports = [place if isinstance(place, int) else place.port for place in places]
    return f"{login}@{','.join(f'127.0.0.1:{port}' for port in ports)}/{rest.partition('/')[2]}"


@asynccontextmanager
async def pool_of(url: str) -> AsyncIterator[AsyncMysqlPool]:
    pool = AsyncMysqlPool(parse_mysql_url(url))
    yield pool
    await pool.close(0)


async def port_of(pool: AsyncMysqlPool) -> int:
    """Return the port of the node that a pool's connection is to."""
    connection = await pool.acquire()
    try:
        return int(str((await connection.query(PORT, []))[0]["port"]))
    finally:
        await pool.release(connection)


def port_of_threads(url: str) -> int:
    pool = SyncMysqlPool(parse_mysql_url(url))
    connection = pool.acquire()
    rows = connection.query(PORT, [])
    pool.release(connection)
    pool.close(0)
    return int(str(rows[0]["port"]))


async def begun(pool: AsyncMysqlPool, n: int) -> AsyncMysqlConnection:
    """Return a connection with a transaction that has written one row."""
    connection = await pool.acquire()
    await connection.begin()
    await connection.execute("UPDATE kept SET n = ? WHERE id = 1", [n])
    return connection


async def test_the_first_that_answers_is_dialled(nodes: Galera) -> None:
    first, second, _ = nodes.nodes
    places = url(nodes, free_port(), second, first)
    async with pool_of(places) as pool:
        assert [await port_of(pool), await asyncio.to_thread(port_of_threads, places)] == [second.port] * 2


async def test_in_random_order_each_gets_its_share(nodes: Galera) -> None:
    places = url(nodes, *nodes.nodes, load_balance_hosts="random")
    wanted, found = {node.port for node in nodes.nodes}, set[int]()
    # That one of three is missing after so many is less likely than a broken machine.
    for _ in range(60):
        async with pool_of(places) as pool:
            found.add(await port_of(pool))
        if found == wanted:
            break
    assert found == wanted


async def test_a_conflict_shows_at_the_commit(nodes: Galera) -> None:
    first, second, _ = nodes.nodes
    async with pool_of(url(nodes, first)) as one, pool_of(url(nodes, second)) as other:
        quick, slow = await begun(one, 1), await begun(other, 2)
        await quick.commit()
        with pytest.raises(DriverFault) as caught:
            await slow.commit()
        described = describe(caught.value.kind, caught.value.fields)
        # The connection goes on with a new transaction.
        await slow.begin()
        await slow.execute("UPDATE kept SET n = n + 10 WHERE id = 1", [])
        await slow.commit()
        for pool, connection in ((one, quick), (other, slow)):
            await pool.release(connection)
    n = first.run("SET wsrep_sync_wait = 1; SELECT n FROM kept", DATABASE)
    assert (described.code, n) == ("P2034", [(11,)])


async def test_a_node_that_takes_no_statements_is_left(nodes: Galera) -> None:
    first, second, _ = nodes.nodes
    places = url(nodes, second, first)
    async with pool_of(places) as pool:
        before = await port_of(pool)
        second.run("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'")
        await asyncio.to_thread(second.wait_until_lonely)
        with pytest.raises(DriverFault) as caught:
            await port_of_table(pool)
        after = await port_of(pool)
        threads = await asyncio.to_thread(port_of_threads, places)
    second.run("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'")
    await asyncio.to_thread(nodes.wait_until_ready)
    assert (before, caught.value.kind) == (second.port, FaultKind.CONNECTION_CLOSED)
    assert (after, threads) == (first.port, first.port)


async def port_of_table(pool: AsyncMysqlPool) -> None:
    connection = await pool.acquire()
    try:
        await connection.query("SELECT n FROM kept", [])
    finally:
        await pool.release(connection)


async def test_what_the_death_of_nodes_costs(make_galera: Callable[[], Galera], tmp_path: Path) -> None:
    galera = await asyncio.to_thread(make_galera)
    create_table(galera)
    outcome = await measure(galera, tmp_path)
    assert (outcome.stale[1], outcome.expected, outcome.counted) == (0, WRITERS * INCREMENTS, WRITERS * INCREMENTS)
    assert len(galera.running) == 2

    # Without a majority, no node takes statements, and each is named with its reason.
    first, second, _ = galera.nodes
    async with pool_of(url(galera, *galera.nodes)) as pool:
        connection = await pool.acquire()
        second.kill()
        with pytest.raises(DriverFault) as caught:
            await connection.execute("UPDATE kept SET n = n + 1 WHERE id = 1", [])
        await pool.release(connection)
        await asyncio.to_thread(first.wait_until_lonely)
        with pytest.raises(DriverFault) as refused:
            await pool.acquire()
    galera.destroy()
    described = describe(refused.value.kind, refused.value.fields)
    reasons = dict(cast("dict[str, str]", refused.value.fields["reasons"]))
    assert (caught.value.kind, caught.value.fields["sqlstate"]) == (FaultKind.DATABASE_NOT_REACHABLE, "1180")
    assert (connection.closed, described.code) == (True, "P1001")
    assert list(reasons) == [f"127.0.0.1:{node.port}" for node in galera.nodes]
    assert reasons[f"127.0.0.1:{first.port}"] == "WSREP has not yet prepared node for application use"
    assert first.password not in f"{refused.value} {refused.value.fields} {described}"
