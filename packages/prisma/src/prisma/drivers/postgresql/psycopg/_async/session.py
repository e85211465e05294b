"""Sessions of psycopg: libpq's connection, with prepared statements and rows as a connection needs them."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import ConnStatus, TransactionStatus

from prisma.drivers.postgresql import unreadable_dates
from prisma.drivers.postgresql.companions import Unsent
from prisma.drivers.postgresql.description import NO_COLUMNS, Columns, Description
from prisma.drivers.postgresql.parameters import Parameters, type_name
from prisma.drivers.postgresql.psycopg import translation, wire
from prisma.drivers.postgresql.psycopg._async.waiting import addresses, wait, wait_connection
from prisma.drivers.postgresql.psycopg.catalog import DESCRIBE_TYPES, OID_ARRAY, Catalog, KnownType
from prisma.drivers.postgresql.psycopg.conninfo import conninfo
from prisma.drivers.postgresql.psycopg.text_format import written
from prisma.drivers.postgresql.sqlstates import NOT_IN_TEXT
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psycopg.abc import PQGen
    from psycopg.pq.abc import PGconn, PGresult

    from prisma.drivers.postgresql.companions import Companions
    from prisma.drivers.postgresql.url import ConnectionOptions

CANCEL_TIMEOUT = 1.0  # seconds to deliver a request to cancel
MAX_UNKNOWN = 1000  # types that are described on the way to one; the catalog has changed meanwhile if it takes more


class AsyncPrepared:
    """A statement that the server has described; one with a name is kept there as long as this object lives."""

    __slots__ = (
        "_delimiters", "_oids", "_session", "_status", "columns", "description", "name", "parameters", "sql",
    )  # fmt: skip

    def __init__(
        self,
        session: AsyncPsycopgSession,
        name: bytes,
        sql: bytes,
        types: Sequence[KnownType],
        description: Description,
    ) -> None:
        self.name = name
        self.sql = sql
        self.description = description
        self.parameters = Parameters(types)
        self._session = session
        self._oids = list(description.parameters)
        self._delimiters = [each.delimiter for each in types]
        self.columns = NO_COLUMNS
        self._status: bytes | None = None

    def __del__(self) -> None:
        # A finaliser can't wait for the server: the names go along with the next statement that is prepared.
        if self.name:
            self._session.dropped.append(self.name)

    async def fetch(self, *args: Any) -> list[Any]:
        """Run it and return its rows as dictionaries."""
        result = await self._run(args)
        return self._session.rows(result, self._mapping)

    async def fetch_plain(self, args: Sequence[object]) -> list[Any]:
        """Run it and return its rows as tuples."""
        return self._session.rows(await self._run(args), tuple)

    async def fetch_along(
        self, args: Sequence[object], companions: Companions, sent: Callable[[], None], *, plain: bool
    ) -> list[Any]:
        """Run it with companions and return its rows as tuples if `plain`, else as dictionaries.

        Raises:
            Unsent: a value can't be encoded.
        """
        try:
            values, formats = written(args, self._delimiters)
        except ValueError as error:
            raise Unsent from error
        sent()
        result = await self._session.run_along(self, values, formats, companions)
        await self._note(result)
        return self._session.rows(result, tuple if plain else self._mapping)

    async def _run(self, args: Sequence[object]) -> PGresult:
        try:
            values, formats = written(args, self._delimiters)
        except ValueError as error:
            fields = {"message": str(error), "sqlstate": NOT_IN_TEXT}
            raise DriverFault(FaultKind.INVALID_INPUT_VALUE, fields) from error
        result = await self._session.run(self, values, formats, self._oids)
        await self._note(result)
        return result

    async def _note(self, result: PGresult) -> None:
        """Keep what the server said of a run: its status and, the first time, its columns."""
        self._status = result.command_status
        # The server refuses to run a kept statement whose result would have other columns than before.
        if self.columns is NO_COLUMNS:
            columns = await self._session.columns(result)
            self.columns = Columns(
                tuple([name for name, _ in columns]), tuple([type_name(kind) for _, kind in columns])
            )

    def _mapping(self, values: Sequence[Any]) -> dict[str, Any]:
        return dict(zip(self.columns.names, values, strict=True))

    def get_statusmsg(self) -> str | None:
        """Return what the server said of the last run, e.g. `INSERT 0 1`."""
        return None if self._status is None else self._status.decode()


class AsyncPsycopgSession:
    """A connection of libpq's; it belongs to the process that dialled it."""

    failures = translation.FAILURES
    takes_companions = True

    def __init__(self, pgconn: PGconn, options: ConnectionOptions, catalog: Catalog) -> None:
        # Names of statements that the server may drop.
        self.dropped: list[bytes] = []
        self._pgconn = pgconn
        self._pid = os.getpid()
        self._catalog = catalog
        self._loader = catalog.loader()
        self._limit = options.socket_timeout
        # The text of the last statement, in which a report names a position.
        self._sql = ""
        # Whether an exchange is under way, or was left in the middle; whether a task waits for it; whether the
        # server has ended the session, or `terminate` has.
        self._busy = False
        self._waiting = False
        self._ended = False

    @property
    def pgconn(self) -> PGconn:
        """The connection of libpq's."""
        return self._pgconn

    async def prepare(self, query: str, *, name: str) -> AsyncPrepared:
        """Return the statement; without a name, nothing of it stays on the server."""
        self._sql = query
        sql, label = query.encode(), name.encode()
        dropped, self.dropped = self.dropped, []
        result = await self._exchange(wire.describe(self._pgconn, label, sql, dropped))
        oids = [result.param_type(index) for index in range(result.nparams)]
        columns = [result.ftype(index) for index in range(result.nfields)]
        await self._learn([*oids, *columns])
        names = [(result.fname(index) or b"").decode() for index in range(result.nfields)]
        described = Description(tuple(oids), tuple(columns), tuple(names))
        return AsyncPrepared(self, label, sql, [self._catalog.type_of(oid) for oid in oids], described)

    def parameters_of(self, prepared: AsyncPrepared) -> Parameters:
        return prepared.parameters

    def description_of(self, prepared: AsyncPrepared) -> Description:
        return prepared.description

    async def fetch_plain(self, prepared: AsyncPrepared, values: Sequence[object]) -> list[Any]:
        """Run a prepared statement and return its rows as tuples."""
        return await prepared.fetch_plain(values)

    async def execute(self, query: str) -> str:
        """Run SQL by the simple protocol and return the status of its last statement."""
        self._sql = query
        return _status(await self._exchange(wire.run_simple(self._pgconn, query.encode())))

    async def run(
        self, prepared: AsyncPrepared, values: list[bytes | None], formats: list[int], oids: list[int]
    ) -> PGresult:
        """Run a statement with values that are ready to be sent."""
        self._sql = ""
        if prepared.name:
            exchange = wire.run_kept(self._pgconn, prepared.name, values, formats)
        else:
            exchange = wire.run_once(self._pgconn, prepared.sql, values, formats, oids)
        return await self._exchange(exchange)

    async def run_along(
        self, prepared: AsyncPrepared, values: list[bytes | None], formats: list[int], companions: Companions
    ) -> PGresult:
        """Run a kept statement with its companions."""
        self._sql = ""
        return await self._exchange(wire.run_along(self._pgconn, prepared.name, values, formats, companions))

    async def fetch_along(
        self,
        prepared: AsyncPrepared,
        values: Sequence[object],
        companions: Companions,
        sent: Callable[[], None],
        *,
        plain: bool,
    ) -> list[Any]:
        """Run a kept statement with its companions, and return its rows."""
        return await prepared.fetch_along(values, companions, sent, plain=plain)

    async def columns(self, result: PGresult) -> list[tuple[str, KnownType]]:
        """Return the names of a result's columns, with their types."""
        oids = [result.ftype(index) for index in range(result.nfields)]
        await self._learn(oids)
        type_of = self._catalog.type_of
        return [((result.fname(index) or b"").decode(), type_of(oid)) for index, oid in enumerate(oids)]

    def rows(self, result: PGresult, make_row: Any) -> list[Any]:
        """Return the rows of a result."""
        loader = self._loader
        loader.set_pgresult(result)
        try:
            return loader.load_rows(0, result.ntuples, make_row)
        except psycopg.DataError:
            # Infinite times, and dates that Python can't hold; rare enough for a second, slower look.
            return self._checked_rows(result, make_row)

    def _checked_rows(self, result: PGresult, make_row: Any) -> list[Any]:
        loader = self._catalog.lenient_loader()
        loader.set_pgresult(result)
        rows = loader.load_rows(0, result.ntuples, tuple)
        unreadable_dates.check([(result.fname(index) or b"").decode() for index in range(result.nfields)], rows)
        return [make_row(row) for row in rows]

    def within(self, seconds: float) -> AsyncWithin:
        """Bound each statement of a block."""
        return AsyncWithin(self, seconds)

    async def cancel(self) -> None:
        """Ask the server to end the statement that runs."""
        if not self.is_closed():
            await wait_connection(wire.cancel(self._pgconn), CANCEL_TIMEOUT)

    def fault(self, error: BaseException) -> DriverFault:
        return translation.fault(error, self._sql, closed=self.is_closed())

    def is_report(self, error: BaseException) -> bool:
        return translation.is_report(error)

    def is_late(self, error: BaseException) -> bool:
        undecoded = isinstance(error, psycopg.DataError) and not translation.is_report(error)
        return undecoded or unreadable_dates.is_unreadable(error)

    def is_gone(self, error: BaseException) -> bool:
        return translation.is_gone(error)

    def is_outdated(self, error: BaseException) -> bool:
        return isinstance(error, DriverFault) or translation.is_outdated(error)

    def is_closed(self) -> bool:
        if not self._ended and not self._busy and self._pgconn.status == ConnStatus.OK:
            # libpq looks at its socket when it is asked to, while a server may hang up between two statements.
            wire.look(self._pgconn)
        return self._ended or self._pgconn.status == ConnStatus.BAD

    def is_in_transaction(self) -> bool:
        return self._pgconn.transaction_status in _IN_TRANSACTION

    def terminate(self) -> None:
        self._ended = True
        if self._waiting:
            # A waiting thread would not notice that its socket is closed; one that is shut down wakes it.
            wire.shut_down(self._pgconn)
        else:
            self._pgconn.finish()

    def leave(self) -> None:
        """Give the session up from outside its event loop."""
        # libpq would say goodbye on a socket that a parent process still uses.
        if self._pid == os.getpid():
            self._pgconn.finish()

    async def close(self, *, timeout: float | None = None) -> None:
        """Close the session; libpq does not wait for the server."""
        self._pgconn.finish()

    async def _learn(self, oids: Sequence[int]) -> None:
        """Make types known."""
        missing = self._catalog.unknown(oids)
        asked: list[int] = []
        # First the type, then what it is made of: an array's element, a domain's base.
        while missing and len(asked) < MAX_UNKNOWN:
            asked += missing
            values, formats = written([asked], ",")
            exchange = wire.run_once(self._pgconn, DESCRIBE_TYPES.encode(), values, formats, [OID_ARRAY])
            missing = self._catalog.learn(self.rows(await self._exchange(exchange), tuple))

    async def _exchange(self, exchange: PQGen[PGresult]) -> PGresult:
        # A cancelled task leaves its exchange; the connection takes no other before the end of that one.
        if self._busy and not self._ended:
            await self._finish()
        if self._ended or self._pgconn.status == ConnStatus.BAD:
            raise psycopg.OperationalError("The connection is closed.")
        self._busy = self._waiting = True
        try:
            result = await wait(exchange, self._pgconn.socket, self._limit)
        except psycopg.Error as error:
            # A report ends the exchange; after any other failure the server may still have something to say.
            self._busy = not translation.is_report(error)
            self._ended = self._ended or translation.ends_session(error)
            raise
        finally:
            self._waiting = False
            if self._ended:
                self._pgconn.finish()
        self._busy = False
        return result

    async def _finish(self) -> None:
        """End an exchange that was left in the middle."""
        if self._pgconn.transaction_status == TransactionStatus.ACTIVE:
            await self.cancel()
        await wait(wire.drain(self._pgconn), self._pgconn.socket, self._limit)
        self._busy = False


