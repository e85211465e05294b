"""Sessions: asyncpg's connection, dialled from our options and changed where a pool of ours needs it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from typing import TYPE_CHECKING, Any, Protocol, cast

import asyncpg

from prisma.drivers.asyncpg.translation import TRANSLATED, connect_fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma.drivers.asyncpg.parameters import ServerType
    from prisma.drivers.asyncpg.tls import Tls
    from prisma.drivers.url import ConnectionOptions


class Attribute(Protocol):
    """A column of a result as asyncpg describes it."""

    @property
    def name(self) -> str: ...

    @property
    def type(self) -> ServerType: ...


class PreparedStatement(Protocol):
    """The part of asyncpg's prepared statement that is used here; asyncpg has no types of its own."""

    async def fetch(self, *args: object) -> list[Any]: ...

    def get_parameters(self) -> tuple[ServerType, ...]: ...

    def get_attributes(self) -> tuple[Attribute, ...]: ...

    def get_statusmsg(self) -> str | None: ...


class Session(Protocol):
    """The part of asyncpg's connection that is used here."""

    async def prepare(self, query: str, *, name: str) -> PreparedStatement: ...

    async def execute(self, query: str) -> str: ...

    def is_closed(self) -> bool: ...

    def is_in_transaction(self) -> bool: ...

    def terminate(self) -> None: ...

    def leave(self) -> None: ...

    async def close(self, *, timeout: float | None = None) -> None: ...


class _Session(asyncpg.Connection):
    """A connection that belongs to the process and the event loop that dialled it."""

    __slots__ = ("_pid",)

    _transport: asyncio.Transport
    _loop: asyncio.AbstractEventLoop

    def __init__(self, *args: Any) -> None:
        self._pid = os.getpid()
        super().__init__(*args)
        sock = self._transport.get_extra_info("socket")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            # libpq's default; without it, a peer that vanished is noticed never.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def leave(self) -> None:
        """Give the session up from outside its event loop, which may be closed, without a word to that loop."""
        if self._pid == os.getpid():
            sock = self._transport.get_extra_info("socket")
            if sock is not None:
                with contextlib.suppress(OSError):  # it may be closed already
                    sock.shutdown(socket.SHUT_RDWR)
        # A finaliser that finds the connection open would warn, and write to a socket that a parent process still uses.
        self._aborted = True

    def __del__(self) -> None:
        if self._pid == os.getpid():
            super().__del__()


class _PooledSession(_Session):
    """A session through a PgBouncer in transaction mode, where nothing may be left behind on a server."""

    __slots__ = ()

    async def _introspect_types(self, typeoids: Sequence[int], timeout: float | None) -> Any:
        # asyncpg switches `jit` off for its catalog query and on again behind it; outside a transaction these would be
        # three statements on up to three servers.
        asyncpg_connection: Any = super()
        if self.is_in_transaction():
            return await asyncpg_connection._introspect_types(typeoids, timeout)
        await self.execute("BEGIN")
        try:
            return await asyncpg_connection._introspect_types(typeoids, timeout)
        finally:
            await self.execute("COMMIT")


async def dial(options: ConnectionOptions, tls: Tls) -> Session:
    """Return a new session; a DriverFault says why there is none."""
    try:
        async with asyncio.timeout(options.connect_timeout):
            session = await asyncpg.connect(**_arguments(options, tls))
    except TRANSLATED as error:
        raise connect_fault(error, options) from error
    return cast("Session", session)


def _arguments(options: ConnectionOptions, tls: Tls) -> dict[str, Any]:
    settings = dict(options.settings)
    settings.pop("search_path", None)
    if options.search_path is not None and not options.pgbouncer:
        settings["search_path"] = options.search_path
    return {
        "host": options.socket_folder or options.host,
        "port": options.port,
        "user": options.user,
        # None would send asyncpg to the environment and to ~/.pgpass, which Prisma does not read; so would the others.
        "password": options.password or "",
        "database": options.database,
        "ssl": tls,
        "direct_tls": False,
        "target_session_attrs": "any",
        "timeout": None,
        "command_timeout": options.socket_timeout,
        # The connection keeps its own statements; this is asyncpg's cache.
        "statement_cache_size": 0,
        "server_settings": settings,
        "connection_class": _PooledSession if options.pgbouncer else _Session,
    }
