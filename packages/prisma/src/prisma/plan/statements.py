"""Decoding of statements: the SQL of a plan in fragments, and the arguments with their types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from prisma.plan.nodes import (
    ArgType,
    Fragment,
    Parameter,
    ParameterTuple,
    ParameterTupleList,
    Statement,
    Text,
    TupleArgType,
)
from prisma.plan.values import Json, PlanFormatError, decode_value

_PLACEHOLDERS: Final = frozenset({("$", True), ("?", False)})


def decode_statement(query: Json) -> Statement:
    """Return the statement of a `query` or `execute` node.

    Ready-made SQL (`rawSql`) becomes one `Text` that holds its own placeholders; its args belong to those.
    """
    arg_types = tuple(_decode_arg_type(item) for item in query["argTypes"])
    args = tuple(decode_value(arg, arg_type) for arg, arg_type in zip(query["args"], arg_types, strict=True))
    match query["type"]:
        case "templateSql":
            form = query["placeholderFormat"]
            # The dialect writes the placeholders: any other form needs a dialect of its own.
            if (form["prefix"], form["hasNumbering"]) not in _PLACEHOLDERS:
                raise PlanFormatError(f"placeholders of the form {form['prefix']!r}")
            fragments = tuple(_decode_fragment(item) for item in query["fragments"])
            return Statement(fragments, args, arg_types, query["chunkable"])
        case "rawSql":
            return Statement((Text(query["sql"]),), args, arg_types, chunkable=False)
        case unknown:
            raise PlanFormatError(f"unknown query {unknown!r}")


def _decode_arg_type(item: Json) -> ArgType | TupleArgType:
    if item["arity"] == "tuple":
        return TupleArgType(tuple(_scalar_arg_type(element) for element in item["elements"]))
    return _scalar_arg_type(item)


def _scalar_arg_type(item: Json) -> ArgType:
    return ArgType(item["scalarType"], item["dbType"], item["arity"])


def _decode_fragment(item: Json) -> Fragment:
    decode = _FRAGMENTS.get(item["type"])
    if decode is None:
        raise PlanFormatError(f"unknown SQL fragment {item['type']!r}")
    return decode(item)


_FRAGMENTS: dict[str, Callable[[Json], Fragment]] = {
    "stringChunk": lambda item: Text(item["chunk"]),
    "parameter": lambda _: Parameter(),
    "parameterTuple": lambda item: ParameterTuple(item["itemPrefix"], item["itemSeparator"], item["itemSuffix"]),
    "parameterTupleList": lambda item: ParameterTupleList(
        item["itemPrefix"], item["itemSeparator"], item["itemSuffix"], item["groupSeparator"]
    ),
}
