"""A connection for the schema engine, over libpq: statements as they are, values as text."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus

from prisma.drivers.postgresql._sync.hosts import dial_suitable
from prisma.drivers.postgresql.psycopg import translation, wire
from prisma.drivers.postgresql.psycopg._sync.session import CANCEL_TIMEOUT, dial, dial_pgconn
from prisma.drivers.postgresql.psycopg._sync.waiting import wait, wait_connection
from prisma.drivers.postgresql.psycopg.catalog import Catalog
from prisma.drivers.postgresql.schema_engine.table import Table
from prisma.drivers.postgresql.schema_engine.text_values import column_type, reader, written
from prisma.drivers.postgresql.settings import quote_identifier
from prisma.faults import DriverFault, LockRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg.abc import PQGen
    from psycopg.pq.abc import PGconn, PGresult

    from prisma.drivers.postgresql.url import ConnectionOptions

T = TypeVar("T")

# The engine takes this lock itself, and would wait for it without end: a statement that runs keeps its timers waiting.
_LOCK_STATEMENT: Final = re.compile(r"SELECT pg_advisory_lock\((\d+)\)", re.IGNORECASE)
LOCK_SECONDS: Final = 10
_LOCK_NOT_AVAILABLE: Final = "55P03"


class EngineConnection:
    """A connection; every failure is a DriverFault.

    Ctrl-C ends the statement on the server and leaves the connection usable.

    Args:
        options: the database.
        lock: whether the engine gets the lock that it asks for; poolers can't hold it.
        may_create_schema: whether the engine gets the schema of the URL, which it creates where it is missing.
    """

    def __init__(self, options: ConnectionOptions, *, lock: bool = True, may_create_schema: bool = True) -> None:
        self.schema = options.schema
        self._uses_lock = lock
        self._may_create_schema = may_create_schema
        self._pgconn = _dial(options.for_changes())
        self._prepare(options)

    def query_raw(self, sql: str, values: Sequence[object]) -> Table:
        """Run a query and return its rows."""
        return _table(self._run(sql, values))

    def execute_raw(self, sql: str, values: Sequence[object]) -> int:
        """Run a statement and return how many rows it changed; without values it may be a script."""
        asked = _LOCK_STATEMENT.fullmatch(sql.strip())
        if asked is not None:
            if self._uses_lock:
                self.lock(int(asked[1]))
            return 0
        # The engine creates it also where it is asked to compare or to read.
        if not self._may_create_schema and sql == f"CREATE SCHEMA {quote_identifier(self.schema)}":
            return 0
        return self._run(sql, values).command_tuples or 0

    def execute_script(self, script: str) -> None:
        """Run SQL as one simple query: a whole, as far as it holds no transaction statements."""
        self._run(script, ())

    def start_transaction(self, isolation: str | None) -> EngineTransaction:
        """Start a transaction."""
        self.execute_script(f"BEGIN ISOLATION LEVEL {isolation}" if isolation else "BEGIN")
        return EngineTransaction(self)

    def dispose(self) -> None:
        """Close the connection."""
        self._pgconn.finish()

    def lock(self, key: int) -> None:
        """Take an advisory lock, which is kept as long as the connection.

        Raises LockRefused if another session holds it for longer than LOCK_SECONDS.
        """
        self.execute_script(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        try:
            self.execute_script(f"SELECT pg_advisory_lock({key})")
        except DriverFault as fault:
            if fault.fields.get("sqlstate") != _LOCK_NOT_AVAILABLE:
                raise
            raise LockRefused(fault.kind, fault.fields) from fault
        self.execute_script("RESET lock_timeout")

    def _prepare(self, options: ConnectionOptions) -> None:
        try:
            # The engine reads timestamps as UTC.
            self.execute_script("SET TIME ZONE 'UTC'")
            if options.pgbouncer and options.search_path is not None:
                self.execute_script(f"SET search_path = {options.search_path}")
        except BaseException:
            self.dispose()
            raise

    def _run(self, sql: str, values: Sequence[object]) -> PGresult:
        if values:
            texts = [written(value) for value in values]
            exchange = wire.run_once(self._pgconn, sql.encode(), texts, [0] * len(texts), [0] * len(texts))
        else:
            # The simple protocol, because what has no values may be several statements.
            exchange = wire.run_simple(self._pgconn, sql.encode())
        try:
            return self._wait(exchange)
        except translation.FAILURES as error:
            raise translation.fault(error, sql, closed=self._pgconn.status == ConnStatus.BAD) from error

    def _wait(self, exchange: PQGen[T]) -> T:
        try:
            return wait(exchange, self._pgconn.socket, None)
        except (KeyboardInterrupt, SystemExit):
            self._cancel()
            raise

    def _cancel(self) -> None:
        """End the statement that runs; a server that does not say so in time loses the connection."""
        try:
            if self._pgconn.transaction_status == TransactionStatus.ACTIVE:
                wait_connection(wire.cancel(self._pgconn), CANCEL_TIMEOUT)
            wait(wire.drain(self._pgconn), self._pgconn.socket, CANCEL_TIMEOUT)
        except translation.FAILURES:
            self._pgconn.finish()


class EngineTransaction:
    """A transaction on a connection."""

    def __init__(self, connection: EngineConnection) -> None:
        self.query_raw = connection.query_raw
        self.execute_raw = connection.execute_raw
        self._connection = connection

    def commit(self) -> None:
        """Keep what was done."""
        self._connection.execute_script("COMMIT")

    def rollback(self) -> None:
        """Undo what was done."""
        self._connection.execute_script("ROLLBACK")


def _dial(options: ConnectionOptions) -> PGconn:
    if not options.others:
        return dial_pgconn(options)
    return dial_suitable(options, partial(dial, catalog=Catalog())).pgconn


def _table(result: PGresult) -> Table:
    columns = range(result.nfields)
    types = [column_type(result.ftype(column)) for column in columns]
    readers = [reader(type_) for type_ in types]
    value = result.get_value
    rows: list[list[object]] = []
    for row in range(result.ntuples if result.status == ExecStatus.TUPLES_OK else 0):
        texts = [value(row, column) for column in columns]
        rows.append([None if text is None else read(text) for text, read in zip(texts, readers, strict=True)])
    return Table([(result.fname(column) or b"").decode() for column in columns], types, rows)
