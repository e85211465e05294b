"""A network that loses all packets: a cancelled call returns at once, and its connection does not stay in use."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from prisma.errors import TransactionExpiredError
from prisma.migrate import deploy
from servers.proxy import Proxy

if TYPE_CHECKING:
    from prisma import Prisma
    from servers.proxy import Mode
    from servers.tcp import TcpServer

ROOT = Path(__file__).resolve().parents[5]
FREE = 1.0  # seconds after which a caller must be free
LONG = timedelta(minutes=5)


@pytest.fixture(scope="module")
def tables() -> set[int]:
    """The ports of the servers that have the schema's tables."""
    return set()


@pytest.fixture
async def proxy(tcp_server: TcpServer, tables: set[int]) -> AsyncIterator[Proxy]:
    """A proxy in front of a server that has the schema's tables and no rows."""
    if tcp_server.port not in tables:
        tables.add(tcp_server.port)
        tcp_server.run("CREATE DATABASE holes")
        await deploy(ROOT / "migrations", tcp_server.url("holes"))
    tcp_server.run("TRUNCATE users CASCADE", database="holes")
    proxy = Proxy(tcp_server.port)
    yield proxy
    proxy.close()


@pytest.fixture
def url_of_proxy(tcp_server: TcpServer, proxy: Proxy) -> str:
    """A URL for one connection through the proxy."""
    url = tcp_server.url("holes", connection_limit="1", pool_timeout="20")
    return url.replace(f":{tcp_server.port}/", f":{proxy.port}/")


@pytest.fixture
async def db(make_client: Callable[..., Prisma], url_of_proxy: str) -> AsyncIterator[Prisma]:
    """A client with one connection, through the proxy."""
    client = make_client(datasource={"url": url_of_proxy})
    await client.connect()
    yield client
    await client.disconnect(timeout=0)


def in_use(db: Any) -> int:
    return getattr(db, "_target", db)._core.link.session.pool.stats.in_use


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(0.01)


async def read(db: Any) -> None:
    await db.user.find_many()


async def create(db: Any) -> None:
    await db.user.create({"email": "one@b.c"})


async def nested(db: Any) -> None:
    projects = [{"name": "one"}, {"name": "two"}]
    await db.user.create({"email": "one@b.c", "projects": {"create": projects}})


async def transaction(db: Any) -> None:
    async with db.tx(max_wait=LONG, timeout=LONG) as tx:
        await tx.user.create({"email": "one@b.c"})


async def savepoint(db: Any) -> None:
    async with db.tx(max_wait=LONG, timeout=LONG) as tx, tx.tx() as inner, inner.tx() as innermost:
        await innermost.user.create({"email": "one@b.c"})


async def batch(db: Any) -> None:
    async with db.batch_() as writes:
        writes.user.create({"email": "one@b.c"})
        writes.user.create({"email": "two@b.c"})


async def stream(db: Any) -> None:
    async for _ in db.user.stream():
        pass


async def stream_inside(db: Any) -> None:
    async with db.tx(max_wait=LONG, timeout=LONG) as tx:
        async for _ in tx.user.stream(batch_size=1):
            pass


async def raw(db: Any) -> None:
    await db.query_raw("SELECT 1 AS one")


OPERATIONS = [read, create, nested, transaction, savepoint, batch, stream, stream_inside, raw]


async def cancelled(work: asyncio.Task[None], times: int) -> float:
    """Cancel a task repeatedly, and return the seconds until it has ended."""
    began = time.monotonic()
    for _ in range(times):
        work.cancel()
        await asyncio.sleep(0)
    await asyncio.wait([work], timeout=10)
    return time.monotonic() - began


@pytest.mark.tasks
@pytest.mark.parametrize("operation", OPERATIONS)
async def test_a_cancelled_call_returns_at_once(
    db: Prisma, proxy: Proxy, operation: Callable[[Any], Awaitable[None]]
) -> None:
    await operation(db)
    await db.user.delete_many()
    seen: list[tuple[bool, int]] = []
    for stage in range(20):
        modes: tuple[Mode, ...] = ("hole", "hole-down")
        proxy.after(stage // 2, modes[stage % 2])
        work = asyncio.ensure_future(operation(db))
        await until(lambda work=work: proxy.held > 0 or work.done())
        if work.done():
            break
        free = await cancelled(work, times=1 + stage % 3)
        proxy.mode = "pass"
        await until(lambda: in_use(db) == 0)
        seen.append((free < FREE, await db.user.count()))
        await db.user.delete_many()
    counts = {count for _, count in seen}
    assert (seen != [], all(free for free, _ in seen), counts) == (
        True,
        True,
        counts & {0, 2 if operation is batch else 1},
    )


@pytest.mark.tasks
async def test_a_connection_that_gets_no_answer_is_closed(
    db: Prisma, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prisma.drivers.postgresql._async.connection.TIDY_TIMEOUT", 0.2)
    counts: list[int] = []
    for operation in (read, transaction):
        proxy.after(1, "hole")
        work = asyncio.ensure_future(operation(db))
        await until(lambda: proxy.held > 0)
        await cancelled(work, times=1)
        await until(lambda: in_use(db) == 0)
        proxy.mode = "pass"
        counts.append(await db.user.count())
    assert counts == [0, 0]


@pytest.mark.tasks
@pytest.mark.parametrize("operation", [read, transaction])
async def test_a_client_whose_block_is_cancelled_waits_for_no_connection(
    make_client: Callable[..., Prisma], url_of_proxy: str, proxy: Proxy, operation: Callable[[Any], Awaitable[None]]
) -> None:
    async def program() -> None:
        async with make_client(datasource={"url": url_of_proxy}) as db:
            await operation(db)
            proxy.after(1, "hole")
            await operation(db)

    work = asyncio.ensure_future(program())
    await until(lambda: proxy.held > 0)
    assert await cancelled(work, times=1) < FREE


async def test_the_timeout_of_a_transaction_holds_without_a_network(db: Prisma, proxy: Proxy) -> None:
    began = time.monotonic()
    with pytest.raises(TransactionExpiredError, match="The timeout for this transaction was 200 ms"):
        async with db.tx(timeout=timedelta(milliseconds=200)) as tx:
            await tx.user.create({"email": "one@b.c"})
            proxy.mode = "hole"
            await tx.user.create({"email": "two@b.c"})
    took = time.monotonic() - began
    proxy.mode = "pass"
    assert (took < 0.2 + 1 + FREE, await db.user.count()) == (True, 0)
