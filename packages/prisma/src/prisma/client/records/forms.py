"""Forms of models: which classes of records a decoder may fill itself, and how.

A decoder may fill generated classes and classes that only declare fields. A class with validators, its own
configuration or types that no column has validates its records itself.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from types import UnionType
from typing import Any, Final, Union, cast, get_args, get_origin
from weakref import WeakKeyDictionary

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from prisma.client.records.annotations import complete, field_types
from prisma.client.records.base_model import PrismaModel, SharedNames, database_list
from prisma.engine.record_form import FormField, RecordForm
from prisma.fields import FROM_DATABASE, Base64, Json

KINDS: Final[dict[Any, frozenset[str]]] = {
    str: frozenset({"string"}),
    int: frozenset({"int", "bigint"}),
    float: frozenset({"float"}),
    bool: frozenset({"boolean"}),
    Decimal: frozenset({"decimal"}),
    datetime.datetime: frozenset({"datetime"}),
    Base64: frozenset({"bytes"}),
    Json: frozenset({"json", "object"}),
}
# Settings that say nothing about how a record is made of a row.
_HARMLESS: Final = frozenset(
    {
        "allow_inf_nan",
        "arbitrary_types_allowed",
        "defer_build",
        "from_attributes",
        "frozen",
        "json_encoders",
        "json_schema_extra",
        "populate_by_name",
        "protected_namespaces",
        "serialize_by_alias",
        "title",
        "use_attribute_docstrings",
        "use_enum_values",
    }
)
_PLAIN: Final = {name: vars(object)[name] for name in ("__init__", "__setattr__", "__delattr__")}
_forms: Final[WeakKeyDictionary[type[BaseModel], RecordForm]] = WeakKeyDictionary()


def form_of(model: type[BaseModel]) -> RecordForm:
    """Return the form of a class of records.

    It needs no more of the class than its annotations. What pydantic builds to validate is built when a record has to
    be validated after all: that takes tens of milliseconds, and for hundreds of models that refer to each other in a
    chain more depth than Python's stack has.
    """
    form = _forms.get(model)
    if form is None:
        blank = blank_of(model) if _holds_texts(model) and is_plain(model) else None
        fields = None if blank is None else _fields(model)
        if fields is None:
            # An error in the class must show before the write: later the record would be there, and its answer lost.
            complete(model)
        defaults = {name: None if field.is_required() else field.default for name, field in model.model_fields.items()}
        form = _forms[model] = RecordForm(
            model,
            partial(_parsed, model),
            fields,
            defaults,
            blank=blank or model,
            names="__pydantic_fields_set__",
            shared=SharedNames if issubclass(model, PrismaModel) else None,
            empty=("__pydantic_extra__", "__pydantic_private__"),
        )
    return form


def blank_of(model: type[BaseModel]) -> type[BaseModel] | None:
    """Return a class whose new instances can become records; None if the layout of the class differs.

    Assigning an attribute of a record calls pydantic, and even to call what that calls takes several times as long as
    the interpreter's own instruction, which needs a class with nothing in its way. It is one for each model, because
    instances of a class share the keys of their attributes.
    """
    body = {"__module__": __name__, "model_config": {"defer_build": True}, **_PLAIN}
    metaclass: Any = type(BaseModel)
    blank = metaclass(model.__name__, (BaseModel,), body)
    try:
        blank().__class__ = model
    except TypeError:
        return None
    return blank


def _parsed(model: type[BaseModel], row: Any) -> BaseModel:
    complete(model)
    return model.__pydantic_validator__.validate_python(row, context=FROM_DATABASE)


def is_plain(model: type[BaseModel]) -> bool:
    """Say whether nothing but its fields says what a record of the class is."""
    decorators = model.__pydantic_decorators__
    listing = (_function(each.func) is database_list for each in decorators.field_validators.values())
    schema: Any = model.__get_pydantic_core_schema__
    return (
        all(listing)
        and not (decorators.validators or decorators.root_validators or decorators.model_validators)
        and not (model.__private_attributes__ or model.__pydantic_custom_init__ or model.__pydantic_root_model__)
        and model.__pydantic_post_init__ is None
        and model.__new__ is object.__new__
        and schema.__func__ is cast("Any", BaseModel.__get_pydantic_core_schema__).__func__
        and model.model_config.keys() <= _HARMLESS
    )


def _holds_texts(model: type[BaseModel]) -> bool:
    """Say whether a record holds the texts of an enum's members instead of these."""
    return model.model_config.get("use_enum_values") is True


def _function(value: Any) -> Any:
    return getattr(value, "__func__", value)


def _fields(model: type[BaseModel]) -> dict[str, FormField] | None:
    annotations = field_types(model)
    fields: dict[str, FormField] = {}
    for name, info in model.model_fields.items():
        field = _field(name, info, annotations[name])
        if field is None:
            return None
        fields[info.alias or name] = field
    return fields


def _field(name: str, info: FieldInfo, annotation: Any) -> FormField | None:
    plain = not info.metadata and info.default_factory is None and not info.validate_default
    if not plain or info.validation_alias != info.alias or info.discriminator is not None:
        return None
    # Records would share a default that can change.
    if not info.is_required() and not isinstance(info.default, str | int | float | type(None)):
        return None
    annotation, is_optional = _without_none(annotation)
    is_list = get_origin(annotation) is list
    inner: Any = get_args(annotation)[0] if is_list else annotation
    if is_optional and info.is_required():
        return None
    make = partial(FormField, name, is_list=is_list, is_required=not is_optional)
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return make(kinds=frozenset(), related=partial(form_of, inner))
    if isinstance(inner, type) and issubclass(inner, str) and issubclass(inner, Enum):
        return make(kinds=frozenset({"enum"}), members=frozenset(member.value for member in inner))
    kinds = KINDS.get(inner) if isinstance(inner, type) else None
    # Rows have no values of other types: such a class validates.
    return None if kinds is None else make(kinds=kinds, wrap=_WRAPS.get(inner))


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) not in {Union, UnionType}:
        return annotation, False
    arguments = [argument for argument in get_args(annotation) if argument is not type(None)]
    return (arguments[0], True) if len(arguments) == 1 and len(get_args(annotation)) == 2 else (None, True)


_WRAPS: Final[dict[Any, Any]] = {Base64: Base64.encode}
