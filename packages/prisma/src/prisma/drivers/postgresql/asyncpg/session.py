"""Sessions of asyncpg: its connection, opened with our options and adapted to our pool."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import asyncpg
from asyncpg import exceptions

from prisma.drivers.postgresql.array_text import array_reader, array_writer
from prisma.drivers.postgresql.asyncpg.calendar_limits import CALENDAR
from prisma.drivers.postgresql.asyncpg.companions import Crossing, Trial
from prisma.drivers.postgresql.asyncpg.float4 import RealStatement, columns_of
from prisma.drivers.postgresql.asyncpg.parameters import parameters_of
from prisma.drivers.postgresql.asyncpg.statement import AsyncpgStatement
from prisma.drivers.postgresql.asyncpg.tls_upgrade import use_upgrades
from prisma.drivers.postgresql.asyncpg.translation import TRANSLATED, connect_fault, fault
from prisma.drivers.postgresql.description import Description
from prisma.drivers.postgresql.sqlstates import OUTDATED, began_nothing
from prisma.drivers.postgresql.text_types import TEXT_TYPES
from prisma.drivers.postgresql.unreadable_dates import is_unreadable
from prisma.drivers.receive_buffers import keep_receive_buffers
from prisma.faults import DriverFault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prisma.drivers.postgresql._async.session import Session
    from prisma.drivers.postgresql.companions import Companions
    from prisma.drivers.postgresql.parameters import Parameters
    from prisma.drivers.postgresql.tls import Tls
    from prisma.drivers.postgresql.url import ConnectionOptions


# Its number in every PostgreSQL's catalog.
_TIMESTAMP = 1114
_BINARY = 1  # the protocol's number of the format
# Kinds of types in the catalog: composites, ranges and multiranges.
_MADE_OF_OTHERS = frozenset({b"c", b"r", b"m"})
_GONE = (exceptions.InvalidCachedStatementError, exceptions.InvalidSQLStatementNameError)


class _Session(asyncpg.Connection):
    """A connection that belongs to the process and the event loop that dialled it.

    Timestamps without a zone are in UTC. On the wire they are the same number as those with one, so asyncpg's codec of
    those makes them aware in C, where a `replace` for each value would take longer than all the rest of its row.
    """

    __slots__ = ("_pid", "_trial")

    _transport: asyncio.Transport
    _loop: asyncio.AbstractEventLoop
    _protocol: Any

    def __init__(self, *args: Any) -> None:
        self._pid = os.getpid()
        super().__init__(*args)
        self._trial = Trial(self._transport)
        sock = self._transport.get_extra_info("socket")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            # libpq's default; without it, a peer that vanished is noticed never.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._set_codecs()

    def _set_codecs(self) -> None:
        # What `set_builtin_type_codec` does after it has asked the server for the type's number.
        settings = self._protocol.get_settings()
        settings.set_builtin_type_codec(_TIMESTAMP, "timestamp", "pg_catalog", "scalar", "timestamptz", None)
        for name, oid in TEXT_TYPES.items():
            settings.set_builtin_type_codec(oid, name, "pg_catalog", "scalar", "text", "text")

    async def _introspect_types(self, typeoids: Sequence[int], timeout: float | None) -> Any:
        """Describe types for asyncpg; composites and ranges come as texts, as those of TEXT_TYPES do.

        Arrays of what comes as text are read here: asyncpg (0.32) leaves a hole in the list for an empty text, at which
        the process ends.
        """
        asyncpg_connection: Any = super()
        types, statement = await asyncpg_connection._introspect_types(typeoids, timeout)
        settings = self._protocol.get_settings()
        texts = {oid: name for name, oid in TEXT_TYPES.items()}
        for each in types:  # what a type is made of comes before it
            oid, name, kind = each["oid"], each["name"], each["kind"]
            if each["elemtype"] and each["elemdelim"] is not None:
                element = texts.get(each["elemtype"])
                if element is not None:
                    delimiter = each["elemdelim"].decode()
                    encode, decode = array_writer(delimiter), array_reader(delimiter)
                    settings.add_python_codec(oid, f"{element}[]", each["ns"], [], "array", encode, decode, "text")
            elif kind in _MADE_OF_OTHERS:
                texts[oid] = name
                if settings.get_data_codec(oid) is None:
                    settings.set_builtin_type_codec(oid, name, each["ns"], "scalar", "text", "text")
            elif each["basetype"] in texts or (kind != b"d" and settings.get_data_codec(oid, _BINARY) is None):
                texts[oid] = name
        return types, statement

    def leave(self) -> None:
        """Give the session up from outside its event loop, which may be closed and is not called."""
        if self._pid == os.getpid():
            sock = self._transport.get_extra_info("socket")
            if sock is not None:
                with contextlib.suppress(OSError):  # it may be closed already
                    sock.shutdown(socket.SHUT_RDWR)
        # A finaliser that finds the connection open would warn, and write to a socket that a parent process still uses.
        self._aborted = True

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        return TRANSLATED

    async def prepare(self, query: str, *, name: str | None = None, **options: Any) -> Any:
        prepared = await super().prepare(query, name=name, **options)
        for_limits = partial(self._prepare_for_limits, query, name and f"{name}_limits")
        reals = columns_of(prepared.get_attributes())
        if reals:
            return RealStatement(self._protocol.bind_execute, prepared, for_limits, reals)
        return AsyncpgStatement(self._protocol.bind_execute, prepared, for_limits)

    async def _prepare_for_limits(self, query: str, name: str | None) -> Any:
        """Return asyncpg's statement with codecs that tell the limits of the calendar from infinity."""
        settings = self._protocol.get_settings()
        for each in CALENDAR:
            codec = each.encode, each.decode, "tuple"
            settings.add_python_codec(each.oid, each.name, "pg_catalog", [], "scalar", *codec)
        try:
            return await super().prepare(query, name=name)
        finally:
            for each in CALENDAR:
                settings.remove_python_codec(each.oid, each.name, "pg_catalog")
            self._set_codecs()

    def parameters_of(self, prepared: AsyncpgStatement) -> Parameters:
        return parameters_of(prepared.get_parameters())

    def description_of(self, prepared: AsyncpgStatement) -> Description:
        columns = prepared.get_attributes()
        return Description(
            tuple(each.oid for each in prepared.get_parameters()),
            tuple(column.type.oid for column in columns),
            tuple(column.name for column in columns),
        )

    async def fetch_plain(self, prepared: AsyncpgStatement, values: Sequence[object]) -> list[Any]:
        return await prepared.fetch_plain(values)

    @property
    def takes_companions(self) -> bool:
        return self._trial.passed

    async def fetch_along(
        self,
        prepared: AsyncpgStatement,
        values: Sequence[object],
        companions: Companions,
        sent: Callable[[], None],
        *,
        plain: bool,
    ) -> list[Any]:
        rows = await prepared.fetch_along(values, Crossing(self._transport, companions, sent))
        return [list(row.values()) for row in rows] if plain and isinstance(prepared, RealStatement) else rows

    def within(self, seconds: float) -> asyncio.Timeout:
        return asyncio.timeout(seconds)

    async def cancel(self) -> None:
        """Do nothing: asyncpg cancels the statement when the task that waits for it is cancelled."""

    def fault(self, error: BaseException) -> DriverFault:
        return fault(error, closed=self.is_closed())

    def is_report(self, error: BaseException) -> bool:
        return getattr(error, "severity", None) is not None

    def is_late(self, error: BaseException) -> bool:
        late = (exceptions.OutdatedSchemaCacheError, exceptions.ProtocolError, BufferError)
        return isinstance(error, late) or is_unreadable(error)

    def is_gone(self, error: BaseException) -> bool:
        return isinstance(error, _GONE) and began_nothing(_context(error))

    def is_outdated(self, error: BaseException) -> bool:
        if isinstance(error, asyncpg.PostgresError) and self.is_report(error):
            outdated = isinstance(error, _GONE) or OUTDATED.fullmatch(error.sqlstate or "") is not None
            return outdated and began_nothing(_context(error))
        # A value that the library could not encode, or that did not fit the parameter: nothing was sent.
        return isinstance(error, (DriverFault, asyncpg.PostgresError))

    def __del__(self) -> None:
        if self._pid == os.getpid():
            super().__del__()


def _context(error: BaseException) -> str | None:
    return getattr(error, "context", None)


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


use_upgrades()


async def dial(options: ConnectionOptions, tls: Tls) -> Session:
    """Return a new session; a DriverFault says why there is none."""
    keep_receive_buffers()
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
        "ssl": False if options.socket_folder is not None else tls,
        "direct_tls": False,
        "target_session_attrs": "any",
        "timeout": None,
        "command_timeout": options.socket_timeout,
        # The connection keeps its own statements; this is asyncpg's cache.
        "statement_cache_size": 0,
        "server_settings": settings,
        "connection_class": _PooledSession if options.pgbouncer else _Session,
    }
