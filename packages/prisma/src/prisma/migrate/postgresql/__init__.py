"""Migrations of PostgreSQL, and of CockroachDB, which speaks its protocol."""

from prisma.migrate.postgresql.database import CockroachDatabase, PostgresDatabase

__all__ = ["CockroachDatabase", "PostgresDatabase"]
