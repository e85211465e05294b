"""Partial rows: rows that are not whole models become the result of a call.

The model validates a whole row. If `omit` of the client, or `omit` or `select` of an included relation, left out
required fields, it can't. Such a row becomes an instance without these fields; reading a missing attribute raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

from pydantic import BaseModel

from prisma.client.records.annotations import complete, model_in
from prisma.client.request.skip import skip
from prisma.fields import FROM_DATABASE, Base64

_RESHAPING: Final = frozenset({"select", "omit", "_count"})
_related_models: Final[WeakKeyDictionary[type[BaseModel], dict[str, type[BaseModel]]]] = WeakKeyDictionary()


def reshapes(include: object) -> bool:
    """Say whether somewhere in an `include` there is more than whole related records."""
    try:
        return _reshapes(include)
    except RecursionError:
        # An `include` without an end is refused later.
        return False


def _reshapes(include: object) -> bool:
    if not isinstance(include, Mapping):
        return False
    for name, value in cast("Mapping[str, object]", include).items():
        if name in _RESHAPING and value is not skip and value:
            return True
        if isinstance(value, Mapping):
            arguments = cast("Mapping[str, object]", value)
            chosen = (arguments.get(key) for key in _RESHAPING)
            if any(value is not skip and value for value in chosen) or _reshapes(arguments.get("include")):
                return True
    return False


def assemble(model: type[BaseModel], row: Mapping[str, Any]) -> BaseModel:
    """Return the record of a row that may lack fields, and may have counts of related records (`record._count`)."""
    values = dict(row)
    counts = values.pop("_count", None)
    for key, related in related_models(model).items():
        value = values.get(key)
        if isinstance(value, list):
            values[key] = [assemble(related, item) for item in cast("list[dict[str, Any]]", value)]
        elif value is not None:
            values[key] = assemble(related, value)
    required = (field.alias or name for name, field in model.model_fields.items() if field.is_required())
    if all(name in values for name in required):
        record = model.__pydantic_validator__.validate_python(values, context=FROM_DATABASE)
    else:
        record = model.model_construct(**plain(values))
    if counts is not None:
        # Beside pydantic: counts are no field, so that a dump of the record is what it is without them.
        object.__setattr__(record, "_count", counts)
    return record


def plain(value: Any) -> Any:
    """Return plain data with bytes as Base64, the form that programs give and get them in: the same data, changed."""
    if isinstance(value, bytes):
        return Base64.encode(value)
    # Not by recursion: what a Json field holds may be deeper than Python's stack.
    holders: list[Any] = [value]
    while holders:
        holder = holders.pop()
        for key, item in _members(holder):
            if isinstance(item, bytes):
                holder[key] = Base64.encode(item)
            elif isinstance(item, dict | list):
                holders.append(item)
    return value


def _members(holder: object) -> Iterable[tuple[Any, Any]]:
    if isinstance(holder, dict):
        return cast("dict[str, Any]", holder).items()
    return enumerate(cast("list[Any]", holder)) if isinstance(holder, list) else ()


def related_models(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """Return the models of a model's relations, by field."""
    related = _related_models.get(model)
    if related is None:
        # Only a model that was built has resolved the names in its annotations.
        complete(model)
        model.model_rebuild()
        found = {field.alias or name: model_in(field.annotation) for name, field in model.model_fields.items()}
        related = _related_models[model] = {key: each for key, each in found.items() if each is not None}
    return related
