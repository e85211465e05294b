"""Misplaced values: which field of a result it is that holds what its type has no room for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, cast

from prisma.engine import conversions
from prisma.engine.plan_error import PlanError
from prisma.plan import nodes

_DecoderOf: TypeAlias = Callable[[nodes.Shape], Callable[[Any], object]]

# What decoders raise for such a value.
FAILURES = (ValueError, TypeError, ArithmeticError, AttributeError)


def find(shape: nodes.Shape, value: Any, decoder_of: _DecoderOf) -> str | None:
    """Return the path of the first field whose value its decoder refuses, e.g. `posts.at`; None if there is none."""
    try:
        return next(_paths(shape, value, decoder_of), None)
    except (*FAILURES, LookupError, PlanError):
        # The rows themselves are other than they should be.
        return None


def _paths(shape: nodes.Shape, value: Any, decoder_of: _DecoderOf) -> Iterator[str]:
    if not isinstance(shape, nodes.ObjectShape):
        return
    for row in _rows(shape, conversions.loads_exactly(value) if isinstance(value, str) else value):
        for name, field in shape.fields:
            match field:
                case nodes.FieldShape(db_name=column):
                    if _is_refused(decoder_of(field), _cell(shape, row, column)):
                        yield name
                case nodes.ObjectShape(serialized_name=column):
                    inner = row if column is None else _cell(shape, row, column)
                    yield from (f"{name}.{path}" for path in _paths(field, inner, decoder_of))
                case nodes.AffectedRowsShape():
                    pass


def _rows(shape: nodes.ObjectShape, value: Any) -> Iterator[Any]:
    is_array = isinstance(value, list)
    if is_array and not (shape.layout is not None and value and type(cast("list[Any]", value)[0]) is int):
        yield from (row for row in cast("list[Any]", value) if row is not None)
    elif value is not None:
        yield value


def _cell(shape: nodes.ObjectShape, row: Any, column: str) -> Any:
    # Before the columns of a layout stands a number.
    return row[column] if shape.layout is None else row[shape.layout.index(column) + 1]


def _is_refused(decode: Callable[[Any], object], value: Any) -> bool:
    try:
        decode(value)
    except FAILURES:
        return True
    return False
