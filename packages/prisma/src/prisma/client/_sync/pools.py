"""Pools: make and open the driver's pool for a client."""

from __future__ import annotations

from typing import Any

from prisma.drivers._sync.protocol import Pool
from prisma.drivers.postgresql.url import ConnectionOptions


def make_pool(options: ConnectionOptions, driver: str) -> Pool[Any]:
    """Return a pool of connections of `psycopg`, the only driver for threads."""
    # Imported when it is needed, like asyncpg.
    from prisma.drivers.postgresql.psycopg import SyncPsycopgPool

    return SyncPsycopgPool(options)


def open_pool(pool: Any, limit: float) -> None:
    """Open a pool; TimeoutError after `limit` seconds."""
    pool.open(limit)
