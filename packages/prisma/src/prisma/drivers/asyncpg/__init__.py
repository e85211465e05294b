"""The asyncpg driver: a pool of connections to PostgreSQL for asyncio."""

from prisma.drivers.asyncpg.pool import AsyncpgConnection, AsyncpgPool

__all__ = ["AsyncpgConnection", "AsyncpgPool"]
