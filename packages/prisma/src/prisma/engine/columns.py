"""Columns of a bulk insert: each argument of a row, made for all rows at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from prisma.engine.arguments import load_argument, request_index
from prisma.engine.run import Run
from prisma.plan import nodes
from prisma.plan.passes.unnest_insert import Column

ColumnMaker: TypeAlias = Callable[[Sequence[Column], int, Run], Column]
"""Makes one argument of all rows: from the columns of the request, the number of rows, and the run."""


def column_makers(args: Sequence[nodes.Value]) -> tuple[ColumnMaker, ...]:
    """Return for each argument of a row the function that makes it for all rows."""
    return tuple(map(_column_maker, args))


def _column_maker(value: nodes.Value) -> ColumnMaker:
    # The usual values need no loop here: a column of the request is passed on, a constant is repeated.
    match value:
        case nodes.Param() if (index := request_index(value)) is not None:
            return lambda columns, count, run: columns[index]
        case nodes.Literal(content):
            return lambda columns, count, run: [content] * count
        case nodes.Generator("now"):
            return lambda columns, count, run: [run.now()] * count
        case nodes.Generator(name, made_of) if all(isinstance(item, nodes.Literal) for item in made_of):
            options = [item.value for item in made_of if isinstance(item, nodes.Literal)]
            return lambda columns, count, run: run.generators.many(name, count, *options)
        case _:
            return _by_row(value)


def _by_row(value: nodes.Value) -> ColumnMaker:
    argument = load_argument(value)

    def make(columns: Sequence[Column], count: int, run: Run) -> Column:
        made: list[Any] = []
        for values in zip(*columns, strict=True):
            run.values = values
            made.append(argument(run, {}))
        return made

    return make
