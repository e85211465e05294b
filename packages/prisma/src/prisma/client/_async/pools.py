"""Pools: make and open the driver's pool for a client."""

from __future__ import annotations

import asyncio
from typing import Any

from prisma.drivers._async.protocol import Pool
from prisma.drivers.postgresql.url import ConnectionOptions


def make_pool(options: ConnectionOptions, driver: str) -> Pool[Any]:
    """Return a pool of connections of `asyncpg` or `psycopg`."""
    if driver == "psycopg":
        from prisma.drivers.postgresql.psycopg import AsyncPsycopgPool

        return AsyncPsycopgPool(options)
    from prisma.drivers.postgresql.asyncpg import AsyncpgPool

    return AsyncpgPool(options)


async def open_pool(pool: Pool[Any], limit: float) -> None:
    """Open a pool; TimeoutError after `limit` seconds."""
    async with asyncio.timeout(limit):
        await pool.open()
