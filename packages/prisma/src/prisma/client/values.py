"""Values: what programs pass for a scalar, as the driver wants it, and as the request's JSON writes it.

A converter takes a program's value and returns the parameter, or `UNFIT` when the value is not of the field's type. A
value that does not fit is written into the request as a literal, so that the compiler refuses it with the path and the
types that it expects, before any SQL runs.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final, TypeAlias, cast
from uuid import UUID

from prisma.client.schema import Enum, Field
from prisma.fields import Base64, FieldRef, Json, Null

MAX_WORD: Final = 64  # characters of a text that is likely a name
MAX_KNOWN_WORDS: Final = 1024  # names of fields, arguments and directions; there are some hundred

UNFIT: Final = object()
"""Returned by a converter for a value that is not of its type."""


class Misfit(Exception):
    """A value that the compiler would let pass, or can't be told of.

    `kind` is the compiler's word for such a mistake; `is_known` says that the value is of a type that some field holds.
    """

    def __init__(self, value: object, kind: str, reason: str, *, is_known: bool = True) -> None:
        super().__init__(reason)
        self.value = value
        self.kind = kind
        self.reason = reason
        self.is_known = is_known


Converter: TypeAlias = Callable[[Any], object]


def converter(field: Field, enums: Mapping[str, Enum]) -> Converter:
    """Return the converter for one element of a scalar or enum field."""
    if field.kind == "enum":
        return _enum_converter(enums[field.type])
    if field.type == "DateTime":
        return _datetime_converter(field.precision)
    return CONVERTERS.get(field.type, _unfit)


def _unfit(value: object) -> object:
    return UNFIT


def _string(value: object) -> object:
    if type(value) is str:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    return str(value) if isinstance(value, UUID) else UNFIT


def _int_converter(bits: int) -> Converter:
    # The compiler takes every int, and cuts floats off, for columns of any size.
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1

    def convert(value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool):
            if low <= value <= high:
                return value
            raise Misfit(value, "ValueTooLarge", f"an int of {bits} bits can't hold the number")
        if isinstance(value, float):
            raise Misfit(value, "InvalidArgumentType", "expected int, got float")
        return UNFIT

    return convert


def _float(value: object) -> object:
    if isinstance(value, bool):
        return UNFIT
    return float(value) if isinstance(value, int | float | Decimal) else UNFIT


def _decimal(value: object) -> object:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return UNFIT
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return UNFIT


def _boolean(value: object) -> object:
    return value if isinstance(value, bool) else UNFIT


def _bytes(value: object) -> object:
    if isinstance(value, Base64):
        return value.decode()
    return bytes(value) if isinstance(value, bytes | bytearray) else UNFIT


def json_text(value: object) -> str:
    """Return the JSON text for a Json column: a plain string is JSON text already, everything else is data."""
    if isinstance(value, str) and not isinstance(value, Json):
        json.loads(value)
        return value
    return json.dumps(value.data if isinstance(value, Json) else value, default=_json_default, ensure_ascii=False)


def _json(value: object) -> object:
    if isinstance(value, Null | FieldRef):
        return UNFIT
    try:
        return json_text(value)
    except ValueError:
        return UNFIT


def _enum_converter(enum: Enum) -> Converter:
    values = enum.values

    def convert(value: object) -> object:
        return values.get(str.__str__(value), UNFIT) if isinstance(value, str) else UNFIT

    return convert


def _datetime_converter(precision: int) -> Converter:
    step = 10 ** max(0, 6 - precision)

    def convert(value: object) -> object:
        if isinstance(value, str):
            value = _parse_datetime(value)
        if not isinstance(value, datetime):
            return UNFIT
        # A column of precision 3 rounds what it stores; cut first, so that the value found later is the value written.
        excess = value.microsecond % step
        if excess:
            value = value.replace(microsecond=value.microsecond - excess)
        return value if value.tzinfo is not None else value.replace(tzinfo=UTC)

    return convert


def _parse_datetime(text: str) -> object:
    """Parse ISO 8601; a text without time or without offset does not fit."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return UNFIT
    return value if value.tzinfo is not None else UNFIT


CONVERTERS: Final[Mapping[str, Converter]] = {
    "String": _string,
    "Int": _int_converter(32),
    "BigInt": _int_converter(64),
    "Float": _float,
    "Decimal": _decimal,
    "Boolean": _boolean,
    "Bytes": _bytes,
    "Json": _json,
    "DateTime": _datetime_converter(3),
}


_RETURNED: Final = frozenset({(_string, str), (_float, float), (_decimal, Decimal), (_boolean, bool), (_bytes, bytes)})


def returns(convert: Converter, kind: type) -> bool:
    """Say whether a converter returns values of just this class as they are."""
    return (convert, kind) in _RETURNED


def of_each(convert: Converter) -> Converter:
    """Return the converter of lists of what `convert` converts; UNFIT for a list with anything else."""

    def convert_all(values: Sequence[object]) -> object:
        converted = [convert(value) for value in values]
        return UNFIT if any(item is UNFIT for item in converted) else converted

    return convert_all


def literal(value: object) -> str:
    """Return a value as JSON text of the compiler's protocol, with `$type` tags where JSON has no such type.

    Raises:
        Misfit: the value is of a type that no field can hold.
    """
    # What orders and selections consist of, without a look at every type that there is.
    kind = value.__class__
    if kind is bool:
        return "true" if value else "false"
    if kind is str:
        return quoted(cast("str", value))
    if kind is dict:
        members = cast("dict[object, object]", value).items()
        return f"{{{','.join([f'{quoted(str(key))}:{literal(item)}' for key, item in members])}}}"
    return json.dumps(_tagged(value), ensure_ascii=False)


def quoted(text: str) -> str:
    """Return a text in JSON."""
    return _quoted_word(text) if len(text) <= MAX_WORD else json.dumps(text, ensure_ascii=False)


@lru_cache(MAX_KNOWN_WORDS)
def _quoted_word(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _tagged(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Json):
        return {"$type": "Json", "value": json_text(value)}
    if isinstance(value, Mapping):
        return {str(key): _tagged(item) for key, item in cast("Mapping[object, object]", value).items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_tagged(item) for item in cast("Sequence[object]", value)]
    return _tagged_scalar(value)


def _tagged_scalar(value: object) -> object:
    if isinstance(value, datetime):
        aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
        return {"$type": "DateTime", "value": aware.isoformat(timespec="milliseconds")}
    if isinstance(value, Decimal):
        return {"$type": "Decimal", "value": str(value)}
    if isinstance(value, Base64):
        return {"$type": "Bytes", "value": str(value)}
    if isinstance(value, bytes | bytearray):
        return {"$type": "Bytes", "value": base64.b64encode(value).decode("ascii")}
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Null):
        return {"$type": "Enum", "value": repr(value)}
    if isinstance(value, FieldRef):
        return {"$type": "FieldRef", "value": {"_ref": value.name, "_container": value.model}}
    raise _unserializable(value)


def _json_default(value: object) -> object:
    if isinstance(value, datetime):
        aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
        return aware.isoformat()
    if isinstance(value, Json):
        return value.data
    if isinstance(value, Base64 | Decimal | UUID):
        return str(value)
    raise _unserializable(value)


def _unserializable(value: object) -> Misfit:
    return Misfit(value, "InvalidArgumentType", f"Type {type_of(value)} not serializable", is_known=False)


def type_of(value: object) -> object:
    """Return the type to name for a value that nobody takes: a class that was given in the place of its instance."""
    return cast("object", value) if isinstance(value, type) else type(value)
