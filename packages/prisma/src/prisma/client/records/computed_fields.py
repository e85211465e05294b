"""Computed fields: fields of records that a program computes from other fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ForwardRef, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, computed_field

from prisma.client.records.partial_rows import related_models
from prisma.errors import data_error
from prisma.frozen import Frozen
from prisma.schema.metadata import Model


class ComputedField(Frozen):
    """A field `name`, computed by a function of a record that has the fields `needs`."""

    name: str
    needs: tuple[str, ...]
    compute: Callable[[Any], object]

    def check(self, model: Model) -> None:
        """Raise FieldNotFoundError if the model lacks a field that is needed, ValueError if it has one of this name."""
        if self.name in model.fields:
            raise ValueError(f"{model.name} has a field `{self.name}` already.")
        for name in self.needs:
            if name not in model.fields:
                meta = {"modelName": model.name, "kind": "UnknownSelectionField", "path": name, "suggestion": None}
                raise data_error("P2009", f"`{self.name}` needs `{name}`, which does not exist on {model.name}.", meta)

    def property(self) -> Any:
        """Return the field as pydantic wants it."""
        try:
            type_ = get_type_hints(self.compute).get("return", Any)
        except NameError:
            type_ = Any
        return computed_field(return_type=type_)(property(self.compute))


class ExtendedModels:
    """Classes derived from a client's models: with computed fields, and relations to the derived classes."""

    def __init__(self, computed: Mapping[str, Sequence[ComputedField]]) -> None:
        self._computed = computed
        self._derived: dict[type[BaseModel], type[BaseModel]] = {}

    def of(self, model: type[BaseModel]) -> type[BaseModel]:
        """Return the class derived from a model; the model itself if nothing it reaches has a computed field."""
        if model not in self._derived:
            reached = _reached(model)
            if not any(self._fields(other) for other in reached):
                return model
            names = {other: f"Extended{index}{other.__name__}" for index, other in enumerate(reached)}
            derived = {other: self._derive(other, names) for other in reached}
            namespace = {names[other]: cls for other, cls in derived.items()}
            for cls in derived.values():
                cls.model_rebuild(force=True, _types_namespace=namespace)
            for other, cls in derived.items():
                self._derived.setdefault(other, cls)
        return self._derived[model]

    def _fields(self, model: type[BaseModel]) -> list[ComputedField]:
        declared = {field.alias or name for name, field in model.model_fields.items()}
        computed = self._computed.get(getattr(model, "__prisma_model__", ""), ())
        return [field for field in computed if declared.issuperset(field.needs)]

    def _derive(self, model: type[BaseModel], names: Mapping[type, str]) -> type[BaseModel]:
        annotations = {
            name: _renamed(field.annotation, names)
            for name, field in model.model_fields.items()
            if any(related in names for related in _mentioned(field.annotation))
        }
        members: dict[str, Any] = {
            "__module__": model.__module__,
            "__qualname__": model.__qualname__,
            "__doc__": model.__doc__,
            "__annotations__": annotations,
            "__prisma_computed__": {field.name: field for field in self._fields(model)},
            **{name: model.model_fields[name] for name in annotations},
            **{field.name: field.property() for field in self._fields(model)},
        }
        metaclass: Any = type(model)
        return metaclass(model.__name__, (model,), members)


def _reached(model: type[BaseModel]) -> list[type[BaseModel]]:
    found = [model]
    for each in found:
        found += [other for other in dict.fromkeys(related_models(each).values()) if other not in found]
    return found


def _mentioned(annotation: Any) -> list[Any]:
    return [annotation, *(inner for argument in get_args(annotation) for inner in _mentioned(argument))]


def _renamed(annotation: Any, names: Mapping[type, str]) -> Any:
    """Return a type with names in the place of classes."""
    if isinstance(annotation, type) and annotation in names:
        return ForwardRef(names[annotation])
    arguments = get_args(annotation)
    if not arguments:
        return annotation
    inner = tuple(_renamed(argument, names) for argument in arguments)
    origin = get_origin(annotation)
    return list[inner[0]] if origin is list else Union[inner]  # noqa: UP007
