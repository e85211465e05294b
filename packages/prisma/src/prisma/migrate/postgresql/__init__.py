"""Migrations of PostgreSQL."""

from prisma.migrate.postgresql.database import PostgresDatabase

__all__ = ["PostgresDatabase"]
