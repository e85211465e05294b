"""The asyncpg driver: a pool of connections to PostgreSQL for asyncio."""

from prisma.drivers.postgresql.asyncpg.pool import AsyncpgConnection, AsyncpgPool

__all__ = ["AsyncpgConnection", "AsyncpgPool"]
