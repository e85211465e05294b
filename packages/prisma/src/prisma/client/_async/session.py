"""Sessions choose the connection of an operation.

A `PoolSession` borrows a connection for each operation. A `TransactionSession` holds one from start to end, runs one
operation at a time, and ends when its time is over.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from operator import methodcaller
from typing import Any, TypeAlias, TypeVar

from prisma.client._async.executor import execute
from prisma.client._async.observed_connection import ObservedConnection
from prisma.client._async.waiting import Deadline, DeadlinePassed, Lock
from prisma.client.planning.plans import Runnable
from prisma.client.telemetry.meter import Meter
from prisma.client.telemetry.observer import Observer
from prisma.drivers._async.protocol import Connection, Pool
from prisma.errors import TransactionError, TransactionExpiredError
from prisma.forks import leave_to_parent_on_fork

T = TypeVar("T")
RawStatement: TypeAlias = tuple[str, Sequence[object]]
Work: TypeAlias = Callable[[Connection], Awaitable[T]]


class PoolSession:
    """Borrows a connection for every operation.

    `settings` are those of a `SettingsSession`. `replicas` are those of a primary, which may answer reads.
    """

    settings: Mapping[str, str] | None = None
    replicas: Any = None  # a `Replicas`, which knows sessions

    def __init__(self, pool: Pool[Any], observer: Observer) -> None:
        self.pool = pool
        self.observer = observer
        self.meter = Meter()

    async def run(self, program: Runnable, values: Sequence[object], numbers: Sequence[int]) -> Any:
        """Run a program and return its result."""
        self.meter.operations += 1
        # The first one needs no coroutine, and nearly always has a connection.
        connection = self.pool.try_acquire() or await self.acquire()
        try:
            return await execute(self.observed(connection), program, values, numbers)
        finally:
            self.pool.release_nowait(connection)

    async def use(self, work: Work[T]) -> T:
        """Do some work with a connection that nothing else uses meanwhile."""
        self.meter.operations += 1
        connection = self.pool.try_acquire() or await self.acquire()
        try:
            return await work(self.observed(connection))
        finally:
            self.pool.release_nowait(connection)

    def query(self, work: Work[T]) -> Awaitable[T]:
        """Do some work that is one query; see `TransactionSession.query`."""
        return self.use(work)

    async def atomically(
        self, work: Work[T], isolation_level: str | None = None, settings: Mapping[str, str] | None = None
    ) -> T:
        """Do some work inside a transaction."""

        async def transact(connection: Connection) -> T:
            await connection.begin(isolation_level, settings)
            # A connection that comes back with its transaction open is rolled back by the pool.
            result = await work(connection)
            await connection.commit()
            return result

        return await self.use(transact)

    async def acquire(self, max_wait: float | None = None) -> Connection:
        """Wait for a connection; `max_wait` seconds for a transaction."""
        return await self.pool.acquire(max_wait, transaction=max_wait is not None)

    def timed(self, operation: Callable[..., Awaitable[T]], *args: Any) -> Awaitable[T]:
        """Do an operation that has its connection already; see `MeteredSession`."""
        return operation(*args)

    def observed(self, connection: Connection) -> Connection:
        """Return the connection; in a wrapper, if its statements are observed."""
        observer = self.observer
        return ObservedConnection(connection, observer) if observer.wants_statements else connection


class TransactionSession:
    """Runs every operation inside one transaction, one at a time, until a deadline.

    The transaction is rolled back when the deadline passes, whether an operation is under way or not; what comes later
    gets a TransactionExpiredError.
    """

    def __init__(self, session: PoolSession, connection: Connection, observed: Connection, timeout: float) -> None:
        self.origin = session
        self._pool = session.pool
        self._events = session.observer.events
        # None when the connection has gone back to the pool.
        self._held: Connection | None = connection
        self._connection = observed
        self._lock = Lock()
        self._timeout = timeout
        # How the transaction ended, in the words of the error for what comes later.
        self._closed_by: str | None = None
        self._savepoints = 0
        self._is_next_last = False
        self._owed: list[Work[object]] = []
        self._deadline = Deadline(timeout, self._lock, connection, end=self._end)
        leave_to_parent_on_fork(self)

    @classmethod
    async def start(
        cls,
        session: PoolSession,
        *,
        max_wait: float,
        timeout: float,
        isolation_level: str | None,
        settings: Mapping[str, str] | None = None,
        first: RawStatement | None = None,
    ) -> TransactionSession:
        """Open a transaction on a connection that is free within `max_wait` seconds."""
        connection = session.pool.try_acquire() or await session.acquire(max_wait)
        observed = session.observed(connection)
        try:
            await observed.begin(isolation_level, settings)
            if first is not None:
                await observed.execute_ahead(*first)
        except BaseException:
            # Also when the task is cancelled: the BEGIN may have been executed, and the pool undoes it.
            session.pool.release_nowait(connection)
            raise
        return cls(session, connection, observed, timeout)

    def run(self, program: Runnable, values: Sequence[object], numbers: Sequence[int]) -> Awaitable[Any]:
        """Run a program and return its result."""
        return self.use(lambda connection: execute(connection, program, values, numbers))

    def use(self, work: Work[T]) -> Awaitable[T]:
        """Do some work with the connection, when nothing else uses it."""
        self._is_next_last = False
        self.origin.meter.operations += 1
        return self.origin.timed(self._exclusively, "query", work)

    def query(self, work: Work[T]) -> Awaitable[T]:
        """Do some work that is one query, whose result is no reason to roll back: it may commit."""
        if not self._is_next_last:
            return self.use(work)
        self._is_next_last = False
        self.origin.meter.operations += 1
        return self.origin.timed(self._finish, work)  # pyright: ignore[reportReturnType]

    def atomically(self, work: Work[T], isolation_level: str | None = None) -> Awaitable[T]:
        """Do some work as `use` does: all work here is inside the transaction."""
        return self.use(work)

    async def commit(self) -> None:
        """Commit, and give the connection back."""
        await self._conclude("commit", methodcaller("commit"), "committed")

    def commit_with_next(self) -> None:
        """Let the next operation commit, in the message of its statement, if it is a `query`."""
        self._is_next_last = True

    @property
    def is_over(self) -> bool:
        """Whether the transaction has ended."""
        return self._held is None

    async def rollback(self) -> None:
        """Roll back, and give the connection back."""
        await self._conclude("rollback", methodcaller("rollback"), "rolled back")

    def leave(self) -> None:
        """Roll back without waiting: running work is cancelled, and the pool makes the connection usable again."""
        if self._held is not None:
            self._closed_by = "rolled back"
            self._deadline.bring_forward()

    def leave_to_parent(self) -> None:
        """Refuse everything from now on, in a forked process."""
        self._closed_by = "opened by the process that forked this one"
        self._held = None
        # A thread that this process lacks may hold the other one.
        self._lock = Lock()

    def owe(self, work: Work[object]) -> None:
        """Do some work before the next operation: for callers that may not wait, because their task is cancelled."""
        self._owed.append(work)

    def give_up(self, reason: str) -> TransactionError:
        """Roll back because of what an operation found; for that operation, which raises the error that it gets."""
        self._end(f"rolled back, because {reason}")
        return self._closed("query")

    def savepoint_name(self) -> str:
        """Return a name for a nested transaction, unused in this one."""
        self._savepoints += 1
        return f"prisma_sp_{self._savepoints}"

    async def _finish(self, work: Work[T]) -> T:
        """Do some work, which is one query, and commit."""

        async def committing(connection: Connection) -> T:
            connection.commit_along()
            result = await work(connection)
            await connection.commit()
            return result

        return await self._conclude("query", committing, "committed")

    async def _conclude(self, operation: str, work: Work[T], closed_by: str) -> T:
        if self._held is not None:
            self._deadline.check_place()
        try:
            return await self._exclusively(operation, work, closed_by=closed_by)
        except BaseException:
            # It may have waited for another operation in vain, and then the transaction is still open.
            self.leave()
            raise

    async def _exclusively(self, operation: str, work: Work[T], *, closed_by: str | None = None) -> T:
        if self._held is not None:
            self._deadline.check_place()
        # Not a `with` block: an asynchronous one takes two coroutines more for each statement.
        lock = self._lock
        await lock.acquire()
        try:
            if self._closed_by is not None:
                raise self._closed(operation)
            if self._owed:
                work = partial(self._settled, work)
            try:
                return await self._deadline.run(work, self._connection)
            except DeadlinePassed:
                closed_by = self._closed_by = self._closed_by or "expired"
                raise self._closed(operation) from None
            finally:
                if closed_by is not None:
                    self._end(closed_by)
        finally:
            lock.release()

    async def _settled(self, work: Work[T], connection: Connection) -> T:
        """Do the work after everything that is owed."""
        while self._owed:
            await self._owed[0](connection)
            # Not before it is done: when it is cancelled, the next operation must do it.
            del self._owed[0]
        return await work(connection)

    def _closed(self, operation: str) -> TransactionError:
        if self._closed_by == "expired":
            return self._expired(operation)
        # 0.15.0's words: programs search for them.
        which = "committed transaction" if self._closed_by == "committed" else f"transaction that was {self._closed_by}"
        return TransactionExpiredError(f"Transaction already closed: A {operation} cannot be executed on a {which}.")

    def _expired(self, operation: str) -> TransactionError:
        return TransactionExpiredError(
            f"Transaction already closed: A {operation} cannot be executed on an expired transaction. The timeout for "
            f"this transaction was {self._timeout * 1000:.0f} ms, however {self._deadline.passed * 1000:.0f} ms passed "
            "since the start of the transaction. Raise `timeout` or do less work inside the transaction."
        )

    def _end(self, closed_by: str = "expired") -> None:
        connection, self._held = self._held, None
        if connection is None:
            return
        self._closed_by = self._closed_by or closed_by
        self._deadline.cancel()
        self._pool.release_nowait(connection)
        if self._closed_by == "expired":
            ms = self._timeout * 1000
            self._events.tell("warn", f"A transaction was rolled back after its timeout of {ms:.0f} ms.")


Session: TypeAlias = PoolSession | TransactionSession
"""Where operations run."""
