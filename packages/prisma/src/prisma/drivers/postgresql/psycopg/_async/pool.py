"""The pool of psycopg's connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.drivers._async.pool import SessionPool
from prisma.drivers.postgresql._async.connection import SessionConnection
from prisma.drivers.postgresql.psycopg._async.session import dial
from prisma.drivers.postgresql.psycopg.catalog import Catalog

if TYPE_CHECKING:
    from prisma.drivers.postgresql.url import ConnectionOptions


class AsyncPsycopgConnection(SessionConnection):
    """A connection of psycopg's."""

    __slots__ = ()


class AsyncPsycopgPool(SessionPool[AsyncPsycopgConnection]):
    """A pool of psycopg's connections."""

    def __init__(self, options: ConnectionOptions) -> None:
        super().__init__(options)
        self._catalog = Catalog()

    async def dial(self) -> AsyncPsycopgConnection:
        return AsyncPsycopgConnection(await dial(self.options, self._catalog), self.options, self.declarations)
