"""SQLite as the schema engine asks for it: a file, and shadow databases in memory."""

from prisma.drivers.sqlite.schema_engine.connection import FileConnection
from prisma.drivers.sqlite.schema_engine.database import FileDatabase

__all__ = ["FileConnection", "FileDatabase"]
