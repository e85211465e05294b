"""The pool of asyncpg's connections."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from prisma.drivers._async.pool import SessionPool
from prisma.drivers.postgresql._async.connection import SessionConnection
from prisma.drivers.postgresql.asyncpg.session import dial
from prisma.drivers.postgresql.tls import tls_for

if TYPE_CHECKING:
    from prisma.drivers.postgresql.tls import Tls


class AsyncpgConnection(SessionConnection):
    """A connection of asyncpg's."""

    __slots__ = ()


class AsyncpgPool(SessionPool[AsyncpgConnection]):
    """A pool of asyncpg's connections."""

    async def dial(self) -> AsyncpgConnection:
        return AsyncpgConnection(await dial(self.options, self._tls), self.options, self.declarations)

    @cached_property
    def _tls(self) -> Tls:
        return tls_for(self.options)
