# Made by tools/async_to_sync.py from drivers/postgresql/_async/transaction.py: change that file and run the tool.
"""The transaction of a connection: how it begins, what its statements take along, and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from prisma.dialects.postgresql import POSTGRESQL
from prisma.drivers.postgresql.companions import BROKEN_OFF, COMMITTING, NONE, Ahead, Companion, Companions, Unsent
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from prisma.drivers.postgresql._sync.session import Session
    from prisma.drivers.postgresql._sync.statements import Statement
    from prisma.drivers.postgresql.url import ConnectionOptions

_Answer = TypeVar("_Answer")

IN_FAILED_TRANSACTION = "25P02"


class TransactionalConnection:
    """One session and its transaction.

    Where possible, BEGIN and the settings travel with the first statement, and COMMIT with the last. A transaction of
    which nothing was sent counts as open, and needs no end.
    """

    __slots__ = ("_committed", "_companions", "_scope", "_session", "_unsettled")

    def __init__(self, session: Session, options: ConnectionOptions) -> None:
        self._session = session
        # Through PgBouncer a search path can't belong to the session, so each transaction gets it.
        path = options.search_path if options.pgbouncer else None
        self._scope = f"; SET LOCAL search_path TO {path}" if path is not None else ""
        # What the next statement takes along, such as a BEGIN that was not sent yet.
        self._companions: Companions | None = None
        # Whether a COMMIT went along with a statement.
        self._committed = False
        # Whether something may still run on the server, because a caller did not wait for the end of it.
        self._unsettled = False

    @property
    def in_transaction(self) -> bool:
        companions = self._companions
        return self._session.is_in_transaction() if companions is None or not companions.begin else True

    def begin(self, isolation_level: str | None = None, settings: Mapping[str, str] | None = None) -> None:
        try:
            sql = POSTGRESQL.begin(isolation_level)
        except KeyError as error:
            message = f"{isolation_level!r} is not an isolation level of PostgreSQL."
            raise DriverFault(FaultKind.INVALID_INPUT_VALUE, {"message": message}) from error
        # Not sent before there is something to do in the transaction: it travels with the first statement.
        self._companions = Companions.beginning(f"{sql}{self._scope}", settings)

    def begin_to_read(self, settings: Mapping[str, str] | None = None) -> None:
        # Readers and writers don't wait for each other.
        self.begin(None, settings)

    def alone(self, settings: Mapping[str, str]) -> None:
        self._companions = Companions.alone(settings)
        if self._scope:
            self._companions = Companions.beginning(f"BEGIN{self._scope}", settings)

    def commit_along(self) -> None:
        companions = self._companions
        self._companions = COMMITTING if companions is None else companions.committing()

    def commit(self) -> None:
        committed, self._committed = self._committed, False
        if committed:
            return
        if self._companions is BROKEN_OFF:
            self._open()
        if not self._has_begun():
            return
        # The server answers a COMMIT after a failed statement with a rollback, and no error.
        if self._command("COMMIT") == "ROLLBACK":
            message = "The transaction was rolled back, because one of its statements had failed."
            raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message, "sqlstate": IN_FAILED_TRANSACTION})

    def rollback(self) -> None:
        self._committed = False
        if self._has_begun():
            self._command("ROLLBACK")

    def _open(self) -> None:
        """Send what opens the transaction by itself, for a statement that takes nothing along."""
        companions = self._companions
        if companions is None:
            return
        if companions is BROKEN_OFF:
            message = "The transaction was rolled back, because its beginning failed or was broken off."
            raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message, "sqlstate": IN_FAILED_TRANSACTION})
        if companions.begin:
            # Until all of it has worked: without its settings, or what runs ahead, no statement may run.
            self._companions = BROKEN_OFF
            self._command(companions.opening)
            if companions.ahead is not None:
                self._run_ahead(companions.ahead)
        self._companions = None

    def _run_ahead(self, ahead: Ahead) -> None:
        """Run by itself what opens a transaction behind its settings."""
        raise NotImplementedError

    def _scoped(self, work: Callable[..., _Answer], *args: Any) -> _Answer:
        if not self._scope or self.in_transaction:
            return work(*args)
        # The search path belongs to a transaction, so a statement outside of one gets its own.
        self.begin()
        try:
            answer = work(*args)
        except DriverFault:
            self.rollback()
            raise
        self._command("COMMIT")
        return answer

    def _may_travel(self, statement: Statement) -> bool:
        """Tell whether a statement can take companions along: it is kept, and the library can send both at once."""
        companions = self._companions or NONE
        return (
            statement.description is not None
            and self._session.takes_companions
            and not self._scope
            and companions.suits(statement.sql)
            and (companions.ahead is None or self._takes_along(companions, companions.ahead))
        )

    def _takes_along(self, companions: Companions, ahead: Ahead) -> bool:
        along = self._kept(ahead)
        self._companions = companions.running(ahead, along)
        return along is not None

    def _kept(self, ahead: Ahead) -> Companion | None:
        """Return what runs ahead in the form that travels; None if it can't."""
        raise NotImplementedError

    def _fetch_along(self, statement: Statement, values: Sequence[object], *, plain: bool = False) -> list[Any]:
        """Run a kept statement with its companions."""
        companions, session = self._companions or NONE, self._session
        if statement.description is not None:
            companions = companions.with_columns(statement.description.columns)
        try:
            rows = session.fetch_along(statement.prepared, values, companions, self._depart, plain=plain)
        except Unsent:
            self._open()
            return session.fetch_plain(statement.prepared, values) if plain else statement.prepared.fetch(*values)
        except Exception as error:
            if companions.is_alone:
                # Nothing of it is left on the server: if the statement runs again, they are needed again.
                self._companions = companions
            elif companions.begin and not self._has_opened(error):
                self._companions = BROKEN_OFF
            raise
        except BaseException:
            if self._companions is None and companions.begin:
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

    def _has_begun(self) -> bool:
        """Tell whether there is a transaction to end; one of which nothing was sent needs no end."""
        companions, self._companions = self._companions, None
        return companions is None or not companions.begin or companions is BROKEN_OFF

    def _command(self, sql: str) -> str:
        self._unsettled = True
        try:
            status = self._session.execute(sql)
        except self._session.failures as error:
            raise self._fault(error) from error
        self._unsettled = False
        return status

    def _fault(self, error: BaseException) -> DriverFault:
        if isinstance(error, DriverFault):
            return error
        # The server has ended the statement itself, so nothing runs any more.
        if self._session.is_report(error):
            self._unsettled = False
        return self._session.fault(error)
