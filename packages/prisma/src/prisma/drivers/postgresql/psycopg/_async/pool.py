"""The pool of psycopg's connections."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from prisma.drivers._async.pool import ConnectionPool
from prisma.drivers.postgresql._async.connection import PostgresConnection
from prisma.drivers.postgresql._async.declarations import Declarations
from prisma.drivers.postgresql._async.hosts import dial_suitable
from prisma.drivers.postgresql.psycopg._async.session import dial
from prisma.drivers.postgresql.psycopg.catalog import Catalog

if TYPE_CHECKING:
    from prisma.drivers.postgresql.url import ConnectionOptions


class AsyncPsycopgConnection(PostgresConnection):
    """A connection of psycopg's."""

    __slots__ = ()


class AsyncPsycopgPool(ConnectionPool[AsyncPsycopgConnection]):
    """A pool of psycopg's connections, which share what they have learned of the database."""

    def __init__(self, options: ConnectionOptions) -> None:
        super().__init__(options.connection_limit, options.pool_timeout)
        self.options = options
        self._catalog = Catalog()
        self._declarations = Declarations()

    async def dial(self, limit: float | None = None) -> AsyncPsycopgConnection:
        session = await dial_suitable(self.options, partial(dial, catalog=self._catalog), limit)
        return AsyncPsycopgConnection(session, self.options, self._declarations)
