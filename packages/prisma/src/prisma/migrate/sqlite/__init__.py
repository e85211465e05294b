"""Migrations of SQLite."""

from prisma.migrate.sqlite.database import SqliteDatabase

__all__ = ["SqliteDatabase"]
