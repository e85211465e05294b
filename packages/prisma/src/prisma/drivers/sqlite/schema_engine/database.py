"""A database of SQLite, with its shadow databases, for one schema engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.drivers.sqlite.file_url import MEMORY
from prisma.drivers.sqlite.schema_engine.connection import FileConnection

if TYPE_CHECKING:
    from types import TracebackType

    from prisma.drivers.sqlite.file_url import FileOptions


class FileDatabase:
    """The file of a URL; see `prisma.schema_engine.database.Database`. Close it when the engine is closed.

    Args:
        options: the file.
        may_create: whether a file that does not exist is made.
    """

    provider = "sqlite"

    def __init__(self, options: FileOptions, *, may_create: bool = True) -> None:
        self._options = options
        self._may_create = may_create
        self._opened: list[FileConnection] = []

    def __enter__(self) -> FileDatabase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def connect(self) -> FileConnection:
        """Connect to the file."""
        return self._kept(FileConnection(self._options, may_create=self._may_create))

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