class AsyncWithin:
    """A limit for each statement of a block."""

    def __init__(self, session: AsyncPsycopgSession, seconds: float) -> None:
        self._session = session
        self._seconds = seconds
        self._before: float | None = None

    async def __aenter__(self) -> None:
        session = self._session
        self._before = session._limit  # pyright: ignore[reportPrivateUsage]
        session._limit = self._seconds  # pyright: ignore[reportPrivateUsage]

    async def __aexit__(self, *exc_info: object) -> None:
        self._session._limit = self._before  # pyright: ignore[reportPrivateUsage]


_IN_TRANSACTION = frozenset({TransactionStatus.INTRANS, TransactionStatus.INERROR, TransactionStatus.ACTIVE})


async def dial(options: ConnectionOptions, catalog: Catalog) -> AsyncPsycopgSession:
    """Return a new session; a DriverFault says why there is none."""
    return AsyncPsycopgSession(await dial_pgconn(options), options, catalog)


async def dial_pgconn(options: ConnectionOptions) -> PGconn:
    """Return a new connection of libpq's; a DriverFault says why there is none."""
    try:
        return await _dial(options)
    except (*translation.FAILURES, DriverFault) as error:
        raise translation.connect_fault(error, options) from error


async def _dial(options: ConnectionOptions) -> PGconn:
    deadline = None if options.connect_timeout is None else time.monotonic() + options.connect_timeout
    hosts = [""] if options.socket_folder is not None else await addresses(options.host, options.port)
    with conninfo(options) as text:
        # One after the other, with one limit for all: libpq's own way would resolve names in the event loop.
        for number, address in enumerate(hosts, 1):
            limit = None if deadline is None else max(deadline - time.monotonic(), 0)
            target = make_conninfo(text, hostaddr=address) if address else text
            try:
                return await wait_connection(wire.dial(target), limit)
            except psycopg.Error:
                if number == len(hosts):
                    raise
    raise OSError(f"{options.host} has no address.")


def _status(result: PGresult) -> str:
    return (result.command_status or b"").decode()
