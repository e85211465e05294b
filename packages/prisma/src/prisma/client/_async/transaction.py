"""Interactive transactions: `tx()`, and savepoints for one inside another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import chain
from types import TracebackType
from typing import Any, Final, Generic, TypeAlias, TypeVar, cast, get_args, overload

from prisma.client._async.core import Core, OnCore
from prisma.client._async.session import PoolSession, RawStatement, TransactionSession, Work
from prisma.client.explain import failures
from prisma.client.options import IsolationLevel
from prisma.client.raw_sql.rows import parameters
from prisma.client.raw_sql.sql import Sql
from prisma.client.request.writer import input_error
from prisma.drivers._async.protocol import Connection
from prisma.errors import TransactionError, TransactionNotStartedError
from prisma.faults import DriverFault, FaultKind

ClientT = TypeVar("ClientT", bound=OnCore)
T = TypeVar("T")
U = TypeVar("U")
V = TypeVar("V")
W = TypeVar("W")

Step: TypeAlias = Callable[[ClientT], Awaitable[T]]
"""An operation inside a transaction, as a function of its client."""

# Prisma's defaults.
MAX_WAIT: Final = timedelta(seconds=2)
TIMEOUT: Final = timedelta(seconds=5)
_LEVELS: Final = get_args(IsolationLevel)
_OVERLAPPED: Final = "savepoints overlapped: the end of one ends those that were opened after it"
_TOO_LATE: Final = "the end of a savepoint was broken off when the database had done it, and can't be undone alone"


class TransactionManager(Generic[ClientT]):
    """Opens a transaction and hands out a client whose queries run in it.

    Used as a context manager it commits at the end, or rolls back when an exception leaves the block. A transaction
    that is opened inside another one is a savepoint of that.
    """

    def __init__(
        self,
        *,
        client: ClientT,
        max_wait: int | timedelta | None = None,
        timeout: int | timedelta | None = None,
        isolation_level: str | None = None,
    ) -> None:
        core = self._core = Core.of(client)
        defaults = core.transaction_options
        self._client = client
        self._max_wait = _seconds(defaults.get("max_wait", MAX_WAIT) if max_wait is None else max_wait)
        self._timeout = _seconds(defaults.get("timeout", TIMEOUT) if timeout is None else timeout)
        self._isolation_level = checked_level(isolation_level or defaults.get("isolation_level"))
        self._open: TransactionSession | _Savepoint | None = None
        self._tx: ClientT | None = None

    async def start(self, settings: Mapping[str, str] | None = None, *, first: Sql | None = None) -> ClientT:
        """Open the transaction and return its client.

        `settings` are the database's configuration parameters for this transaction only, such as `role` or a name that
        policies of row-level security read. `first` is raw SQL that returns no rows and runs before everything else,
        such as a check that raises an error. All this is sent with BEGIN, and BEGIN with the first statement, whose
        error says if the database refuses something.

        Raises:
            TransactionError: no connection was free within `max_wait`.
            InputError: a setting is no text, or no text that the database can hold.
        """
        if settings is not None:
            checked_settings(settings)
        core = self._core
        opening = None if first is None else (first.text, parameters(first.values))
        session = core.link.session or await core.link.opened()
        with failures.translated(core.schema):
            # A session that is a transaction already has no pool to ask: the new one is a savepoint in it.
            if isinstance(session, PoolSession):
                if session.settings is not None:
                    settings = {**session.settings, **(settings or {})}
                session = self._open = await self._begin(session, settings, opening)
            else:
                self._open = await _Savepoint.start(session, settings, opening)
        self._tx = self._client._on(core.to(session))  # pyright: ignore[reportPrivateUsage]
        return self._tx

    async def _begin(
        self, session: PoolSession, settings: Mapping[str, str] | None, first: RawStatement | None
    ) -> TransactionSession:
        try:
            return await TransactionSession.start(
                session,
                max_wait=self._max_wait,
                timeout=self._timeout,
                isolation_level=self._isolation_level,
                settings=settings,
                first=first,
            )
        except DriverFault as fault:
            if fault.kind is not FaultKind.POOL_TIMEOUT:
                raise
            raise TransactionError(
                "Transaction API error: Unable to start a transaction in the given time. No connection was free within "
                f"{self._max_wait * 1000:.0f} ms: raise `max_wait` or the URL's connection_limit."
            ) from fault

    @overload
    async def run(self, steps: list[Step[ClientT, T]], /) -> list[T]: ...

    @overload
    async def run(self, first: Step[ClientT, T], /) -> tuple[T]: ...

    @overload
    async def run(self, first: Step[ClientT, T], second: Step[ClientT, U], /) -> tuple[T, U]: ...

    @overload
    async def run(
        self, first: Step[ClientT, T], second: Step[ClientT, U], third: Step[ClientT, V], /
    ) -> tuple[T, U, V]: ...

    @overload
    async def run(
        self, first: Step[ClientT, T], second: Step[ClientT, U], third: Step[ClientT, V], fourth: Step[ClientT, W], /
    ) -> tuple[T, U, V, W]: ...

    @overload
    async def run(self, *steps: Step[ClientT, Any]) -> tuple[Any, ...]: ...

    async def run(self, *steps: Any) -> Any:
        """Run operations one after the other in this transaction, and return their results.

        Each is a function of the transaction's client: `await db.tx().run(lambda tx: tx.user.create(…), transfer)`. For
        a list of them the results are a list, else a tuple. The first that fails undoes all.

        Raises:
            TypeError: something else than a function was passed.
        """
        listed = len(steps) == 1 and isinstance(steps[0], list)
        chosen = cast("Sequence[Step[ClientT, Any]]", steps[0] if listed else steps)
        for step in chosen:
            if not callable(step):
                raise TypeError(
                    f"run() takes functions of the transaction's client (`lambda tx: tx.user.count()`), not {step!r}."
                )
        async with self as tx:
            results = [await step(tx) for step in chosen]
        return results if listed else tuple(results)

    async def commit(self) -> None:
        """Commit.

        Raises:
            TransactionNotStartedError: start() was not called.
            TransactionExpiredError: the transaction is over already.
        """
        with failures.translated(self._core.schema):
            await self._require_open().commit()

    async def commit_with(self, step: Step[ClientT, T]) -> T:
        """Run the last operation, commit, and return what the operation returned.

        `query_raw` and `query_first`, without `model`, take the commit along in the message of their statement. `step`
        is a function of the transaction's client, which runs one operation and does nothing else: what fails after the
        operation does not undo a commit. If the operation fails, all is rolled back, and the transaction is over.

        Raises:
            TransactionNotStartedError: start() was not called.
            TransactionExpiredError: the transaction is over already.
        """
        session = self._require_open()
        if self._tx is None:
            raise TransactionNotStartedError
        # Hooks may run further operations, or refuse what came of this one.
        if isinstance(session, TransactionSession) and self._core.extensions is None:
            session.commit_with_next()
        try:
            result = await step(self._tx)
            if isinstance(session, _Savepoint) or not session.is_over:
                await self.commit()
        except BaseException:
            session.leave()
            raise
        return result

    async def rollback(self) -> None:
        """Roll back; raises what `commit` raises."""
        with failures.translated(self._core.schema):
            await self._require_open().rollback()

    async def __aenter__(self) -> ClientT:
        return await self.start()

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if exc is None:
            await self.commit()
            return
        if self._open is not None and failures.interrupts(exc):
            # A cancelled task or an interrupted program does not wait for the server.
            self._open.leave()
            return
        try:
            await self.rollback()
        except Exception as failure:
            # The caller must see the exception of the block; a transaction that can't be rolled back is over anyway.
            exc.add_note(f"The transaction could not be rolled back: {failure}")

    def _require_open(self) -> TransactionSession | _Savepoint:
        if self._open is None:
            raise TransactionNotStartedError
        return self._open


def checked_settings(settings: Mapping[str, str]) -> Mapping[str, str]:
    """Return the settings of a transaction; InputError if one is nothing that the database can hold."""
    try:
        # At once, which is quicker; one by one they are looked at for the error, which names one.
        together = "".join(chain.from_iterable(settings.items()))
        together.encode()
    except (TypeError, UnicodeEncodeError):
        pass
    else:
        if "\0" not in together:
            return settings
    for name, value in settings.items():
        if not (_is_text(name) and _is_text(value)):
            problem = "A setting of a transaction and its name are text that UTF-8 can encode, without NUL"
            raise input_error(f"{problem}; {name!a} is not.", "settings", settings)
    return settings


def _is_text(value: object) -> bool:
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _opening(settings: Mapping[str, str] | None, first: RawStatement | None) -> Work[None]:
    async def work(connection: Connection) -> None:
        if settings:
            await connection.set_local(settings)
        if first is not None:
            await connection.execute_ahead(*first)

    return work


class _Savepoint:
    """A transaction inside a transaction."""

    def __init__(self, session: TransactionSession, name: str) -> None:
        self._session = session
        self._name = name

    @classmethod
    async def start(
        cls, session: TransactionSession, settings: Mapping[str, str] | None, first: RawStatement | None
    ) -> _Savepoint:
        savepoint = cls(session, session.savepoint_name())
        await session.use(savepoint._set)
        if settings or first is not None:
            try:
                await session.use(_opening(settings, first))
            except Exception:
                # The reason counts; a savepoint that can't be undone now is undone before the next operation.
                with suppress(Exception):
                    await savepoint.rollback()
                raise
            except BaseException:
                # A cancelled task does not wait for the server.
                savepoint.leave()
                raise
        return savepoint

    async def commit(self) -> None:
        await self._conclude(self._release)

    async def rollback(self) -> None:
        async def undo(connection: Connection) -> None:
            await self._roll_back(connection)
            # Rolling back leaves the savepoint, which would stay until the end of the transaction.
            await self._release(connection)

        await self._conclude(undo)

    def leave(self) -> None:
        """Undo what was done since, before the next operation of the transaction."""
        # Owed, not done: the task may be cancelled, and then it can't wait for the server.
        self._session.owe(self._or_all(self._roll_back, _TOO_LATE))

    async def _set(self, connection: Connection) -> None:
        await connection.command(connection.dialect.savepoint(self._name))

    async def _release(self, connection: Connection) -> None:
        await connection.command(connection.dialect.release_savepoint(self._name))

    async def _roll_back(self, connection: Connection) -> None:
        await connection.command(connection.dialect.rollback_to_savepoint(self._name))

    def _or_all(self, work: Work[None], reason: str) -> Work[None]:
        """Do the work; where the savepoint is gone, and can't be undone alone, end the whole transaction."""

        async def attempt(connection: Connection) -> None:
            try:
                await work(connection)
            except DriverFault as fault:
                # Another transaction inside the same one may have ended this savepoint with its own.
                if fault.fields.get("sqlstate") != connection.dialect.no_such_savepoint:
                    raise
                raise self._session.give_up(reason) from fault

        return attempt

    async def _conclude(self, work: Work[None]) -> None:
        try:
            await self._session.use(self._or_all(work, _OVERLAPPED))
        except BaseException:
            # Nothing of an inner transaction may stay when its end has failed or was cancelled.
            self.leave()
            raise


def _seconds(duration: int | timedelta) -> float:
    """Return seconds; a number counts milliseconds."""
    return duration.total_seconds() if isinstance(duration, timedelta) else duration / 1000


def checked_level(level: str | None) -> str | None:
    """Return an isolation level; TransactionError if Prisma has none of this name."""
    if level is not None and level not in _LEVELS:
        raise TransactionError(
            f"Transaction API error: Invalid isolation level {level!r}; use one of {', '.join(_LEVELS)}."
        )
    return level
