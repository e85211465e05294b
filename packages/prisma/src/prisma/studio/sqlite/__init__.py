"""Studio on SQLite."""

from prisma.studio.sqlite.database import SqliteStudio

__all__ = ["SqliteStudio"]
