"""Decoding of values: placeholders, generator calls and literals become nodes of `prisma.plan.nodes`."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias, cast

from prisma.errors import PrismaError
from prisma.frozen import Frozen
from prisma.plan.nodes import ArgType, Generator, ListValue, Literal, Param, Slot, TupleArgType, Value

Json: TypeAlias = Any
"""The compiler's JSON: dict, list, str, float, bool, None."""


class PlanFormatError(PrismaError):
    """The compiler answered with something that this version can't read."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The query compiler's plan can't be read: {problem}. Its WebAssembly file belongs to another version; "
            "reinstall prisma."
        )
        self.problem = problem


class SlotMark(Frozen):
    """A number of the request, marked in the compiler's answer before it is decoded."""

    index: int


def plain(value: Json) -> Json:
    """Return a JSON value with its whole numbers as ints; the compiler answers all numbers as floats."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [plain(item) for item in cast("list[Json]", value)]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in cast("dict[str, Json]", value).items()}
    return value


def decode_value(value: Json, arg_type: ArgType | TupleArgType | None = None) -> Value:
    """Return the node of a value; a literal becomes a Python value of its argument type."""
    if isinstance(value, SlotMark):
        return Slot(value.index)
    if isinstance(value, list):
        return _decode_list(cast("list[Json]", value), arg_type)
    if isinstance(value, Mapping):
        return _decode_tagged(cast("Mapping[str, Json]", value))
    return Literal(_decode_scalar(value, arg_type))


def _decode_list(items: list[Json], arg_type: ArgType | TupleArgType | None) -> Literal | ListValue:
    decoded = tuple(decode_value(item, arg_type) for item in items)
    # One literal needs no work at run time, a list of nodes does.
    if all(isinstance(item, Literal) for item in decoded):
        return Literal([item.value for item in cast("tuple[Literal, ...]", decoded)])
    return ListValue(decoded)


def _decode_tagged(value: Mapping[str, Json]) -> Param | Generator:
    tag, content = value.get("prisma__type"), cast("Json", value.get("prisma__value"))
    if tag == "param":
        return Param(content["name"])
    if tag == "generatorCall":
        return Generator(content["name"], tuple(decode_value(arg) for arg in content["args"]))
    raise PlanFormatError(f"unknown value {tag!r}")


def _decode_scalar(value: Json, arg_type: ArgType | TupleArgType | None) -> object:
    value = plain(value)
    # The compiler writes numbers, times and bytes as text; the column's type tells what they are.
    if isinstance(value, str) and isinstance(arg_type, ArgType):
        convert = _FROM_TEXT.get(arg_type.scalar_type)
        return value if convert is None else convert(value)
    return value


# The other scalar types (string, enum, uuid, json, unknown) stay text.
_FROM_TEXT: dict[str, Callable[[str], object]] = {
    "int": int,
    "bigint": int,
    "float": float,
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "bytes": b64decode,
}
