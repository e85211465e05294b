# Made by tools/async_to_sync.py from client/_async/executor.py: change that file and run the tool.
"""Runs a program on one connection: performs its effects, one after the other."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from prisma.client._sync.decoding import as_a_whole, in_portions
from prisma.client.planning.plans import Runnable
from prisma.drivers._sync.protocol import Connection
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


def execute(connection: Connection, program: Runnable, values: Sequence[object], numbers: Sequence[int]) -> Any:
    """Run a program and return its result.

    Raises:
        DriverFault: the database refused a statement.
        PlanError: a check of the plan failed.
    """
    # Most programs are one statement, and need neither a generator nor effects.
    single = program.single
    if single is None:
        return drive(connection, program.run(values, numbers, GENERATORS))
    try:
        if not single.is_plain:
            if single.by_limit is not None:
                single = single.by_limit(numbers)
            if single.portion:
                rows = connection.query(single.sql, single.bind(values, numbers, GENERATORS))
                if len(rows) <= single.portion:
                    return single.finish(rows)
                return in_portions(single.finish, rows, single.portion)
        args = single.bind(values, numbers, GENERATORS)
        if single.returns_rows:
            return single.finish(connection.query(single.sql, args))
        return single.finish(connection.execute(single.sql, args))
    except LargeAnswer as answer:
        decode = answer.decode
    assert decode is not None  # noqa: S101 - the outermost decoder sets it
    return as_a_whole(decode)


def drive(connection: Connection, run: Any) -> Any:
    """Perform the effects of a run, one after the other, and return what the run returns.

    A failure goes into the run, which may answer with a rollback before it raises. A task that is cancelled waits for
    nothing more: the transaction stays open, and the owner of the connection ends it.
    """
    try:
        effect = next(run)
        while True:
            try:
                answer = _PERFORM[type(effect)](connection, effect)
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


def _query(connection: Connection, effect: Any) -> object:
    return connection.query(effect.sql, effect.args)


def _execute(connection: Connection, effect: Any) -> object:
    return connection.execute(effect.sql, effect.args)


def _insert(connection: Connection, effect: Any) -> object:
    return connection.insert(effect.sql, effect.args)


def _describe_arrays(connection: Connection, effect: Any) -> object:
    return connection.array_types(effect.sql)


def _begin(connection: Connection, effect: Any) -> object:
    if connection.in_transaction:
        # The caller's transaction, which it ends itself.
        return False
    connection.begin()
    return True


def _commit(connection: Connection, effect: Any) -> object:
    connection.commit()
    return None


def _rollback(connection: Connection, effect: Any) -> object:
    connection.rollback()
    return None


def _decode(connection: Connection, effect: Any) -> object:
    if effect.portion is None:
        return as_a_whole(effect.decode, effect.rows)
    return in_portions(effect.decode, effect.rows, effect.portion)


_PERFORM: Final[dict[type[Effect], Callable[[Connection, Any], object]]] = {
    RunQuery: _query,
    RunExecute: _execute,
    RunInsert: _insert,
    DescribeArrays: _describe_arrays,
    Begin: _begin,
    Commit: _commit,
    Rollback: _rollback,
    Decode: _decode,
}
