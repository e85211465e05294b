"""Pools: make and open the driver's pool for a client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prisma.drivers._sync.protocol import Pool
from prisma.drivers.mysql.url import MysqlOptions
from prisma.drivers.sqlite.file_url import FileOptions

if TYPE_CHECKING:
    from prisma.drivers.urls import Options


def make_pool(options: Options, driver: str) -> Pool[Any]:
    """Return a pool of connections; to PostgreSQL by `psycopg`, the only driver for threads."""
    if isinstance(options, FileOptions):
        from prisma.drivers.sqlite._sync.pool import SyncSqlitePool

        return SyncSqlitePool(options)
    if isinstance(options, MysqlOptions):
        from prisma.drivers.mysql._sync.pool import SyncMysqlPool

        return SyncMysqlPool(options)
    # Imported when it is needed, like asyncpg.
    from prisma.drivers.postgresql.psycopg._sync.pool import SyncPsycopgPool

    return SyncPsycopgPool(options)


def open_pool(pool: Any, limit: float) -> None:
    """Open a pool; TimeoutError after `limit` seconds."""
    pool.open(limit)
