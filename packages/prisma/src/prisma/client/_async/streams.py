"""Streams: the records of a find_many one by one, in constant memory.

A stream runs the same find_many again and again. Its session opens a cursor for the first statement of the plan, and
answers that statement with the cursor's next rows. So each portion is an ordinary find_many, with included relations,
hooks, computed fields, omitted fields and derived classes.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, TypeVar, cast

from pydantic import BaseModel

from prisma.client._async.core import Core
from prisma.client._async.executor import GENERATORS, drive
from prisma.client._async.session import PoolSession, Session, Work
from prisma.client.explain import failures
from prisma.client.planning.plans import Runnable
from prisma.client.request.writer import input_error
from prisma.drivers._async.protocol import Connection
from prisma.engine.effects import RunQuery
from prisma.faults import DriverFault

ModelT = TypeVar("ModelT", bound=BaseModel)
T = TypeVar("T")

BATCH_SIZE: Final = 1000
"""Records that a stream reads at a time, unless told otherwise."""

# Several streams may be open in one transaction.
_numbers = itertools.count(1)


async def stream(
    core: Core,
    model: str,
    ask: Callable[[Core], Awaitable[Sequence[ModelT]]],
    arguments: Mapping[str, Any],
    batch_size: int,
) -> AsyncGenerator[ModelT, None]:
    """Yield the records that find_many would return; it ends its transaction when it ends, or is closed.

    `ask` runs the find_many of these arguments on a core.

    Raises:
        InputError: `take` is negative, or the plan needs all records at once.
        ValueError: `batch_size` is not positive.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be positive, got {batch_size}.")
    source = StreamSession(await core.link.opened(), arguments, batch_size)
    portions = core.to(cast("Session", source))
    try:
        while not source.ended:
            asked = source.portions
            for record in await ask(portions):
                yield record
            if source.portions == asked:
                # A hook has answered in the database's place.
                break
    except BaseException:
        source.abandon()
        raise
    with failures.translated(core.schema, model):
        await source.finish()


class StreamSession:
    """A session for one find_many, whose runs return the records portion by portion.

    It holds a connection in a transaction from the first run on; or it uses the caller's transaction, where other
    operations may come between the portions.

    Attributes:
        portions: how many there were.
        ended: whether the last one was.
    """

    def __init__(self, session: Session, arguments: Mapping[str, Any], batch_size: int) -> None:
        self.portions = 0
        self.ended = False
        self._session = session
        self._arguments = arguments
        self._batch_size = batch_size
        self._name = f"prisma_stream_{next(_numbers)}"
        self._held: Connection | None = None
        self._is_open = False
        self._call: tuple[Runnable, Sequence[object], Sequence[int]] | None = None

    async def run(self, program: Runnable, values: Sequence[object], numbers: Sequence[int]) -> Any:
        """Return the next records."""
        if self._call is None:
            _require_portions(self._arguments, program)
            self._call = program, values, numbers
        # A hook may change the arguments of every portion, but the first ones have opened the cursor.
        program, values, numbers = self._call
        run = program.run(values, numbers, GENERATORS)
        statement: Any = next(run)
        assert isinstance(statement, RunQuery)  # noqa: S101 - a read starts with its records

        async def next_records(connection: Connection) -> Any:
            if not self.portions:
                await connection.open_cursor(self._name, statement.sql, statement.args)
                self._is_open = True
            rows = await connection.fetch(self._name, self._batch_size)
            self.portions += 1
            self.ended = len(rows) < self._batch_size
            return await drive(connection, _answered(run, rows))

        return await self._use(next_records)

    async def finish(self) -> None:
        """Commit and give the connection back, after the last portion."""
        try:
            if self._held is not None:
                await self._held.commit()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Give the connection back without waiting: the task may have been cancelled."""
        if isinstance(self._session, PoolSession):
            # The pool rolls back, which closes the cursor.
            self._release(self._session)
        elif self._is_open:
            self._session.owe(self._close)

    async def _use(self, work: Work[T]) -> T:
        if not isinstance(self._session, PoolSession):
            return await self._session.use(work)
        if self._held is None:
            self._session.meter.operations += 1
            self._connection = self._session.pool.try_acquire() or await self._session.acquire()
            self._held = self._session.observed(self._connection)
            await self._held.begin_to_read(self._session.settings)
        return await work(self._held)

    async def _close(self, connection: Connection) -> None:
        # After a failure of the database the cursor is gone.
        with suppress(DriverFault):
            await connection.close_cursor(self._name)

    def _release(self, session: PoolSession) -> None:
        if self._held is not None:
            self._held = None
            session.pool.release_nowait(self._connection)


def _require_portions(arguments: Mapping[str, Any], program: Runnable) -> None:
    """Raise InputError where the records can't be had in portions."""
    take = arguments.get("take")
    if isinstance(take, int) and take < 0:
        problem = "`take` counts from the end: order the other way round, and take from the start"
        raise input_error(f"A stream can't be read backwards, and a negative {problem}.", "take", take)
    for name in ("distinct", "cursor"):
        # In one statement the database does it; what comes after one would need all records at once.
        if arguments.get(name) is not None and program.single is None:
            problem = f"`{name}` needs all records at once here. Use find_many, or leave `include` or `{name}` out"
            raise input_error(f"A stream reads records in portions, and {problem}.", name, arguments[name])


def _answered(run: Generator[Any, Any, Any], rows: object) -> Generator[Any, Any, Any]:
    """Return the rest of a run whose first effect has its answer already."""
    resume: Callable[[Any], Any] = run.send
    answer: Any = rows
    while True:
        try:
            effect = resume(answer)
        except StopIteration as end:
            return end.value
        try:
            answer, resume = (yield effect), run.send
        except BaseException as failure:
            answer, resume = failure, run.throw
