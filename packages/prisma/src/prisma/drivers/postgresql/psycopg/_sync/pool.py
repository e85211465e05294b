# Made by tools/async_to_sync.py from drivers/postgresql/psycopg/_async/pool.py: change that file and run the tool.
"""The pool of psycopg's connections."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from prisma.drivers._sync.pool import ConnectionPool
from prisma.drivers.postgresql._sync.connection import PostgresConnection
from prisma.drivers.postgresql._sync.declarations import Declarations
from prisma.drivers.postgresql._sync.hosts import dial_suitable
from prisma.drivers.postgresql.psycopg._sync.session import dial
from prisma.drivers.postgresql.psycopg.catalog import Catalog

if TYPE_CHECKING:
    from prisma.drivers.postgresql.url import ConnectionOptions


class SyncPsycopgConnection(PostgresConnection):
    """A connection of psycopg's."""

    __slots__ = ()


class SyncPsycopgPool(ConnectionPool[SyncPsycopgConnection]):
    """A pool of psycopg's connections, which share what they have learned of the database."""

    def __init__(self, options: ConnectionOptions) -> None:
        super().__init__(options.connection_limit, options.pool_timeout)
        self.options = options
        self._catalog = Catalog()
        self._declarations = Declarations()

    def dial(self, limit: float | None = None) -> SyncPsycopgConnection:
        session = dial_suitable(self.options, partial(dial, catalog=self._catalog), limit)
        return SyncPsycopgConnection(session, self.options, self._declarations)
