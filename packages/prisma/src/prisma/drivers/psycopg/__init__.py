"""The psycopg driver: pools of connections to PostgreSQL, for asyncio and for threads."""

from prisma.drivers.psycopg._async.pool import AsyncPsycopgConnection, AsyncPsycopgPool

__all__ = ["AsyncPsycopgConnection", "AsyncPsycopgPool"]
