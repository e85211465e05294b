"""Errors about arguments: the compiler's objection, or what the writer of the request rejected, becomes one error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from prisma.client.explain.argument_errors import error_meta, objection_error
from prisma.client.explain.paths import dotted, find, places
from prisma.client.request.call import Call
from prisma.client.request.rejections import RejectedKey, RejectedValue
from prisma.compiler.errors import CompilerError
from prisma.errors import (
    DataError,
    InputError,
    UnknownRelationalFieldError,
    UnknownRelationError,
    UnserializableValueError,
    data_error,
)
from prisma.schema.metadata import Schema

MAX_DEPTH: Final = 50
"""Dictionaries and lists inside each other that are never too many; the compiler stops at some 120."""

# `skip` has no truth value: a look at it raises a TypeError.
REJECTIONS: Final = (
    CompilerError,
    RejectedValue,
    RejectedKey,
    InputError,
    RecursionError,
    UnicodeEncodeError,
    TypeError,
)
"""What stops a call on its way to a program, because of its arguments."""

_SHOWN: Final = 6  # steps of a path whose end says nothing


def rejection_error(schema: Schema, call: Call, rejection: Exception) -> DataError | None:
    """Return the error for what stopped a call; None if its arguments are not the reason."""
    match rejection:
        case CompilerError() if "recursion limit" in rejection.message:
            return _too_deep(call, depth=0)
        case CompilerError():
            return objection_error(schema, call, rejection)
        case RejectedValue():
            return _value_error(call, rejection)
        case RejectedKey():
            return _key_error(call, rejection)
        case InputError():
            return _located(call, rejection)
        case UnicodeEncodeError():
            return _not_encodable(call)
        case RecursionError():
            return _too_deep(call)
        case _:
            return None


def _value_error(call: Call, rejection: RejectedValue) -> DataError:
    """Return the error for a value that no parameter can hold."""
    # The writer knows the value, not its path: every call would pay for paths.
    among = [path for path, value in places(call.arguments) if value is rejection.value]
    # One object may have several places.
    path = next((path for path in among if rejection.field in path), among[0] if among else ())
    place = dotted(path)
    where = f" at `{place}`" if path else ""
    meta = error_meta(call, rejection.kind, place, None)
    if rejection.kind == "ValueTooLarge":
        return data_error("P2020", f"Value out of range for the type: {rejection.reason}{where}.", meta)
    if rejection.kind == "TooManyParameters":
        return data_error("P2029", f"Query parameter limit exceeded{where}: {rejection.reason}.", meta)
    error = data_error("P2009", f"Invalid value{where}: {rejection.reason}.", meta)
    return error if rejection.is_known else UnserializableValueError(error.data, message=str(error))


def _key_error(call: Call, rejection: RejectedKey) -> DataError:
    """Return the error for a key that is the protocol's own, or no text."""
    holder, key = rejection.holder, cast("Any", rejection.key)
    everything = [((), call.arguments), *places(call.arguments)]
    # What names fields to read became a dictionary on the way.
    path = next((path for path, value in everything if value is holder), None)
    named = next((path for path, _ in everything if path and path[-1] == key), (str(key),))
    place = dotted(named if path is None else (*path, str(key)))
    if rejection.scalar_of is not None:
        return _no_relation(call, rejection.scalar_of, key, place)
    meta = error_meta(call, "UnknownInputField", place, None)
    if isinstance(key, str):
        return data_error("P2009", f"The key `{key}` does not exist here (at `{place}`).", meta)
    return data_error("P2009", f"A key has to be a str, not {type(key).__name__} (at `{place}`).", meta)


def _no_relation(call: Call, model: str, name: str, place: str) -> UnknownRelationError:
    sentence = (
        f"The field `{name}` of {model} is no relation, and is there without `include` (at `{place}`). "
        f"({UnknownRelationalFieldError(model, name)}.)"
    )
    error = data_error("P2009", sentence, error_meta(call, "UnknownSelectionField", place, None))
    return UnknownRelationError(error.data, message=sentence)


def _located(call: Call, error: InputError) -> DataError:
    """Return the same error with the place of the argument that it is about."""
    name, wrong = error.meta["argument"], error.meta["value"]
    path = find(call.arguments, lambda step, value: step == name and value is wrong)
    # A message must not repeat values.
    known = {key: fact for key, fact in error.meta.items() if key != "value"}
    return data_error(
        error.code, str(error), {**known, **error_meta(call, error.meta["kind"], dotted(path or ()), None)}
    )


def _too_deep(call: Call, *, depth: int = MAX_DEPTH) -> DataError | None:
    """Return the error for arguments that contain themselves, or reach deeper than `depth`; None if they do neither."""
    longest: tuple[Any, ...] = ()
    seen = {id(call.arguments)}
    for path, value in places(call.arguments):
        longest = max(longest, path, key=len)
        if isinstance(value, Mapping | list | tuple):
            if id(cast("object", value)) in seen and _is_around(call.arguments, path, cast("object", value)):
                return _nested(call, path, f"Invalid value at `{_start(path)}`: it contains itself.")
            seen.add(id(cast("object", value)))
    if len(longest) <= depth:
        return None
    return _nested(
        call, longest, f"The arguments are nested too deeply (at `{_start(longest)}`): {len(longest)} levels."
    )


def _nested(call: Call, path: tuple[Any, ...], sentence: str) -> DataError:
    return data_error("P2009", sentence, error_meta(call, "NestedTooDeeply", _start(path), None))


def _is_around(arguments: Any, path: tuple[Any, ...], value: object) -> bool:
    """Say whether a value is one of those that a path leads through."""
    outer = arguments
    for step in path:
        if outer is value:
            return True
        outer = outer[step]
    return False


def _start(path: tuple[Any, ...]) -> str:
    return dotted(path) if len(path) <= _SHOWN else f"{dotted(path[:_SHOWN])}…"


def _not_encodable(call: Call) -> DataError | None:
    """Return the error for a text that holds half of a surrogate pair; None if all is text."""
    for path, value in places(call.arguments):
        if any(isinstance(part, str) and not _is_encodable(part) for part in (path[-1], value)):
            # The sentence itself has to be text that can be written.
            place = dotted(path).encode("utf-8", "backslashreplace").decode()
            sentence = f"Invalid value at `{place}`: half of a surrogate pair is no text that UTF-8 can write."
            return data_error("P2009", sentence, error_meta(call, "InvalidArgumentValue", place, None))
    return None


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
