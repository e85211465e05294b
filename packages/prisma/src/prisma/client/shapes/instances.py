"""Instances: how an instance of a shape is made of a row.

A decoder fills a plain class itself, as it fills generated ones. A class with code of its own gets its values through
its constructor, or through pydantic.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, cast, get_args, get_origin

from pydantic import BaseModel

from prisma.client.records.forms import KINDS, blank_of, is_plain
from prisma.client.shapes.declarations import DeclaredField, Kind, kind_of
from prisma.engine.record_form import FormField, RecordForm
from prisma.fields import FROM_DATABASE, Base64
from prisma.fields import Json as JsonValue
from prisma.frozen import Frozen

if TYPE_CHECKING:
    from prisma.schema.metadata import Field

_JSON: Final = frozenset({"json", "object"})


class ShapeField(Frozen):
    """A field of a shape.

    Attributes:
        declared: how the class declares it.
        key: what a row calls it.
        column: the model's field; None for what no column has.
        element: the type of its value, or of the values in its list.
        related: makes related records; None for others, and for those that stay as they are.
        read: makes the value of what the row has; None if it is that.
    """

    declared: DeclaredField
    key: str
    column: Field | None
    element: Any
    related: RecordForm | None
    read: Callable[[Any], Any] | None


def maker_of(cls: type[Any], fields: Sequence[ShapeField]) -> Callable[[Mapping[str, Any]], Any]:
    """Return what makes an instance of a row; it raises ValidationError where a validator refuses a value."""
    parts = tuple((field.declared.name, field.key, field.read) for field in fields)
    return partial(_made, _MAKERS[kind_of(cls) or "dict"], cls, parts)


def _made(
    make: Callable[[Any, dict[str, Any]], Any],
    cls: type[Any],
    parts: Sequence[tuple[str, str, Callable[[Any], Any] | None]],
    row: Mapping[str, Any],
) -> Any:
    return make(cls, {name: row[key] if read is None else read(row[key]) for name, key, read in parts})


def form_of_fields(cls: type[Any], fields: Sequence[ShapeField], make: Callable[[Any], Any]) -> RecordForm:
    """Return the form of a shape; `make` makes an instance of a row where a decoder can't."""
    is_model = issubclass(cls, BaseModel)
    blank = _blank(cls)
    targets = {field.key: target for field in fields if (target := _target(cls, field)) is not None}
    return RecordForm(
        cls,
        make,
        targets if blank is not None and len(targets) == len(fields) else None,
        {field.declared.name: None for field in fields},
        blank=blank or cls,
        names="__pydantic_fields_set__" if is_model else None,
        shared=None,
        empty=("__pydantic_extra__", "__pydantic_private__") if is_model else (),
    )


def reader_of_values(cls: type[Any], element: Any) -> Callable[[Any], Any] | None:
    """Return what makes the value of a scalar of what the row has; None if it is that. pydantic does it by itself."""
    if kind_of(cls) == "pydantic" or not isinstance(element, type):
        return None
    convert = Base64.encode if element is Base64 else element if issubclass(element, Enum) else None
    return None if convert is None else partial(_converted, convert)


def _converted(convert: Callable[[Any], Any], value: Any) -> Any:
    if isinstance(value, list):
        return [_converted(convert, item) for item in cast("list[Any]", value)]
    return None if value is None else convert(value)


def _blank(cls: type[Any]) -> Callable[[], Any] | None:
    """Return what makes an object that can become an instance; None if the class's own code must make them."""
    if issubclass(cls, BaseModel):
        return blank_of(cls) if is_plain(cls) else None
    if kind_of(cls) != "dataclass" or not _is_plain_dataclass(cls):
        return None
    # One for each class, because instances of a class share the keys of their attributes.
    blank: type[Any] = type(cls.__name__, (), {})
    try:
        blank().__class__ = cls
    except TypeError:
        # It has slots.
        return None
    return blank


def _is_plain_dataclass(cls: Any) -> bool:
    declared = {field.name for field in dataclasses.fields(cls) if field.init}
    return (
        cls.__new__ is object.__new__
        and not hasattr(cls, "__post_init__")
        and declared == cls.__dataclass_fields__.keys()
        # A constructor that `dataclass` made has no file.
        and cls.__init__.__code__.co_filename == "<string>"
    )


def _target(cls: type[Any], field: ShapeField) -> FormField | None:
    """Return what a decoder puts into an attribute; None if that is not for a decoder."""
    column, element, declared = field.column, field.element, field.declared
    if column is None or declared.is_checked:
        return None
    make = partial(FormField, declared.name, is_list=column.is_list, is_required=not declared.takes_none)
    if column.kind == "relation":
        related = field.related
        return None if related is None else make(kinds=frozenset(), related=lambda: related)
    if column.is_list and get_origin(declared.type) is not list:
        return None
    if column.kind == "enum":
        members = _members(element)
        if not members:
            return None
        wraps = isinstance(element, type) and not _holds_texts(cls)
        return make(kinds=frozenset({"enum"}), members=members, wrap=element if wraps else None)
    if column.type == "Json" and element in (JsonValue, Any, object):
        return make(kinds=_JSON)
    if element is bytes:
        return make(kinds=frozenset({"bytes"}))
    kinds = KINDS.get(element) if isinstance(element, type) else None
    return None if kinds is None else make(kinds=kinds, wrap=Base64.encode if element is Base64 else None)


def _members(element: Any) -> frozenset[str]:
    if isinstance(element, type) and issubclass(element, Enum):
        return frozenset(str(member.value) for member in element)
    return frozenset(get_args(element)) if get_origin(element) is Literal else frozenset()


def _holds_texts(cls: Any) -> bool:
    return issubclass(cls, BaseModel) and cls.model_config.get("use_enum_values") is True


def _validated(cls: Any, values: dict[str, Any]) -> Any:
    return cls.__pydantic_validator__.validate_python(values, context=FROM_DATABASE, by_name=True)


def _constructed(cls: Any, values: dict[str, Any]) -> Any:
    return cls(**values)


_MAKERS: Final[Mapping[Kind, Callable[[Any, dict[str, Any]], Any]]] = {
    "pydantic": _validated,
    "dataclass": _constructed,
    "dict": lambda _, values: values,
    "tuple": _constructed,
}
