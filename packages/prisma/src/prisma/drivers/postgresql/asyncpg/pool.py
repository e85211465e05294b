"""The pool of asyncpg's connections."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from prisma.drivers._async.pool import ConnectionPool
from prisma.drivers.postgresql._async.connection import PostgresConnection
from prisma.drivers.postgresql._async.declarations import Declarations
from prisma.drivers.postgresql._async.hosts import dial_suitable
from prisma.drivers.postgresql.asyncpg.session import dial
from prisma.drivers.postgresql.tls import tls_for

if TYPE_CHECKING:
    from prisma.drivers.postgresql.tls import Tls
    from prisma.drivers.postgresql.url import ConnectionOptions


class AsyncpgConnection(PostgresConnection):
    """A connection of asyncpg's."""

    __slots__ = ()


class AsyncpgPool(ConnectionPool[AsyncpgConnection]):
    """A pool of asyncpg's connections, which share what they have learned of the database."""

    def __init__(self, options: ConnectionOptions) -> None:
        super().__init__(options.connection_limit, options.pool_timeout)
        self.options = options
        self._declarations = Declarations()

    async def dial(self, limit: float | None = None) -> AsyncpgConnection:
        session = await dial_suitable(self.options, partial(dial, tls=self._tls), limit)
        return AsyncpgConnection(session, self.options, self._declarations)

    @cached_property
    def _tls(self) -> Tls:
        # Read once for all connections; not before the first, so that a missing file is an error of connecting.
        return tls_for(self.options)
