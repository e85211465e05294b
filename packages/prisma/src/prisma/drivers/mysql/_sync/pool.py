# Made by tools/async_to_sync.py from drivers/mysql/_async/pool.py: change that file and run the tool.
"""The pool of connections to a database of MySQL or MariaDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.drivers._sync.pool import ConnectionPool
from prisma.drivers.mysql._sync.connection import SyncMysqlConnection
from prisma.drivers.mysql._sync.hosts import dial_first
from prisma.drivers.mysql.dialling import reads_relations, returns_inserted
from prisma.drivers.mysql.tls import context_for

if TYPE_CHECKING:
    import ssl

    from prisma.drivers.mysql.url import MysqlOptions


class SyncMysqlPool(ConnectionPool[SyncMysqlConnection]):
    """Connections to one database."""

    def __init__(self, options: MysqlOptions) -> None:
        super().__init__(options.connection_limit, options.pool_timeout)
        self.options = options
        self._joins: bool | None = None
        self._returns_inserted = False
        self._context: ssl.SSLContext | None = None

    @property
    def joins(self) -> bool | None:
        return self._joins

    @property
    def returns_inserted(self) -> bool:
        return self._returns_inserted

    def dial(self, limit: float | None = None) -> SyncMysqlConnection:
        if self._context is None:
            self._context = context_for(self.options)
        session, options = dial_first(self.options, self._context, limit)
        self._joins = reads_relations(session.version)
        self._returns_inserted = returns_inserted(session.version)
        return SyncMysqlConnection(session, options, self._context)
