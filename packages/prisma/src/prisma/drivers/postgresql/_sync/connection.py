# Made by tools/async_to_sync.py from drivers/postgresql/_async/connection.py: change that file and run the tool.
"""A connection to PostgreSQL: statements, raw SQL and transactions on one session of a library."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from prisma.dialects.postgresql import POSTGRESQL
from prisma.drivers.postgresql._sync.hosts import role_refusal
from prisma.drivers.postgresql._sync.inherited_session import InheritedSession
from prisma.drivers.postgresql._sync.statements import Statement, Statements
from prisma.drivers.postgresql._sync.transaction import IN_FAILED_TRANSACTION, TransactionalConnection
from prisma.drivers.postgresql.addresses import TargetSession
from prisma.drivers.postgresql.companions import Ahead, Companion, setting_statement
from prisma.drivers.postgresql.declared_types import declared_types
from prisma.drivers.postgresql.session_state import ALL_OURS, RESET, changes_session, drops_statements
from prisma.drivers.postgresql.sql_checks import check_sendable, is_empty
from prisma.drivers.postgresql.sqlstates import READ_ONLY, SERVER_ENDS
from prisma.drivers.results import RawRows
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prisma.dialects.dialect import Dialect
    from prisma.drivers.postgresql._sync.declarations import Declarations
    from prisma.drivers.postgresql._sync.session import Session
    from prisma.drivers.postgresql._sync.statements import Key
    from prisma.drivers.postgresql.declared_types import Types
    from prisma.drivers.postgresql.url import ConnectionOptions

TIDY_TIMEOUT = 5.0  # seconds for a session to become usable again; after that a new one is cheaper

# Values whose text is the same for Python and the server.
_WRITABLE = frozenset({str, int})
_AFFECTED = re.compile(r"[A-Z]+ (?:\d+ )?(\d+)")


class PostgresConnection(TransactionalConnection):
    """One session with its prepared statements; see `prisma.drivers._sync.protocol.PooledConnection`."""

    __slots__ = (
        "_declarations",
        "_is_doubtful",
        "_resettable",
        "_statements",
        "_target",
        "_touched",
        "owner",
        "server_left",
    )

    owner: Any
    """The part of the pool that the connection comes back to; set by the pool."""

    server_left: bool
    """See `prisma.drivers._sync.protocol.PooledConnection`."""

    def __init__(self, session: Session, options: ConnectionOptions, declarations: Declarations) -> None:
        super().__init__(session, options)
        self._declarations = declarations
        self._statements = Statements(options.statement_cache_size)
        # Through PgBouncer the session is not ours to reset.
        self._resettable = not options.pgbouncer
        # Whether raw SQL may have left something behind: the session is reset before its next user gets it.
        self._touched = False
        # Whether the server may have become a standby, and what it must be.
        self._is_doubtful = False
        self._target = options.target.for_writes
        self.server_left = False

    @property
    def dialect(self) -> Dialect:
        return POSTGRESQL

    @property
    def closed(self) -> bool:
        """Whether the session is gone."""
        return self._session.is_closed()

    @property
    def clean(self) -> bool:
        """Whether the next user may have the session without `tidy`."""
        return not (
            self._unsettled
            or self._touched
            or self._committed
            or self._companions is not None
            or self._session.is_in_transaction()
        )

    def query(self, sql: str, args: Sequence[object]) -> Sequence[Mapping[str, object]]:
        # `_run` written out: one call less for the statements of nearly every operation.
        statement = self._statements.find(sql)
        if statement is None:
            return (self._run_new(sql, args))[0]
        if self._companions is not None and not self._may_travel(statement):
            self._open()
        try:
            values = statement.parameters.convert(args)
            self._unsettled = True
            if self._companions is None:
                rows = statement.prepared.fetch(*values)
            else:
                rows = self._fetch_along(statement, values)
        except (DriverFault, *self._session.failures) as error:
            return (self._run_again(sql, args, error))[0]
        self._unsettled = False
        return rows

    def execute(self, sql: str, args: Sequence[object]) -> int:
        return self._execute(sql, args)

    def execute_raw(self, sql: str, args: Sequence[object]) -> int:
        self._note(sql)
        return self._execute(sql, args, declared_types(args))

    def insert(self, sql: str, args: Sequence[object]) -> int:
        message = "PostgreSQL returns inserted rows."
        raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message})

    def array_types(self, sql: str) -> Sequence[str | None]:
        statement = self._statements.find(sql)
        if statement is None:
            self._open()
            # The statement for which these types are asked comes next, and settles it: see `_run_new`.
            self._unsettled = True
            try:
                statement = self._statements.prepare(self._session, sql)
            except self._session.failures as error:
                raise self._fault(error) from error
            self._statements.keep(sql, statement)
        return statement.parameters.array_types

    def query_raw(self, sql: str, args: Sequence[object]) -> RawRows:
        self._note(sql)
        rows, statement = self._scoped(self._run, sql, args, declared_types(args))
        names, types = statement.prepared.columns
        return RawRows(statement.names or names, types, rows)

    def open_cursor(self, name: str, sql: str, args: Sequence[object]) -> None:
        self._run_new(POSTGRESQL.open_cursor(name, sql), args)

    def fetch(self, name: str, count: int) -> Sequence[Mapping[str, object]]:
        return self.query(POSTGRESQL.fetch_cursor(name, count), ())

    def close_cursor(self, name: str) -> None:
        self._command(POSTGRESQL.close_cursor(name))

    def command(self, sql: str) -> None:
        # To a text without a statement the server answers nothing, which asyncpg does not expect.
        if not is_empty(sql):
            self._open()
            self._command(sql)

    def set_local(self, settings: Mapping[str, str]) -> None:
        self.query(*setting_statement(settings))

    def execute_ahead(self, sql: str, args: Sequence[object]) -> None:
        companions = self._companions
        if companions is None or not companions.begin or companions.is_alone or companions.ahead is not None:
            self.execute_raw(sql, args)
            return
        self._note(sql)
        self._companions = companions.running(Ahead(sql, args))

    def _kept(self, ahead: Ahead) -> Companion | None:
        sql, args = ahead
        types = declared_types(args)
        kept = self._statements.find((sql, types) if types else sql)
        # Rows of a companion would be taken for those of the other statement.
        if kept is None or kept.description is None or kept.description.columns:
            return None
        values = kept.parameters.convert(args)
        if not _WRITABLE.issuperset(map(type, values)):
            return None
        return Companion(sql, tuple(map(str, values)), kept.prepared.name)

    def _run_ahead(self, ahead: Ahead) -> None:
        # What is pending is broken off until this has worked.
        pending, self._companions = self._companions, None
        try:
            self._run(ahead.sql, ahead.args, declared_types(ahead.args))
        except BaseException:
            self._companions = pending
            raise

    def tidy(self) -> None:
        """Make the session as good as new: nothing running, no transaction, nothing left behind.

        Raises:
            DriverFault: this did not succeed within TIDY_TIMEOUT seconds.
        """
        self._companions = None
        self._committed = False
        try:
            with self._session.within(TIDY_TIMEOUT):
                if self._unsettled:
                    self._settle()
                if self._session.is_in_transaction():
                    self._session.execute("ROLLBACK")
                if self._is_doubtful:
                    self._check_server()
                if self._touched and self._resettable:
                    self._reset()
        except self._session.failures as error:
            raise self._fault(error) from error
        self._touched = False
        self._is_doubtful = False
        self._unsettled = False

    def doubt(self) -> None:
        """Let `tidy`, before the next user, ask the server whether it still takes writes."""
        if self._target is not None:
            self._touched = self._is_doubtful = True

    def cancel(self) -> None:
        """Ask the server to end the statement that runs."""
        self._session.cancel()

    def terminate(self) -> None:
        """Close the session at once."""
        self._session.terminate()

    def leave(self) -> None:
        """Give the session up from outside its event loop."""
        self._session.leave()

    def leave_to_parent(self) -> None:
        """Refuse everything from now on, in a process that was forked while the session was open."""
        self._session = cast("Session", InheritedSession(self._session))
        self._statements = Statements(0)

    def close(self, timeout: float) -> None:
        """Close the session politely, or at once after `timeout` seconds."""
        try:
            self._session.close(timeout=timeout)
        except self._session.failures:
            # There is nothing to report: the connection is given up anyway.
            self._session.terminate()

    def _note(self, sql: str) -> None:
        """Remember that raw SQL may leave something behind; before it runs, because it may do so and then fail."""
        if self._touched or changes_session(sql):
            self._touched = self._resettable
            if drops_statements(sql):
                self._statements.forget()

    def _fault(self, error: BaseException) -> DriverFault:
        fault = super()._fault(error)
        sqlstate = fault.fields.get("sqlstate")
        if sqlstate == READ_ONLY:
            self.doubt()
        elif sqlstate in SERVER_ENDS:
            self.server_left = True
        return fault

    def _check_server(self) -> None:
        """Raise a DriverFault if the server is not any more what writes need: a primary that was demoted."""
        refusal = role_refusal(self._session, self._target or TargetSession.ANY)
        if refusal is not None:
            self.server_left = True
            raise DriverFault(FaultKind.CONNECTION_CLOSED, {"message": f"The connection is given up: {refusal}."})

    def _reset(self) -> None:
        if self._session.execute(RESET) != ALL_OURS:
            # SQL has prepared statements under names that the next user may want; ours go with them.
            self._session.execute("DEALLOCATE ALL")
            self._statements.forget()

    def _execute(self, sql: str, args: Sequence[object], types: Types = ()) -> int:
        if args:
            if self._companions is not None:
                # The server's word of the commit would hide how many rows were affected.
                self._companions = self._companions.waiting()
            _, statement = self._scoped(self._run, sql, args, types)
            status = statement.prepared.get_statusmsg()
        elif is_empty(sql):
            return 0
        else:
            check_sendable(sql)
            self._open()
            # The simple protocol takes several statements at once, and needs no preparation.
            status = self._scoped(self._command, sql)
        # `INSERT 0 3`, `UPDATE 3`; other commands name no number.
        affected = _AFFECTED.fullmatch(status or "")
        return int(affected[1]) if affected else 0

    def _run(self, sql: str, args: Sequence[object], types: Types) -> tuple[list[Any], Statement]:
        statement = self._statements.find((sql, types) if types else sql)
        if statement is None:
            return self._run_new(sql, args, types, plain=True)
        if self._companions is not None and not self._may_travel(statement):
            self._open()
        try:
            values = statement.parameters.convert(args)
            self._unsettled = True
            if self._companions is None:
                rows = self._session.fetch_plain(statement.prepared, values)
            else:
                rows = self._fetch_along(statement, values, plain=True)
        except (DriverFault, *self._session.failures) as error:
            return self._run_again(sql, args, error, types, plain=True)
        self._unsettled = False
        return rows, statement

    def _run_new(
        self, sql: str, args: Sequence[object], types: Types = (), *, plain: bool = False
    ) -> tuple[list[Any], Statement]:
        check_sendable(sql)
        self._open()
        # Between preparing and running a statement the server has a transaction open, with locks on the tables.
        self._unsettled = True
        session, statements = self._session, self._statements
        try:
            if types:
                statement = self._declarations.prepare(session, statements, sql, types)
            else:
                statement = statements.prepare(session, sql)
            values, prepared = statement.parameters.convert(args), statement.prepared
            rows = session.fetch_plain(prepared, values) if plain else prepared.fetch(*values)
        except self._session.failures as error:
            raise self._fault(error) from error
        self._unsettled = False
        statements.keep((sql, types) if types else sql, statement)
        return rows, statement

    def _run_again(
        self, sql: str, args: Sequence[object], error: BaseException, types: Types = (), *, plain: bool = False
    ) -> tuple[list[Any], Statement]:
        """Prepare a kept statement again that failed before it began, as the schema has changed below it; else raise.

        A statement that may have done something is never run twice: a procedure may have committed before it failed.
        """
        session = self._session
        if session.is_late(error):
            # It has run. Only its rows could not be read, perhaps because the types of columns have changed.
            self._statements.forget()
        # Of a session that has ended, nobody knows what it did.
        if session.is_late(error) or session.is_closed() or not session.is_outdated(error):
            raise self._fault(error) from error
        if session.is_in_transaction() and session.is_report(error):
            # The report has ended the caller's transaction; the next one finds the new schema.
            self._statements.forget()
            raise self._fault(error) from error
        fault = self._fault(error)
        if not session.is_gone(error) and not self._has_changed((sql, types) if types else sql):
            raise fault from error
        self._statements.forget()
        self._declarations.forget()
        return self._run_new(sql, args, types, plain=plain)

    def _has_changed(self, key: Key) -> bool:
        """Tell whether the server describes a kept statement otherwise than it did, or no longer takes it."""
        kept = self._statements.find(key)
        if kept is None:
            return True
        self._unsettled = True
        try:
            fresh = self._session.description_of(self._session.prepare(kept.sql, name=""))
        except self._session.failures:
            return True
        return kept.description != fresh

    def _settle(self) -> None:
        # An answer to this one means that everything before it has ended.
        session = self._session
        try:
            session.execute("SELECT 1")
        except session.failures as error:
            if session.fault(error).fields.get("sqlstate") != IN_FAILED_TRANSACTION:
                raise
