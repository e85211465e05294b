"""Shapes: what a class of the program's own reads of a record.

Example:

    @dataclass
    class UserCard:
        email: str
        posts: list[PostTitle]

reads `{"email": True, "posts": {"select": {"title": True}}}`. A class is read once for each class of records.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast
from weakref import WeakKeyDictionary

from pydantic import BaseModel

from prisma.client.records import partial_rows
from prisma.client.request.skip import ABSENT
from prisma.client.request.writer import input_error
from prisma.client.shapes.declarations import DeclaredField, declared_fields, kind_of, related_class
from prisma.client.shapes.fitting import COUNT, check, element_of, key_of
from prisma.client.shapes.instances import ShapeField, form_of_fields, maker_of, reader_of_values
from prisma.errors import InvalidShapeError
from prisma.frozen import Frozen

if TYPE_CHECKING:
    from prisma.client.records.computed_fields import ComputedField
    from prisma.engine.record_form import RecordForm
    from prisma.schema.metadata import Field, Model, Schema

_shapes: Final[WeakKeyDictionary[type[BaseModel], dict[type, Shape]]] = WeakKeyDictionary()


class Shape(Frozen):
    """What a class reads, and what makes its instances.

    Attributes:
        cls: the class.
        select: the fields to read, as `select` has them.
        relations: the shapes of related records by field; None for those that stay as they are.
        form: makes the instances; None if a row is one already.
    """

    cls: type[Any]
    select: Mapping[str, Any]
    relations: Mapping[str, Shape | None]
    form: RecordForm | None

    def reading(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return arguments that read what the class declares, with what `include` says of its relations.

        Raises:
            InputError: there is `omit`, too, or `include` names no relation of the class.
        """
        if arguments.get("omit") not in ABSENT:
            sentence = f"`select` and `omit` can't be used together: {self.cls.__name__} says what to read."
            raise input_error(sentence, "omit", arguments["omit"])
        include = arguments.get("include")
        select = self.select if include in ABSENT else self._with(include)
        return {**arguments, "include": None, "select": select}

    def _with(self, include: object) -> Mapping[str, Any]:
        if not isinstance(include, Mapping):
            raise input_error(f"`include` must be a dictionary, not {type(include).__name__}.", "include", include)
        select = dict(self.select)
        for name, value in cast("Mapping[str, Any]", include).items():
            if value in ABSENT or value is False:
                continue
            if name not in self.relations:
                sentence = f"`include` has `{name}`, which is no relation that {self.cls.__name__} declares."
                raise input_error(sentence, name, value)
            if isinstance(value, Mapping):
                select[name] = self._given(name, cast("Mapping[str, Any]", value))
        return select

    def _given(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the entry of a relation whose arguments are given."""
        related = self.relations[name]
        if related is None:
            return arguments
        if arguments.get("select") not in ABSENT:
            sentence = f"{related.cls.__name__} says what to read of `{name}`: leave `select` out."
            raise input_error(sentence, "select", arguments["select"])
        return {key: value for key, value in related.reading(arguments).items() if value is not None}


def shape_of(cls: type[Any], records: type[BaseModel], schema: Schema) -> Shape:
    """Return the shape of a class, for records that another class would hold otherwise.

    Raises:
        InvalidShapeError: the class can't hold what the model has.
        BuilderError: a name in its annotations is not defined.
    """
    known = _shapes.setdefault(records, {})
    shape = known.get(cls)
    if shape is None:
        model = schema.models[cast("Any", records).__prisma_model__]
        shape = known[cls] = _ShapeReader(schema).shape(cls, model, records)
    return shape


class _ShapeReader:
    """Reads a class, and the classes of the relations in it."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._open: list[type] = []

    def shape(self, cls: type[Any], model: Model, records: type[BaseModel] | None) -> Shape:
        """Return the shape of a class for records of a model; `records` may have computed fields."""
        if cls in self._open:
            raise InvalidShapeError(
                f"{cls.__name__} contains itself, and a query has an end: declare a class for each level.", cls
            )
        generated_for = getattr(cls, "__prisma_model__", model.name)
        if generated_for != model.name:
            raise InvalidShapeError(f"{cls.__name__} is of {generated_for}, and the records are of {model.name}.", cls)
        self._open.append(cls)
        relations: dict[str, Shape | None] = {}
        select: dict[str, Any] = {}
        fields: list[ShapeField] = []
        computed: dict[str, ComputedField] = {}
        known: Mapping[str, ComputedField] = getattr(records, "__prisma_computed__", {})
        for declared in _read_fields(cls, model):
            key = key_of(cls, declared, model, known)
            column = model.fields.get(key)
            if column is None and key in known:
                computed[key] = known[key]
                fields.append(ShapeField(declared, key, None, declared.type, None, None))
            elif column is None:
                select[key], field = _counts(cls, declared, model)
                fields.append(field)
            elif column.kind == "relation":
                check(cls, declared, column, model, self._schema)
                relations[key] = related = self._related(declared, column, records)
                select[key] = True if related is None else {"select": related.select}
                fields.append(_relation(declared, column, related))
            else:
                check(cls, declared, column, model, self._schema)
                select[key] = True
                element = element_of(declared.type) if column.is_list else declared.type
                read = reader_of_values(cls, element)
                fields.append(ShapeField(declared, key, column, element, None, read))
        self._open.pop()
        _check_constructor(cls, fields)
        select.update((need, True) for field in computed.values() for need in field.needs)
        return Shape(cls, select, relations, _form(cls, fields, computed, records))

    def _related(self, declared: DeclaredField, column: Field, records: type[BaseModel] | None) -> Shape | None:
        cls = related_class(declared.type)
        if cls is None:
            return None
        extended = records is not None and hasattr(records, "__prisma_computed__")
        related = partial_rows.related_models(records).get(column.name) if records is not None and extended else None
        return self.shape(cls, self._schema.models[column.type], related)


def _read_fields(cls: type[Any], model: Model) -> Iterable[DeclaredField]:
    """Return the fields that are read: generated classes declare all relations, and need not have them."""
    declared = declared_fields(cls)
    if not hasattr(cls, "__prisma_model__"):
        return declared
    fields: Mapping[str, Any] = cast("Any", cls).model_fields
    return [each for each in declared if each.name in model.fields or fields[each.name].is_required()]


def _relation(declared: DeclaredField, column: Field, related: Shape | None) -> ShapeField:
    form = None if related is None else related.form
    read = partial_rows.plain if related is None else None if form is None else form.parsed
    return ShapeField(declared, column.name, column, None, form, read)


def _counts(cls: type[Any], declared: DeclaredField, model: Model) -> tuple[Any, ShapeField]:
    """Return what to select of the numbers of related records, and the field that holds them."""
    held = related_class(declared.type)
    if held is None:
        return True, ShapeField(declared, COUNT, None, None, None, None)
    inner = declared_fields(held)
    lists = [field.name for field in model.fields.values() if field.kind == "relation" and field.is_list]
    for each in inner:
        if each.name not in lists:
            sentence = f"{held.__name__} counts `{each.name}`, which is no list of related records of {model.name}."
            raise InvalidShapeError(sentence, held, each.name)
    numbers = [ShapeField(each, each.name, None, int, None, None) for each in inner]
    read = None if kind_of(held) == "dict" else maker_of(held, numbers)
    return {"select": {each.name: True for each in inner}}, ShapeField(declared, COUNT, None, None, None, read)


def _check_constructor(cls: type[Any], fields: Sequence[ShapeField]) -> None:
    if not fields:
        raise InvalidShapeError(f"{cls.__name__} declares no field.", cls)
    if kind_of(cls) in {"dataclass", "tuple"}:
        try:
            inspect.signature(cls).bind(**{field.declared.name: None for field in fields})
        except TypeError as error:
            raise InvalidShapeError(f"{cls.__name__} can't be made of its fields: {error}.", cls) from error


def _form(
    cls: type[Any],
    fields: Sequence[ShapeField],
    computed: Mapping[str, ComputedField],
    records: type[BaseModel] | None,
) -> RecordForm | None:
    """Return what makes the instances; None if a row is one already."""
    make = maker_of(cls, fields)
    if computed and records is not None:
        return form_of_fields(cls, fields, partial(_with_computed, make, computed, records))
    is_row = kind_of(cls) == "dict" and all(_is_kept(field) for field in fields)
    return None if is_row else form_of_fields(cls, fields, make)


def _is_kept(field: ShapeField) -> bool:
    return field.read is None and field.key == (field.declared.name)


def _with_computed(
    make: Callable[[Any], Any],
    computed: Mapping[str, ComputedField],
    records: type[BaseModel],
    row: Mapping[str, Any],
) -> Any:
    values = {
        name: field.compute(records.model_construct(**partial_rows.plain({need: row[need] for need in field.needs})))
        for name, field in computed.items()
    }
    return make({**row, **values})
