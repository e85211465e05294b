"""Runs a program on one connection: performs its effects, one after the other."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from prisma.client._async.decoding import as_a_whole, in_portions
from prisma.client.planning.plans import Runnable
from prisma.drivers._async.protocol import Connection
from prisma.engine.effects import (
    Begin,
    Commit,
    Decode,
    DescribeArrays,
    Effect,
    Rollback,
    RunExecute,
    RunInsert,
    RunQuery,
)
from prisma.engine.generators import Generators
from prisma.engine.large_answers import LargeAnswer
from prisma.faults import DriverFault

# `datetime` is looked up at each call, because users' tests replace it with a class whose time does not move.
GENERATORS: Final = Generators(clock=lambda: datetime.now(UTC), random_bytes=os.urandom)
"""The process's clock and randomness, for ids and times that plans make."""


async def execute(connection: Connection, program: Runnable, values: Sequence[object], numbers: Sequence[int]) -> Any:
    """Run a program and return its result.

    Raises:
        DriverFault: the database refused a statement.
        PlanError: a check of the plan failed.
    """
    # Most programs are one statement, and need neither a generator nor effects.
    single = program.single
    if single is None:
        return await drive(connection, program.run(values, numbers, GENERATORS))
    try:
        if not single.is_plain:
            if single.by_limit is not None:
                single = single.by_limit(numbers)
            if single.portion:
                rows = await connection.query(single.sql, single.bind(values, numbers, GENERATORS))
                if len(rows) <= single.portion:
                    return single.finish(rows)
                return await in_portions(single.finish, rows, single.portion)
        args = single.bind(values, numbers, GENERATORS)
        if single.returns_rows:
            return single.finish(await connection.query(single.sql, args))
        return single.finish(await connection.execute(single.sql, args))
    except LargeAnswer as answer:
        decode = answer.decode
    assert decode is not None  # noqa: S101 - the outermost decoder sets it
    return await as_a_whole(decode)


async def drive(connection: Connection, run: Any) -> Any:
    """Perform the effects of a run, one after the other, and return what the run returns.

    A failure goes into the run, which may answer with a rollback before it raises. A task that is cancelled waits for
    nothing more: the transaction stays open, and the owner of the connection ends it.
    """
    try:
        effect = next(run)
        while True:
            try:
                answer = await _PERFORM[type(effect)](connection, effect)
            except DriverFault as fault:
                if isinstance(effect, RunQuery | RunExecute | RunInsert):
                    fault.fields.setdefault("statement", effect.sql)
                effect = run.throw(fault)
            except Exception as failure:
                effect = run.throw(failure)
            except BaseException:
                # A cancellation: the run must not answer it with more effects.
                run.close()
                raise
            else:
                effect = run.send(answer)
    except StopIteration as end:
        return end.value


async def _query(connection: Connection, effect: Any) -> object:
    return await connection.query(effect.sql, effect.args)


async def _execute(connection: Connection, effect: Any) -> object:
    return await connection.execute(effect.sql, effect.args)


async def _insert(connection: Connection, effect: Any) -> object:
    return await connection.insert(effect.sql, effect.args)


async def _describe_arrays(connection: Connection, effect: Any) -> object:
    return await connection.array_types(effect.sql)


async def _begin(connection: Connection, effect: Any) -> object:
    if connection.in_transaction:
        # The caller's transaction, which it ends itself.
        return False
    await connection.begin()
    return True


async def _commit(connection: Connection, effect: Any) -> object:
    await connection.commit()
    return None


async def _rollback(connection: Connection, effect: Any) -> object:
    await connection.rollback()
    return None


async def _decode(connection: Connection, effect: Any) -> object:
    if effect.portion is None:
        return await as_a_whole(effect.decode, effect.rows)
    return await in_portions(effect.decode, effect.rows, effect.portion)


_PERFORM: Final[dict[type[Effect], Callable[[Connection, Any], Awaitable[object]]]] = {
    RunQuery: _query,
    RunExecute: _execute,
    RunInsert: _insert,
    DescribeArrays: _describe_arrays,
    Begin: _begin,
    Commit: _commit,
    Rollback: _rollback,
    Decode: _decode,
}
