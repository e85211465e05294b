"""The psycopg driver: pools of connections to PostgreSQL, for asyncio and for threads."""

from prisma.drivers.postgresql.psycopg._async.pool import AsyncPsycopgConnection, AsyncPsycopgPool
from prisma.drivers.postgresql.psycopg._sync.pool import SyncPsycopgConnection, SyncPsycopgPool

__all__ = ["AsyncPsycopgConnection", "AsyncPsycopgPool", "SyncPsycopgConnection", "SyncPsycopgPool"]
