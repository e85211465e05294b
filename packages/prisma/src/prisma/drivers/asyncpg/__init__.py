"""The asyncpg driver: a pool of connections to PostgreSQL for asyncio."""

from prisma.drivers.asyncpg.connection import AsyncpgConnection
from prisma.drivers.asyncpg.pool import AsyncpgPool

__all__ = ["AsyncpgConnection", "AsyncpgPool"]
