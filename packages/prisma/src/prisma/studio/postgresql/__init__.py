"""Studio on PostgreSQL."""

from prisma.studio.postgresql.database import PostgresStudio

__all__ = ["PostgresStudio"]
