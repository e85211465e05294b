"""Classes of records: the fields that a class reads if it is not the generated class of a whole model.

Partial models, and classes that programs derive from a generated base, declare the fields that they read, and the
relations that they can hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast
from weakref import WeakKeyDictionary

from pydantic import BaseModel

from prisma.client.records.annotations import field_types, model_in
from prisma.client.request.skip import ABSENT, skip
from prisma.errors import InvalidModelError, UnknownRelationalFieldError, data_error
from prisma.frozen import Frozen

if TYPE_CHECKING:
    from prisma.schema.metadata import Model, Schema

_readers: Final[WeakKeyDictionary[type[BaseModel], Reader]] = WeakKeyDictionary()


class Reader(Frozen):
    """How records of a class are read.

    Attributes:
        name: the name of the class.
        scalars: the fields to read; None for all.
        relations: the classes of related records, by field.
        schema: what the models are.
    """

    name: str
    scalars: tuple[str, ...] | None
    relations: Mapping[str, type[BaseModel]]
    schema: Schema

    def reading(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return arguments that read what the class declares, and what they include.

        Raises:
            UnknownRelationalFieldError: they include what the class has no relation for.
        """
        if arguments.get("select") not in ABSENT or arguments.get("omit") not in ABSENT:
            return arguments
        include: Any = arguments.get("include")
        # The reader looks into the arguments before the request is written, so `skip` may still be there.
        if include is skip:
            include = None
        if isinstance(include, Mapping):
            include = {name: self._included(name, value) for name, value in cast("Mapping[str, Any]", include).items()}
        if self.scalars is None:
            return {**arguments, "include": include} if include else arguments
        return {**arguments, "include": None, "select": {**dict.fromkeys(self.scalars, True), **(include or {})}}

    def _included(self, name: str, value: object) -> object:
        if value in ABSENT or value is False or name == "_count":
            return value
        related = self.relations.get(name)
        if related is None:
            raise UnknownRelationalFieldError(self.name, name)
        reader = reader_of(related, self.schema)
        if reader is None:
            return value
        return reader.reading(cast("Mapping[str, Any]", value if isinstance(value, Mapping) else {})) or True


def reader_of(model: type[BaseModel], schema: Schema) -> Reader | None:
    """Return how records of a class are read; None for the generated class of a whole model, which has all fields.

    Raises:
        InvalidModelError: the class is of no model.
        BuilderError: a name in the class's annotations is not defined.
        FieldNotFoundError: the class declares a field that its model lacks.
    """
    if "create_partial" in vars(model):
        # Partial models are made of whole ones only.
        return None
    reader = _readers.get(model)
    if reader is None:
        reader = _readers[model] = _reader(model, schema)
    return reader


def _reader(model: type[BaseModel], schema: Schema) -> Reader:
    if not hasattr(model, "__prisma_model__"):
        raise InvalidModelError(model)
    of = schema.models[cast("Any", model).__prisma_model__]
    fields = {_key(name, info.alias, of): name for name, info in model.model_fields.items()}
    related = {name: found for name, type_ in field_types(model).items() if (found := model_in(type_)) is not None}
    for key, name in fields.items():
        if key not in of.fields and not hasattr(related.get(name), "__prisma_model__"):
            raise _unknown(model, key)
    scalars = [field.name for field in of.fields.values() if field.kind != "relation"]
    chosen = tuple(name for name in scalars if name in fields)
    return Reader(
        model.__name__,
        chosen if 0 < len(chosen) < len(scalars) else None,
        {key: related[name] for key, name in fields.items() if name in related and key not in scalars},
        schema,
    )


def _key(name: str, alias: str | None, model: Model) -> str:
    """Return which field of the model a field of a class is: an alias may be for other readers than us."""
    return name if name in model.fields else alias or name


def _unknown(model: type[BaseModel], field: str) -> Exception:
    owner = cast("Any", model).__prisma_model__
    sentence = f"Field '{field}' not found in enclosing type '{owner}': the class {model.__name__} declares it."
    meta = {"modelName": owner, "kind": "UnknownSelectionField", "path": field, "suggestion": None}
    return data_error("P2009", sentence, meta)
