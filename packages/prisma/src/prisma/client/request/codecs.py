"""Codecs: how the fields of each model are written into a request."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from prisma.client.request.values import Converter, converter
from prisma.dialects import dialect_of
from prisma.frozen import Frozen
from prisma.schema.metadata import Field, Schema

# The type that the compiler wants for a parameter of a field, where it is not the field's own.
_PARAM_TYPES: Final = {"Decimal": "Float"}


class FieldCodec(Frozen):
    """A field in a request.

    Attributes:
        key: the JSON key with its colon, `"email":`; `next_key` the same behind a comma.
        param_type: the type of a parameter for the field's value.
        convert: from a program's value to the parameter, or WRONG_TYPE.
        identity: what parameters of the same field share; None for fields whose parameters are never shared. The
            compiler compares placeholders of ids and unique fields (native upserts, lists of records to connect), so
            equal values must be one placeholder there. Elsewhere distinct placeholders let more calls share a plan.
        whole: the path to the whole of a document, for a field with Json.
    """

    field: Field
    key: str
    next_key: str
    param_type: str
    convert: Converter
    identity: str | None
    whole: str = ""


class ModelCodecs(dict[str, FieldCodec]):
    """The fields of a model, by name.

    `uniques` are the names of its compound keys.
    """

    __slots__ = ("model", "uniques")

    def __init__(self, model: str, fields: Mapping[str, FieldCodec], uniques: Iterable[str]) -> None:
        super().__init__(fields)
        self.model = model
        self.uniques = frozenset(uniques)


CodecsOfModels: TypeAlias = Callable[[str], ModelCodecs]
"""Gives the codecs of a model by its name; UnknownModelError if there is none."""


def model_codecs(schema: Schema, name: str) -> ModelCodecs:
    """Return the codecs of a model; KeyError when the schema has no such model."""
    model = schema.models[name]
    whole = dialect_of(schema.provider).whole_json
    fields = {
        field.name: FieldCodec(
            field=field,
            # Made once, so that writing a key is one append to a list.
            key=f"{json.dumps(field.name)}:",
            next_key=f",{json.dumps(field.name)}:",
            param_type="Enum" if field.kind == "enum" else _PARAM_TYPES.get(field.type, field.type),
            convert=converter(field, schema.enums),
            identity=f"{name}.{field.name}" if field.is_unique else None,
            whole=whole,
        )
        for field in model.fields.values()
    }
    return ModelCodecs(name, fields, model.uniques)
