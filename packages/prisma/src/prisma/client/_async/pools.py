"""Pools: make and open the driver's pool for a client."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from prisma.drivers._async.protocol import Pool
from prisma.drivers.mysql.url import MysqlOptions
from prisma.drivers.sqlite.file_url import FileOptions

if TYPE_CHECKING:
    from prisma.drivers.urls import Options


def make_pool(options: Options, driver: str) -> Pool[Any]:
    """Return a pool of connections; to PostgreSQL by `asyncpg` or `psycopg`."""
    if isinstance(options, FileOptions):
        from prisma.drivers.sqlite._async.pool import AsyncSqlitePool

        return AsyncSqlitePool(options)
    if isinstance(options, MysqlOptions):
        from prisma.drivers.mysql._async.pool import AsyncMysqlPool

        return AsyncMysqlPool(options)
    if driver == "psycopg":
        from prisma.drivers.postgresql.psycopg._async.pool import AsyncPsycopgPool

        return AsyncPsycopgPool(options)
    from prisma.drivers.postgresql.asyncpg import AsyncpgPool

    return AsyncpgPool(options)


async def open_pool(pool: Pool[Any], limit: float) -> None:
    """Open a pool; TimeoutError after `limit` seconds."""
    async with asyncio.timeout(limit):
        await pool.open()
