"""The pool of connections to one file of SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.drivers._async.pool import ConnectionPool
from prisma.drivers.sqlite._async.connection import AsyncSqliteConnection

if TYPE_CHECKING:
    from prisma.dialects.dialect import TimestampFormat
    from prisma.drivers.sqlite.file_url import FileOptions


class AsyncSqlitePool(ConnectionPool[AsyncSqliteConnection]):
    """Connections that read at the same time, and write one after the other."""

    def __init__(self, options: FileOptions) -> None:
        super().__init__(options.connection_limit, options.pool_timeout)
        self.options = options

    @property
    def timestamp_format(self) -> TimestampFormat:
        return self.options.timestamp_format

    async def dial(self, limit: float | None = None) -> AsyncSqliteConnection:
        return await AsyncSqliteConnection.open(self.options)
