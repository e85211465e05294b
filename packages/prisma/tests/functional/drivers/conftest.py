"""Pools and connections on real servers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from prisma.drivers.asyncpg import AsyncpgConnection, AsyncpgPool
from prisma.drivers.url import parse_url


@pytest.fixture
async def make_pool() -> AsyncIterator[Callable[[str], AsyncpgPool]]:
    """Make pools from URLs; they are closed after the test."""
    pools: list[AsyncpgPool] = []

    def make(url: str) -> AsyncpgPool:
        pools.append(AsyncpgPool(parse_url(url)))
        return pools[-1]

    yield make
    for pool in pools:
        await pool.close(0)


@pytest.fixture
async def pool(database: str, make_pool: Callable[[str], AsyncpgPool]) -> AsyncpgPool:
    """A pool of at most three connections to a new database."""
    return make_pool(f"{database}&connection_limit=3")


@pytest.fixture
async def connection(pool: AsyncpgPool) -> AsyncIterator[AsyncpgConnection]:
    """A connection to a new database."""
    connection = await pool.acquire()
    yield connection
    await pool.release(connection)
