"""A connection to PostgreSQL: statements, raw SQL and transactions on one session of a library."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar, cast

from prisma.dialects.postgresql import POSTGRESQL
from prisma.drivers.postgresql._async.inherited_session import InheritedSession
from prisma.drivers.postgresql._async.statements import Statement, Statements
from prisma.drivers.postgresql.companions import BROKEN_OFF, NONE, Companions, Unsent, setting_statement
from prisma.drivers.postgresql.declared_types import declared_types
from prisma.drivers.postgresql.parameters import type_name
from prisma.drivers.postgresql.session_state import ALL_OURS, RESET, changes_session, drops_statements
from prisma.drivers.postgresql.sql_checks import check_sendable, is_empty
from prisma.drivers.results import RawRows
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from prisma.dialects.dialect import Dialect
    from prisma.drivers.postgresql._async.declarations import Declarations
    from prisma.drivers.postgresql._async.session import Session
    from prisma.drivers.postgresql._async.statements import Key
    from prisma.drivers.postgresql.declared_types import Types
    from prisma.drivers.postgresql.url import ConnectionOptions

_Answer = TypeVar("_Answer")

TIDY_TIMEOUT = 5.0  # seconds for a session to become usable again; after that a new one is cheaper

_IN_FAILED_TRANSACTION = "25P02"
_AFFECTED = re.compile(r"[A-Z]+ (?:\d+ )?(\d+)")


class PostgresConnection:
    """One session with its prepared statements; see `prisma.drivers._async.protocol.PooledConnection`."""

    __slots__ = (
        "_committed", "_companions", "_declarations", "_resettable", "_scope", "_session", "_statements", "_touched",
        "_unsettled", "owner",
    )  # fmt: skip

    owner: Any
    """The part of the pool that the connection comes back to; set by the pool."""

    def __init__(self, session: Session, options: ConnectionOptions, declarations: Declarations) -> None:
        self._session = session
        self._declarations = declarations
        self._statements = Statements(options.statement_cache_size)
        # Through PgBouncer a search path can't belong to the session, so each transaction gets it.
        path = options.search_path if options.pgbouncer else None
        self._scope = f"; SET LOCAL search_path TO {path}" if path is not None else ""
        # Through PgBouncer the session is not ours to reset.
        self._resettable = not options.pgbouncer
        # Whether raw SQL may have left something behind: the session is reset before its next user gets it.
        self._touched = False
        # What the next statement takes along, such as a BEGIN that was not sent yet.
        self._companions: Companions | None = None
        # Whether a COMMIT went along with a statement.
        self._committed = False
        # Whether something may still run on the server, because a caller did not wait for the end of it.
        self._unsettled = False

    @property
    def dialect(self) -> Dialect:
        return POSTGRESQL

    @property
    def in_transaction(self) -> bool:
        companions = self._companions
        return self._session.is_in_transaction() if companions is None or not companions.opening else True

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

    async def query(self, sql: str, args: Sequence[object]) -> Sequence[Mapping[str, object]]:
        # `_run` written out: one call less for the statements of nearly every operation.
        statement = self._statements.find(sql)
        if statement is None:
            return (await self._run_new(sql, args))[0]
        if self._companions is not None and not self._may_travel(statement):
            await self._open()
        try:
            values = statement.parameters.convert(args)
            self._unsettled = True
            if self._companions is None:
                rows = await statement.prepared.fetch(*values)
            else:
                rows = await self._fetch_along(statement, values)
        except (DriverFault, *self._session.failures) as error:
            return (await self._run_again(sql, args, error))[0]
        self._unsettled = False
        return rows

    async def execute(self, sql: str, args: Sequence[object]) -> int:
        return await self._execute(sql, args)

    async def execute_raw(self, sql: str, args: Sequence[object]) -> int:
        self._note(sql)
        return await self._execute(sql, args, declared_types(args))

    async def array_types(self, sql: str) -> Sequence[str | None]:
        statement = self._statements.find(sql)
        if statement is None:
            await self._open()
            # The statement for which these types are asked comes next, and settles it: see `_run_new`.
            self._unsettled = True
            try:
                statement = await self._statements.prepare(self._session, sql)
            except self._session.failures as error:
                raise self._fault(error) from error
            self._statements.keep(sql, statement)
        return statement.parameters.array_types

    async def query_raw(self, sql: str, args: Sequence[object]) -> RawRows:
        self._note(sql)
        rows, statement = await self._scoped(self._run, sql, args, declared_types(args))
        columns = statement.prepared.get_attributes()
        return RawRows(
            names=statement.names or tuple(column.name for column in columns),
            types=tuple(type_name(column.type) for column in columns),
            rows=rows,
        )

    async def open_cursor(self, name: str, sql: str, args: Sequence[object]) -> None:
        await self._run_new(POSTGRESQL.open_cursor(name, sql), args)

    async def fetch(self, name: str, count: int) -> Sequence[Mapping[str, object]]:
        return await self.query(POSTGRESQL.fetch_cursor(name, count), ())

    async def close_cursor(self, name: str) -> None:
        await self._command(POSTGRESQL.close_cursor(name))

    async def command(self, sql: str) -> None:
        # To a text without a statement the server answers nothing, which asyncpg does not expect.
        if not is_empty(sql):
            await self._open()
            await self._command(sql)

    async def set_local(self, settings: Mapping[str, str]) -> None:
        await self.query(*setting_statement(settings))

    async def begin(self, isolation_level: str | None = None, settings: Mapping[str, str] | None = None) -> None:
        try:
            sql = POSTGRESQL.begin(isolation_level)
        except KeyError as error:
            message = f"{isolation_level!r} is not an isolation level of PostgreSQL."
            raise DriverFault(FaultKind.INVALID_INPUT_VALUE, {"message": message}) from error
        # Not sent before there is something to do in the transaction: it travels with the first statement.
        self._companions = Companions.beginning(f"{sql}{self._scope}", settings)

    def alone(self, settings: Mapping[str, str]) -> None:
        self._companions = Companions.alone(settings)
        if self._scope:
            self._companions = Companions.beginning(f"BEGIN{self._scope}", settings)

    def commit_along(self) -> None:
        self._companions = (self._companions or NONE).committing()

    async def commit(self) -> None:
        committed, self._committed = self._committed, False
        if committed:
            return
        if self._companions is BROKEN_OFF:
            await self._open()
        if not self._has_begun():
            return
        # The server answers a COMMIT after a failed statement with a rollback, and no error.
        if await self._command("COMMIT") == "ROLLBACK":
            message = "The transaction was rolled back, because one of its statements had failed."
            raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message, "sqlstate": _IN_FAILED_TRANSACTION})

    async def rollback(self) -> None:
        self._committed = False
        if self._has_begun():
            await self._command("ROLLBACK")

    async def tidy(self) -> None:
        """Make the session as good as new: nothing running, no transaction, nothing left behind.

        Raises:
            DriverFault: this did not succeed within TIDY_TIMEOUT seconds.
        """
        self._companions = None
        self._committed = False
        try:
            async with self._session.within(TIDY_TIMEOUT):
                if self._unsettled:
                    await self._settle()
                if self._session.is_in_transaction():
                    await self._session.execute("ROLLBACK")
                if self._touched:
                    await self._reset()
        except self._session.failures as error:
            raise self._fault(error) from error
        self._touched = False
        self._unsettled = False

    async def cancel(self) -> None:
        """Ask the server to end the statement that runs."""
        await self._session.cancel()

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

    async def close(self, timeout: float) -> None:
        """Close the session politely, or at once after `timeout` seconds."""
        try:
            await self._session.close(timeout=timeout)
        except self._session.failures:
            # There is nothing to report: the connection is given up anyway.
            self._session.terminate()

    def _note(self, sql: str) -> None:
        """Remember that raw SQL may leave something behind; before it runs, because it may do so and then fail."""
        if self._touched or changes_session(sql):
            self._touched = self._resettable
            if drops_statements(sql):
                self._statements.forget()

    async def _reset(self) -> None:
        if await self._session.execute(RESET) != ALL_OURS:
            # SQL has prepared statements under names that the next user may want; ours go with them.
            await self._session.execute("DEALLOCATE ALL")
            self._statements.forget()

    async def _scoped(self, work: Callable[..., Awaitable[_Answer]], *args: Any) -> _Answer:
        if not self._scope or self.in_transaction:
            return await work(*args)
        # The search path belongs to a transaction, so a statement outside of one gets its own.
        await self.begin()
        try:
            answer = await work(*args)
        except DriverFault:
            await self.rollback()
            raise
        await self._command("COMMIT")
        return answer

    async def _execute(self, sql: str, args: Sequence[object], types: Types = ()) -> int:
        if args:
            if self._companions is not None:
                # The server's word of the commit would hide how many rows were affected.
                self._companions = self._companions.waiting()
            _, statement = await self._scoped(self._run, sql, args, types)
            status = statement.prepared.get_statusmsg()
        elif is_empty(sql):
            return 0
        else:
            check_sendable(sql)
            await self._open()
            # The simple protocol takes several statements at once, and needs no preparation.
            status = await self._scoped(self._command, sql)
        # `INSERT 0 3`, `UPDATE 3`; other commands name no number.
        affected = _AFFECTED.fullmatch(status or "")
        return int(affected[1]) if affected else 0

    async def _run(self, sql: str, args: Sequence[object], types: Types) -> tuple[list[Any], Statement]:
        statement = self._statements.find((sql, types) if types else sql)
        if statement is None:
            return await self._run_new(sql, args, types, plain=True)
        if self._companions is not None and not self._may_travel(statement):
            await self._open()
        try:
            values = statement.parameters.convert(args)
            self._unsettled = True
            if self._companions is None:
                rows = await self._session.fetch_plain(statement.prepared, values)
            else:
                rows = await self._fetch_along(statement, values, plain=True)
        except (DriverFault, *self._session.failures) as error:
            return await self._run_again(sql, args, error, types, plain=True)
        self._unsettled = False
        return rows, statement

    async def _run_new(
        self, sql: str, args: Sequence[object], types: Types = (), *, plain: bool = False
    ) -> tuple[list[Any], Statement]:
        check_sendable(sql)
        await self._open()
        # Between preparing and running a statement the server has a transaction open, with locks on the tables.
        self._unsettled = True
        session, statements = self._session, self._statements
        try:
            if types:
                statement = await self._declarations.prepare(session, statements, sql, types)
            else:
                statement = await statements.prepare(session, sql)
            values, prepared = statement.parameters.convert(args), statement.prepared
            rows = await (session.fetch_plain(prepared, values) if plain else prepared.fetch(*values))
        except self._session.failures as error:
            raise self._fault(error) from error
        self._unsettled = False
        statements.keep((sql, types) if types else sql, statement)
        return rows, statement

    def _may_travel(self, statement: Statement) -> bool:
        """Tell whether a statement can take companions along: it is kept, and the library can send both at once."""
        return (
            statement.description is not None
            and self._session.takes_companions
            and not self._scope
            and (self._companions or NONE).suits(statement.sql)
        )

    async def _fetch_along(self, statement: Statement, values: Sequence[object], *, plain: bool = False) -> list[Any]:
        """Run a kept statement with its companions."""
        companions, session = self._companions or NONE, self._session
        if statement.description is not None:
            companions = companions.with_columns(statement.description.columns)
        try:
            rows = await session.fetch_along(statement.prepared, values, companions, self._depart, plain=plain)
        except Unsent:
            await self._open()
            return await (
                session.fetch_plain(statement.prepared, values) if plain else statement.prepared.fetch(*values)
            )
        except Exception as error:
            if companions.is_alone:
                # Nothing of it is left on the server: if the statement runs again, they are needed again.
                self._companions = companions
            elif companions.opening and not self._has_opened(error):
                self._companions = BROKEN_OFF
            raise
        except BaseException:
            if self._companions is None and companions.opening:
                # Whether the server came as far as BEGIN is not known: nothing must run as if it had.
                self._companions = BROKEN_OFF
            raise
        self._committed = bool(companions.after)
        return rows

    def _has_opened(self, error: Exception) -> bool:
        """Tell whether the transaction is known to be open, though the statement that it came with has failed."""
        session = self._session
        return session.is_late(error) or (session.is_report(error) and session.is_in_transaction())

    def _depart(self) -> None:
        """Note that the companions are sent."""
        self._companions = None

    async def _open(self) -> None:
        """Send what opens the transaction by itself, for a statement that takes nothing along."""
        companions = self._companions
        if companions is None:
            return
        if companions is BROKEN_OFF:
            message = "The transaction was rolled back, because its beginning failed or was broken off."
            raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message, "sqlstate": _IN_FAILED_TRANSACTION})
        if companions.opening:
            # Until it has worked: without its settings, no statement may run.
            self._companions = BROKEN_OFF
            await self._command(companions.opening)
        self._companions = None

    def _has_begun(self) -> bool:
        """Tell whether there is a transaction to end; one of which nothing was sent needs no end."""
        companions, self._companions = self._companions, None
        return companions is None or not companions.opening or companions is BROKEN_OFF

    async def _run_again(
        self, sql: str, args: Sequence[object], error: BaseException, types: Types = (), *, plain: bool = False
    ) -> tuple[list[Any], Statement]:
        """Prepare a kept statement again that failed before it began, as the schema has changed below it; else raise.

        A statement that may have done something is never run twice: a procedure may have committed before it failed.
        """
        session = self._session
        if session.is_late(error):
            # It has run. Only its rows could not be read, perhaps because the types of columns have changed.
            self._statements.forget()
        if session.is_late(error) or not session.is_outdated(error):
            raise self._fault(error) from error
        if session.is_in_transaction() and session.is_report(error):
            # The report has ended the caller's transaction; the next one finds the new schema.
            self._statements.forget()
            raise self._fault(error) from error
        fault = self._fault(error)
        if not session.is_gone(error) and not await self._has_changed((sql, types) if types else sql):
            raise fault from error
        self._statements.forget()
        self._declarations.forget()
        return await self._run_new(sql, args, types, plain=plain)

    async def _has_changed(self, key: Key) -> bool:
        """Tell whether the server describes a kept statement otherwise than it did, or no longer takes it."""
        kept = self._statements.find(key)
        if kept is None:
            return True
        self._unsettled = True
        try:
            fresh = self._session.description_of(await self._session.prepare(kept.sql, name=""))
        except self._session.failures:
            return True
        return kept.description != fresh

    async def _command(self, sql: str) -> str:
        self._unsettled = True
        try:
            status = await self._session.execute(sql)
        except self._session.failures as error:
            raise self._fault(error) from error
        self._unsettled = False
        return status

    async def _settle(self) -> None:
        # An answer to this one means that everything before it has ended.
        session = self._session
        try:
            await session.execute("SELECT 1")
        except session.failures as error:
            if session.fault(error).fields.get("sqlstate") != _IN_FAILED_TRANSACTION:
                raise

    def _fault(self, error: BaseException) -> DriverFault:
        if isinstance(error, DriverFault):
            return error
        # The server has ended the statement itself, so nothing runs any more.
        if self._session.is_report(error):
            self._unsettled = False
        return self._session.fault(error)
