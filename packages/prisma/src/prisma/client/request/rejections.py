"""Misfits: arguments that can't become part of a request, found before the compiler runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from prisma.client.explain.paths import dotted, find, places
from prisma.client.request.call import Call
from prisma.errors import (
    DataError,
    InputError,
    UnknownRelationalFieldError,
    UnknownRelationError,
    UnserializableValueError,
    data_error,
)

MAX_DEPTH: Final = 50
"""Dictionaries and lists inside each other that are never too many; the compiler stops at some 120."""

_SHOWN: Final = 6  # steps of a path whose end says nothing


class Misfit(Exception):
    """A value that the compiler would let pass, or can't be told of.

    `kind` is the compiler's word for such a mistake; `is_known` says that the value is of a type that some field holds.
    `field` is the field whose value it should have become, where that is known.
    """

    def __init__(
        self, value: object, kind: str, reason: str, *, is_known: bool = True, field: str | None = None
    ) -> None:
        super().__init__(reason)
        self.value = value
        self.kind = kind
        self.reason = reason
        self.is_known = is_known
        self.field = field


class MisfitKey(Exception):
    """A key of a caller's dictionary, the `holder`, that no object of the protocol gets from a caller.

    `scalar_of` is the model of which it names a field where only relations can stand.
    """

    def __init__(self, holder: Mapping[Any, object], key: object, *, scalar_of: str | None = None) -> None:
        super().__init__(key)
        self.holder = holder
        self.key = key
        self.scalar_of = scalar_of


def facts(call: Call, kind: str, path: str, suggestion: str | None) -> dict[str, Any]:
    """Return what an error about a call's arguments has as its meta."""
    return {"modelName": call.model, "kind": kind, "path": path, "suggestion": suggestion}


def misfit(call: Call, failure: Misfit) -> DataError:
    """Return the error for a value that no parameter can hold."""
    among = [path for path, value in places(call.arguments) if value is failure.value]
    # One object may stand in several places.
    path = next((path for path in among if failure.field in path), among[0] if among else ())
    place = dotted(path)
    where = f" at `{place}`" if path else ""
    meta = facts(call, failure.kind, place, None)
    if failure.kind == "ValueTooLarge":
        return data_error("P2020", f"Value out of range for the type: {failure.reason}{where}.", meta)
    if failure.kind == "TooManyParameters":
        return data_error("P2029", f"Query parameter limit exceeded{where}: {failure.reason}.", meta)
    error = data_error("P2009", f"Invalid value{where}: {failure.reason}.", meta)
    return error if failure.is_known else UnserializableValueError(error.data, message=str(error))


def misfit_key(call: Call, failure: MisfitKey) -> DataError:
    """Return the error for a key that is the protocol's own, or no text."""
    holder, key = failure.holder, cast("Any", failure.key)
    everything = [((), call.arguments), *places(call.arguments)]
    # What names fields to read became a dictionary on the way.
    path = next((path for path, value in everything if value is holder), None)
    named = next((path for path, _ in everything if path and path[-1] == key), (str(key),))
    place = dotted(named if path is None else (*path, str(key)))
    if failure.scalar_of is not None:
        return _no_relation(call, failure.scalar_of, key, place)
    meta = facts(call, "UnknownInputField", place, None)
    if isinstance(key, str):
        return data_error("P2009", f"The key `{key}` does not exist here (at `{place}`).", meta)
    return data_error("P2009", f"A key has to be a str, not {type(key).__name__} (at `{place}`).", meta)


def _no_relation(call: Call, model: str, name: str, place: str) -> UnknownRelationError:
    sentence = (
        f"The field `{name}` of {model} is no relation, and is there without `include` (at `{place}`). "
        f"({UnknownRelationalFieldError(model, name)}.)"
    )
    error = data_error("P2009", sentence, facts(call, "UnknownSelectionField", place, None))
    return UnknownRelationError(error.data, message=sentence)


def located(call: Call, error: InputError) -> DataError:
    """Return the same error with the place of the argument that it is about."""
    name, wrong = error.meta["argument"], error.meta["value"]
    path = find(call.arguments, lambda step, value: step == name and value is wrong)
    known = {key: fact for key, fact in error.meta.items() if key != "value"}
    return data_error(error.code, str(error), {**known, **facts(call, error.meta["kind"], dotted(path or ()), None)})


def too_deep(call: Call, *, depth: int = MAX_DEPTH) -> DataError | None:
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
    return data_error("P2009", sentence, facts(call, "NestedTooDeeply", _start(path), None))


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


def not_encodable(call: Call) -> DataError | None:
    """Return the error for a text that holds half of a surrogate pair; None if all is text."""
    for path, value in places(call.arguments):
        if any(isinstance(part, str) and not _is_encodable(part) for part in (path[-1], value)):
            place = dotted(path).encode("utf-8", "backslashreplace").decode()
            sentence = f"Invalid value at `{place}`: half of a surrogate pair is no text that UTF-8 can write."
            return data_error("P2009", sentence, facts(call, "InvalidArgumentValue", place, None))
    return None


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
