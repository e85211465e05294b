"""Errors of decoding: data that a decoder can't read becomes P2023, with the path of its field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeAlias, cast

from prisma.engine.conversions import loads_exactly
from prisma.engine.large_answers import LargeAnswer
from prisma.engine.plan_error import PlanError, inconsistent, too_deep
from prisma.engine.record_form import FormMismatch
from prisma.plan import nodes

_Decode: TypeAlias = Callable[[Any], Any]
_DecoderOf: TypeAlias = Callable[[nodes.Shape], _Decode]

# What the conversions raise for a value of an unexpected kind.
_FAILURES = (ValueError, TypeError, ArithmeticError, AttributeError)


def guarded(
    decode: _Decode, shape: nodes.Shape, decoder_of: _DecoderOf, *, otherwise: _Decode | None = None
) -> _Decode:
    """Return a decoder that says what is wrong with rows; those that do not fit a form are for `otherwise`.

    The failing field is looked for only when a row has failed: the loop over rows keeps no account of where it is.
    """

    def decode_guarded(value: Any) -> Any:
        try:
            return decode(value)
        except FormMismatch:
            if otherwise is None:
                raise
            return otherwise(value)
        except LargeAnswer as large:
            large.decode = partial(decode_guarded, value)
            raise
        except PlanError:
            raise
        except RecursionError as error:
            raise too_deep() from error
        except KeyError as error:
            raise inconsistent(f"the database's answer has no column {error}") from error
        except _FAILURES as error:
            path = failing_field(shape, value, decoder_of)
            where = "a value" if path is None else f"the field {path!r}"
            raise inconsistent(f"{where} has an unexpected form ({error})", path) from error

    return decode_guarded


def failing_field(shape: nodes.Shape, value: Any, decoder_of: _DecoderOf) -> str | None:
    """Return the path of the first field whose value its decoder refuses, e.g. `posts.at`; None if there is none."""
    try:
        return next(_paths(shape, value, decoder_of), None)
    except (*_FAILURES, LookupError, PlanError):
        # The rows themselves are other than they should be.
        return None


def _paths(shape: nodes.Shape, value: Any, decoder_of: _DecoderOf) -> Iterator[str]:
    if not isinstance(shape, nodes.ObjectShape):
        return
    for row in _rows(shape, loads_exactly(value) if isinstance(value, str) else value):
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
    # A row that is an array itself begins with a number; see `prisma.plan.passes.json_arrays`.
    if is_array and not (shape.layout is not None and value and type(cast("list[Any]", value)[0]) is int):
        yield from (row for row in cast("list[Any]", value) if row is not None)
    elif value is not None:
        yield value


def _cell(shape: nodes.ObjectShape, row: Any, column: str) -> Any:
    # The first column of an array is after that number.
    return row[column] if shape.layout is None else row[shape.layout.index(column) + 1]


def _is_refused(decode: _Decode, value: Any) -> bool:
    try:
        decode(value)
    except _FAILURES:
        return True
    return False
