"""Calls, transactions and inserts that are tried again after a transient failure of the database."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.database.time_limit import TimeLimit
from app.telemetry.metrics import RETRIES
from prisma.errors import DataError, TransactionError

if TYPE_CHECKING:
    from prisma import Prisma, Sql

T = TypeVar("T")

WRITE_CONFLICT = "P2034"
POOL_TIMEOUT = "P2024"
MAX_WAIT = timedelta(seconds=5)
TIMEOUT = timedelta(seconds=10)
READING = TimeLimit(TIMEOUT.total_seconds())
PORTION = 100  # rows


class Sleep(Protocol):
    """Waits for a number of seconds."""

    def __call__(self, seconds: float, /) -> Awaitable[object]: ...


@dataclass(frozen=True, slots=True)
class Backoff:
    """How often to try again and how long to wait before it; times are seconds.

    The wait doubles each time, is moved by at most `jitter` (a share) either way, so that callers that failed together
    do not come back together, and is never longer than `longest`.
    """

    retries: int = 3
    first: float = 1.0
    longest: float = 10.0
    jitter: float = 0.25

    def delay(self, retry: int, chance: float) -> float:
        """Return the wait before retry number `retry` (from 0); `chance` is a number from 0 to 1."""
        return min(self.longest, self.first * 2**retry * (1 + self.jitter * (2 * chance - 1)))


BACKOFF = Backoff()


def is_transient(error: Exception) -> bool:
    """Tell whether the same call may succeed later: the server was out of reach, too slow, or gone."""
    if isinstance(error, DataError):
        return error.retriable and error.code != WRITE_CONFLICT
    return isinstance(error, ConnectionError)


def is_transient_in_transaction(error: Exception) -> bool:
    """Tell whether a whole new transaction may succeed."""
    return is_transient(error) or (isinstance(error, DataError) and error.code == WRITE_CONFLICT)


async def with_retry(
    operation: Callable[[], Awaitable[T]],
    *,
    backoff: Backoff = BACKOFF,
    transient: Callable[[Exception], bool] = is_transient,
    sleep: Sleep = asyncio.sleep,
    chance: Callable[[], float] = random.random,
) -> T:
    """Return what `operation` returns, trying again after transient errors.

    Any other error is raised at once; after the last try the last error is raised unchanged. A server that vanished
    may have done its work before: hand in operations that may happen twice.
    """
    for retry in range(backoff.retries):
        try:
            return await operation()
        except Exception as error:
            if not transient(error):
                raise
            RETRIES.labels(getattr(error, "code", None) or type(error).__name__).inc()
        await sleep(backoff.delay(retry, chance()))
    return await operation()


class UnknownOutcomeError(Exception):
    """The connection broke during COMMIT, and the work must not happen twice; the cause is the client's error."""


async def with_transaction(
    db: Prisma,
    work: Callable[[Prisma], Awaitable[T]],
    *,
    settings: Mapping[str, str] | None = None,
    first: Sql | None = None,
    repeatable: bool = True,
    last: Callable[[T], Callable[[Prisma], Awaitable[object]] | None] | None = None,
    max_wait: timedelta = MAX_WAIT,
    timeout: timedelta = TIMEOUT,
    backoff: Backoff = BACKOFF,
    sleep: Sleep = asyncio.sleep,
    chance: Callable[[], float] = random.random,
) -> T:
    """Return what `work` returns for a transaction's client; commit when it returns, roll back when it raises.

    After a transient error or a write conflict, `work` runs again in a whole new transaction. `settings` are the
    database's configuration parameters for each of them, and `first` is SQL without rows that is sent with the first
    query of `work`. `repeatable` says whether `work` may happen a second time when
    the outcome of the first is unknown. `last` returns for the result of `work` one more query, or None; it is sent
    with the commit. `max_wait` bounds the wait for a connection, `timeout` the transaction.

    Raises:
        UnknownOutcomeError: the connection broke at the commit of work that is not repeatable.
    """

    async def attempt() -> T:
        committing = False
        manager = db.tx(max_wait=max_wait, timeout=timeout)
        try:
            async with AsyncExitStack() as stack:
                tx = await manager.start(settings, first=first)
                stack.push_async_exit(manager)
                result = await work(tx)
                committing = True
                query = None if last is None else last(result)
                if query is not None:
                    # It ends the transaction, whatever comes of it.
                    stack.pop_all()
                    await manager.commit_with(query)
        except DataError as error:
            # Before the commit nothing has happened, so a new transaction does no harm.
            if committing and not repeatable and is_transient(error):
                raise UnknownOutcomeError from error
            raise
        return result

    return await with_retry(attempt, backoff=backoff, transient=is_transient_in_transaction, sleep=sleep, chance=chance)


async def with_reads(
    db: Prisma,
    work: Callable[[Prisma], Awaitable[T]],
    *,
    settings: Mapping[str, str] | None = None,
    limit: TimeLimit = READING,
    backoff: Backoff = BACKOFF,
    sleep: Sleep = asyncio.sleep,
    chance: Callable[[], float] = random.random,
) -> T:
    """Return what `work` returns, which only reads; it runs again after a transient error.

    Each query is a transaction of its own with these `settings`, which costs one round trip. One transaction around all
    would not show them the same data either, at PostgreSQL's usual isolation level. `limit` bounds each attempt.

    Raises:
        TransactionError: the work took too long.
    """
    client = db if settings is None else db.with_settings(settings)

    try:
        return await with_retry(
            lambda: limit.run(work(client)),
            backoff=backoff,
            transient=_is_worth_reading_again,
            sleep=sleep,
            chance=chance,
        )
    except TimeoutError as error:
        raise TransactionError(f"A read took longer than {limit.seconds:g} s.") from error


def _is_worth_reading_again(error: Exception) -> bool:
    is_busy = isinstance(error, DataError) and error.code == POOL_TIMEOUT
    return is_transient_in_transaction(error) and not is_busy


async def batch_insert(
    items: Sequence[T],
    insert: Callable[[Sequence[T]], Awaitable[int]],
    size: int = PORTION,
    *,
    backoff: Backoff = BACKOFF,
    sleep: Sleep = asyncio.sleep,
    chance: Callable[[], float] = random.random,
) -> int:
    """Insert `items` in portions of `size`, in order, each with retries, and return how many rows were inserted."""
    if size < 1:
        raise ValueError("size must be at least 1.")
    inserted = 0
    for start in range(0, len(items), size):
        portion = items[start : start + size]

        async def attempt(portion: Sequence[T] = portion) -> int:
            return await insert(portion)

        inserted += await with_retry(attempt, backoff=backoff, sleep=sleep, chance=chance)
    return inserted


async def paginate(
    fetch: Callable[[int, int], Awaitable[Sequence[T]]], page_size: int = PORTION
) -> AsyncIterator[Sequence[T]]:
    """Yield the pages that `fetch(skip, take)` returns, up to the first that is empty or not full."""
    if page_size < 1:
        raise ValueError("page_size must be at least 1.")
    skip = 0
    while page := await fetch(skip, page_size):
        yield page
        if len(page) < page_size:
            return
        skip += page_size
