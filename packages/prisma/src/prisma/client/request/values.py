"""Values: a program's scalar values become parameters for the driver, or literals in the request's JSON.

A converter takes a program's value and returns the parameter, or `WRONG_TYPE` if the value does not have the field's
type. Such a value becomes a literal in the request. Then the compiler refuses it with the path and the expected types,
before any SQL runs.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final, TypeAlias, cast
from uuid import UUID

from prisma.client.request.rejections import RejectedKey, RejectedValue
from prisma.fields import Base64, FieldRef, Json, Null
from prisma.schema.metadata import Enum, Field

MAX_WORD: Final = 64  # characters of a text that is likely a name
MAX_KNOWN_WORDS: Final = 1024  # names of fields, arguments and directions; there are some hundred

# Keys of what a reference to a field looks like to the compiler. No field is called so, nor by anything with a `$`.
_KEYS_OF_REFERENCES: Final = frozenset({"_ref", "_container"})
_MAX_NUMBER: Final = sys.float_info.max

_NO_MOMENT: Final = "expected a datetime, or ISO 8601 text with a time and an offset"

WRONG_TYPE: Final = object()
"""Returned by a converter for a value that is not of its type."""


Converter: TypeAlias = Callable[[Any], object]


def converter(field: Field, enums: Mapping[str, Enum]) -> Converter:
    """Return the converter for one element of a scalar or enum field."""
    if field.kind == "enum":
        return _enum_converter(enums[field.type])
    if field.type == "DateTime":
        return _datetime_converter(field.precision)
    return CONVERTERS.get(field.type, _unfit)


def _unfit(value: object) -> object:
    return WRONG_TYPE


def _string(value: object) -> object:
    if type(value) is str:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    # Programs have ids as UUIDs, also for fields of type String.
    return str(value) if isinstance(value, UUID) else WRONG_TYPE


def _int_converter(bits: int) -> Converter:
    # The compiler takes every int, and cuts floats off, for columns of any size.
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1

    def convert(value: object) -> object:
        # In Python a bool is an int; in a schema it is not.
        if isinstance(value, int) and not isinstance(value, bool):
            if low <= value <= high:
                return value
            raise RejectedValue(value, "ValueTooLarge", f"an int of {bits} bits can't hold the number")
        if isinstance(value, float):
            raise RejectedValue(value, "InvalidArgumentType", "expected int, got float")
        return WRONG_TYPE

    return convert


def _float(value: object) -> object:
    if isinstance(value, bool):
        return WRONG_TYPE
    if not isinstance(value, int | float | Decimal):
        return WRONG_TYPE
    try:
        return float(value)
    except OverflowError as error:
        raise RejectedValue(value, "ValueTooLarge", "a float can't hold the number") from error
    except ValueError as error:
        raise RejectedValue(value, "InvalidArgumentValue", "a float has no signalling NaN") from error


def _decimal(value: object) -> object:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return WRONG_TYPE
    try:
        # A float means the digits that it is written with; an int may have more than Python writes.
        return Decimal(value) if isinstance(value, int) else Decimal(str(value))
    except InvalidOperation:
        return WRONG_TYPE


def _boolean(value: object) -> object:
    return value if isinstance(value, bool) else WRONG_TYPE


def _bytes(value: object) -> object:
    if isinstance(value, Base64):
        try:
            return value.decode()
        except (ValueError, TypeError) as error:
            raise RejectedValue(value, "InvalidArgumentValue", f"this is no Base64 text ({error})") from error
    return bytes(value) if isinstance(value, bytes | bytearray) else WRONG_TYPE


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


# Python's own takes NaN and the infinities for numbers.
_JSON: Final = json.JSONDecoder(parse_constant=_refuse_constant)


def json_text(value: object) -> str:
    """Return the JSON text for a Json column: a plain string is JSON text already, everything else is data.

    ValueError for what is no JSON, such as NaN.
    """
    if isinstance(value, str) and not isinstance(value, Json):
        # Checked here: PostgreSQL's error would not name the argument, and SQLite stores everything.
        _JSON.decode(value)
        return value
    data = value.data if isinstance(value, Json) else value
    # Without blanks, as Prisma's clients in JavaScript write it: SQLite compares JSON as text.
    return json.dumps(data, default=_json_default, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _json(value: object) -> object:
    if isinstance(value, Null | FieldRef):
        return WRONG_TYPE
    try:
        return json_text(value)
    except RecursionError as error:
        raise RejectedValue(value, "NestedTooDeeply", "this Json is nested too deeply, or contains itself") from error
    except TypeError as error:
        raise RejectedValue(value, "InvalidArgumentType", f"this is no Json: {error}") from error
    except ValueError as error:
        if isinstance(value, str):
            return WRONG_TYPE
        raise RejectedValue(value, "InvalidArgumentValue", f"this is no Json: {_in_sentence(error)}") from error


def _in_sentence(error: Exception) -> str:
    text = str(error)
    return text[:1].lower() + text[1:]


def _enum_converter(enum: Enum) -> Converter:
    values = enum.values

    def convert(value: object) -> object:
        return values.get(str.__str__(value), WRONG_TYPE) if isinstance(value, str) else WRONG_TYPE

    return convert


def _datetime_converter(precision: int) -> Converter:
    step = 10 ** max(0, 6 - precision)

    def convert(value: object) -> object:
        if isinstance(value, str):
            value = _parse_datetime(value)
        if not isinstance(value, datetime):
            return WRONG_TYPE
        # A column of precision 3 rounds what it stores; cut first, so that the value found later is the value written.
        excess = value.microsecond % step
        if excess:
            value = value.replace(microsecond=value.microsecond - excess)
        return value if value.tzinfo is not None else value.replace(tzinfo=UTC)

    return convert


def _parse_datetime(text: str) -> object:
    """Parse ISO 8601; a text without time or without offset does not fit.

    The compiler is not asked about those: it takes some that no datetime is, such as a leap second or the year 0.
    """
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise RejectedValue(text, "InvalidArgumentValue", _NO_MOMENT) from error
    if value.tzinfo is None:
        raise RejectedValue(text, "InvalidArgumentValue", _NO_MOMENT)
    return value


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
    """Say whether a converter returns values of just this class unchanged."""
    return (convert, kind) in _RETURNED


def of_each(convert: Converter) -> Converter:
    """Return the converter of lists of what `convert` converts; WRONG_TYPE for a list with anything else."""

    def convert_all(values: Sequence[object]) -> object:
        converted = [convert(value) for value in values]
        return WRONG_TYPE if any(item is WRONG_TYPE for item in converted) else converted

    return convert_all


def literal(value: object) -> str:
    """Return a value as JSON text of the compiler's protocol, with `$type` tags where JSON has no such type.

    Raises:
        RejectedValue: the value is of a type that no field can hold, or none that JSON can.
        RejectedKey: a dictionary in it has a key that is the protocol's own, or no text.
    """
    # What orders and selections consist of, without a look at every type that there is.
    kind = value.__class__
    if kind is bool:
        return "true" if value else "false"
    if kind is str:
        return quoted(cast("str", value))
    if kind is dict:
        holder = cast("dict[object, object]", value)
        return f"{{{','.join([f'{quoted_key(holder, key)}:{literal(item)}' for key, item in holder.items()])}}}"
    return json.dumps(_tagged(value), ensure_ascii=False)


def quoted(text: str) -> str:
    """Return a text in JSON."""
    return _quoted_word(text) if len(text) <= MAX_WORD else json.dumps(text, ensure_ascii=False)


@lru_cache(MAX_KNOWN_WORDS)
def _quoted_word(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def quoted_key(holder: Mapping[Any, object], key: object) -> str:
    """Return a key of a caller's dictionary in JSON.

    Raises:
        RejectedKey: by this key the compiler would take the dictionary for one of its tagged values, or it is no text.
    """
    if not isinstance(key, str):
        raise RejectedKey(holder, key)
    text = _quoted_key(key) if len(key) <= MAX_WORD else json.dumps(key, ensure_ascii=False)
    if text is None:
        raise RejectedKey(holder, key)
    return text


@lru_cache(MAX_KNOWN_WORDS)
def _quoted_key(key: str) -> str | None:
    # Asked once for each word that programs use, which is why no call pays for it.
    return None if key.startswith("$") or key in _KEYS_OF_REFERENCES else _quoted_word(key)


def _tagged(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Json):
        return {"$type": "Json", "value": _written(value, _json)}
    if isinstance(value, Mapping):
        holder = cast("Mapping[object, object]", value)
        for key in holder:
            quoted_key(holder, key)
        return {str.__str__(cast("str", key)): _tagged(item) for key, item in holder.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_tagged(item) for item in cast("Sequence[object]", value)]
    return _tagged_scalar(value)


def _written(value: object, write: Callable[[Any], object]) -> object:
    """Return the text of a Json or Base64, which may hold data that is none."""
    try:
        text = cast("str", write(value))
        text.encode()
    except (ValueError, AttributeError) as error:
        raise RejectedValue(value, "InvalidArgumentValue", f"this is no {type(value).__name__}") from error
    return text


def _number(value: float) -> float:
    """Return a number that JSON can write and the compiler reads."""
    if abs(value) <= _MAX_NUMBER:
        return value
    # The comparison is false for NaN, too.
    raise RejectedValue(value, "InvalidArgumentValue", "JSON has no way to write this number")


def _tagged_scalar(value: object) -> object:
    if isinstance(value, datetime):
        aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
        return {"$type": "DateTime", "value": aware.isoformat(timespec="milliseconds")}
    if isinstance(value, Decimal):
        return {"$type": "Decimal", "value": str(value)}
    if isinstance(value, Base64):
        return {"$type": "Bytes", "value": _written(value, str)}
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


def _unserializable(value: object) -> RejectedValue:
    return RejectedValue(value, "InvalidArgumentType", f"Type {type_of(value)} not serializable", is_known=False)


def type_of(value: object) -> object:
    """Return the type to name for a value that nobody takes: a class that was given in the place of its instance."""
    return cast("object", value) if isinstance(value, type) else type(value)
