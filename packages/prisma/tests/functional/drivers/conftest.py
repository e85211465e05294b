"""Pools and connections on real servers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from prisma.drivers._async.connection import SessionConnection
from prisma.drivers._async.pool import SessionPool
from prisma.drivers.asyncpg import AsyncpgPool
from prisma.drivers.psycopg import AsyncPsycopgPool, SyncPsycopgPool
from prisma.drivers.url import ConnectionOptions, parse_url

POOLS: dict[str, Callable[[ConnectionOptions], Any]] = {
    "asyncpg": AsyncpgPool,
    "psycopg": AsyncPsycopgPool,
    "threads": SyncPsycopgPool,
}


@pytest.fixture
async def make_pool(driver: str, threads: Any) -> AsyncIterator[Callable[[str], SessionPool[Any]]]:
    """Make pools from URLs; they are closed after the test."""
    pools: list[SessionPool[Any]] = []

    def make(url: str) -> SessionPool[Any]:
        pools.append(threads.adapt(POOLS[driver](parse_url(url))))
        return pools[-1]

    yield make
    for pool in pools:
        await pool.close(0)


@pytest.fixture
async def pool(database: str, make_pool: Callable[[str], SessionPool[Any]]) -> SessionPool[Any]:
    """A pool of at most three connections to a new database."""
    return make_pool(f"{database}&connection_limit=3")


@pytest.fixture
async def connection(pool: SessionPool[Any]) -> AsyncIterator[SessionConnection]:
    """A connection to a new database."""
    connection = await pool.acquire()
    yield connection
    await pool.release(connection)
