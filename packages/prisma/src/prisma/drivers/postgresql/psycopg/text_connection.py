"""Connections that give every value as the server's text, with its type: for programs that show values of any type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import psycopg

from prisma.drivers._sync.pool import ConnectionPool
from prisma.drivers.postgresql._sync.connection import PostgresConnection
from prisma.drivers.postgresql._sync.declarations import Declarations
from prisma.drivers.postgresql._sync.hosts import dial_suitable
from prisma.drivers.postgresql.psycopg import wire
from prisma.drivers.postgresql.psycopg._sync.session import SyncPsycopgSession, dial_pgconn
from prisma.drivers.postgresql.psycopg._sync.waiting import wait
from prisma.drivers.postgresql.psycopg.catalog import Catalog, KnownType
from prisma.drivers.postgresql.psycopg.text_format import written
from prisma.drivers.postgresql.sql_checks import check_sendable
from prisma.drivers.postgresql.sqlstates import NOT_IN_TEXT
from prisma.faults import DriverFault, FaultKind
from prisma.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psycopg.pq.abc import PGresult

    from prisma.drivers.postgresql.url import ConnectionOptions

ROW_COST: Final = 64  # bytes that a row counts for besides its values
_WRONG_NUMBER: Final = "08P01"  # as the server reports it
_TOO_LARGE: Final = "54000"  # program_limit_exceeded


class TextColumn(Frozen):
    """A column of a result; the type of an array has the kind `array` and the name of its element with `[]`."""

    name: str
    type: KnownType


class TextRows(Frozen):
    """The rows of a statement, their values as text; None is NULL."""

    columns: tuple[TextColumn, ...]
    rows: list[list[str | None]]


class TextSession(SyncPsycopgSession):
    """A session that reads rows one by one, so that a large result ends before it fills the memory."""

    def types(self, oids: Sequence[int]) -> list[KnownType]:
        """Return the types of a statement that has been prepared."""
        return [self._catalog.type_of(oid) for oid in oids]

    def read(
        self, sql: str, values: Sequence[bytes | None], formats: Sequence[int], oids: Sequence[int], limit: int
    ) -> TextRows:
        """Run a statement and return its rows; a DriverFault says that they are larger than `limit` bytes."""
        reader = _RowReader(limit)
        self._sql = sql
        exchange = wire.run_row_by_row(self._pgconn, sql.encode(), values, formats, oids, reader.take)
        try:
            result = self._exchange(exchange)
        except _LimitReached:
            raise _too_large(limit, has_run=self._stop()) from None
        columns = (TextColumn(name, type_) for name, type_ in self.columns(result))
        return TextRows(tuple(columns), reader.rows)

    def _stop(self) -> bool:
        """End the statement whose rows are being read; return whether it had come to its end already."""
        self.cancel()
        has_run = wait(wire.rest(self._pgconn), self._pgconn.socket, self._limit)
        self._busy = False
        return has_run


class TextConnection(PostgresConnection):
    """A connection whose statements give text."""

    __slots__ = ()

    _session: TextSession

    def read(
        self, sql: str, args: Sequence[object], convert: Callable[[object, KnownType], object], limit: int
    ) -> TextRows:
        """Run a statement of the caller's own, and return its rows.

        Args:
            sql: one statement; it may leave a setting in the session, which the pool resets.
            args: a value for each parameter.
            convert: gives what is sent for a value and the server's type of its parameter: None, bool, int, float,
                str, bytes, or a list of these.
            limit: bytes of rows that are accepted.

        Raises:
            DriverFault: the database refused; `position` in its fields is a character of `sql`, from 1. Or the rows are
                larger than the limit. Then the statement was cancelled, unless the message says that it has run.
        """
        check_sendable(sql)
        self._note(sql)
        self._open()
        return self._scoped(self._read, sql, args, convert, limit)

    def cancel(self) -> None:
        """Ask the server to end the statement that runs; a DriverFault says that it could not be asked."""
        try:
            super().cancel()
        except self._session.failures as error:
            raise self._session.fault(error) from error

    def _read(
        self, sql: str, args: Sequence[object], convert: Callable[[object, KnownType], object], limit: int
    ) -> TextRows:
        self._unsettled = True
        try:
            values, formats, oids = self._sent(sql, args, convert)
            rows = self._session.read(sql, values, formats, oids, limit)
        except (DriverFault, *self._session.failures) as error:
            fault = self._fault(error)
            if isinstance(error, psycopg.Error) and error.diag.statement_position:
                fault.fields["position"] = int(error.diag.statement_position)
            raise fault from error
        self._unsettled = False
        return rows

    def _sent(
        self, sql: str, args: Sequence[object], convert: Callable[[object, KnownType], object]
    ) -> tuple[list[bytes | None], list[int], Sequence[int]]:
        if not args:
            return [], [], ()
        oids = self._session.prepare(sql, name="").description.parameters
        if len(oids) != len(args):
            message = f"The statement has {len(oids)} parameters, and {len(args)} values were given."
            raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message, "sqlstate": _WRONG_NUMBER})
        types = self._session.types(oids)
        converted = [None if value is None else convert(value, type_) for value, type_ in zip(args, types, strict=True)]
        try:
            values, formats = written(converted, [type_.delimiter for type_ in types])
        except ValueError as error:
            fields = {"message": str(error), "sqlstate": NOT_IN_TEXT}
            raise DriverFault(FaultKind.INVALID_INPUT_VALUE, fields) from error
        return values, formats, oids


class TextPool(ConnectionPool[TextConnection]):
    """A pool of such connections for threads."""

    def __init__(self, options: ConnectionOptions) -> None:
        super().__init__(options.connection_limit, options.pool_timeout)
        self.options = options
        self._catalog = Catalog()
        self._declarations = Declarations()

    def dial(self, limit: float | None = None) -> TextConnection:
        session = dial_suitable(self.options, self._session, limit)
        return TextConnection(session, self.options, self._declarations)

    def _session(self, options: ConnectionOptions) -> TextSession:
        return TextSession(dial_pgconn(options), options, self._catalog)


class _LimitReached(Exception):
    """The rows are larger than allowed."""


class _RowReader:
    """Keeps the texts of rows, up to a limit."""

    def __init__(self, limit: int) -> None:
        self.rows: list[list[str | None]] = []
        self._left = limit

    def take(self, result: PGresult) -> None:
        """Keep the one row of a result."""
        row: list[Any] = [result.get_value(0, index) for index in range(result.nfields)]
        self._left -= ROW_COST + sum(len(value) for value in row if value is not None)
        if self._left < 0:
            raise _LimitReached
        # A database in the encoding SQL_ASCII may hold bytes of any kind.
        self.rows.append([None if value is None else value.decode(errors="replace") for value in row])


def _too_large(limit: int, *, has_run: bool) -> DriverFault:
    size = f"{limit >> 20} MiB"
    message = (
        f"The statement has run, but its rows are larger than {size}, too much to show."
        if has_run
        else f"The rows are larger than {size}, so the statement was cancelled: ask for fewer rows or columns."
    )
    return DriverFault(FaultKind.DATABASE_ERROR, {"message": message, "sqlstate": _TOO_LARGE})
