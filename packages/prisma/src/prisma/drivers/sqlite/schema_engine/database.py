"""A database of SQLite, with its shadow databases, for one schema engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.drivers.sqlite.file_url import MEMORY
from prisma.drivers.sqlite.schema_engine.connection import FileConnection

if TYPE_CHECKING:
    from types import TracebackType

    from prisma.drivers.sqlite.file_url import FileOptions


class FileDatabase:
    """The file of a URL; see `prisma.schema_engine.database.Database`. Close it when the engine is closed."""

    provider = "sqlite"

    def __init__(self, options: FileOptions) -> None:
        self._options = options
        self._opened: list[FileConnection] = []

    def __enter__(self) -> FileDatabase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def connect(self) -> FileConnection:
        """Connect to the file, which is made if it does not exist."""
        return self._kept(FileConnection(self._options))

    def connect_to_shadow(self) -> FileConnection:
        """Connect to an empty database in memory."""
        return self._kept(FileConnection(self._options.__replace__(path=MEMORY)))

    def close(self) -> None:
        """Close all connections."""
        while self._opened:
            self._opened.pop().dispose()

    def _kept(self, connection: FileConnection) -> FileConnection:
        self._opened.append(connection)
        return connection
