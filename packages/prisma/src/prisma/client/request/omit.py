"""Omissions: the fields that a client leaves out of every record, unless a call asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from prisma.errors import UnknownModelError, data_error
from prisma.schema.metadata import Schema

Omissions: TypeAlias = Mapping[str, frozenset[str]]
"""For each model the fields that a client leaves out unless a call asks for them."""

NO_OMISSIONS: Final[Omissions] = {}


def read_omissions(
    schema: Schema, models: Mapping[str, str], omit: Mapping[str, Mapping[str, bool]] | None
) -> Omissions:
    """Return the omissions that a client's `omit` describes: `{"user": {"password": True}}`.

    `models` maps the client's attributes to the models' names.

    Raises:
        UnknownModelError: a key is no attribute for a model.
        FieldNotFoundError: a model has no such field, or it is a relation.
    """
    if not omit:
        return NO_OMISSIONS
    omissions: dict[str, frozenset[str]] = {}
    for attribute, fields in omit.items():
        if attribute not in models:
            raise UnknownModelError(attribute)
        model = schema.models[models[attribute]]
        for name in fields:
            if name not in model.fields or model.fields[name].kind == "relation":
                raise _no_field(model.name, attribute, name)
        omissions[model.name] = frozenset(name for name, is_omitted in fields.items() if is_omitted)
    return {model: names for model, names in omissions.items() if names}


def _no_field(model: str, attribute: str, name: str) -> Exception:
    path = f"omit.{attribute}.{name}"
    meta: dict[str, Any] = {"modelName": model, "kind": "UnknownSelectionField", "path": path, "suggestion": None}
    return data_error("P2009", f"{model} has no field `{name}` that could be omitted (at `{path}`).", meta)
