"""Fitting: which field of a model each declared field reads, and whether it can hold what that has.

A class that does not fit is refused before the first query with it. A pydantic class converts values, so that only
what can never be right is refused; the other kinds hold what they get, and must declare it.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn, Union, get_args, get_origin

from prisma.client.shapes.declarations import DeclaredField, bare, kind_of, related_class
from prisma.errors import InvalidShapeError
from prisma.fields import Base64
from prisma.fields import Json as JsonValue

if TYPE_CHECKING:
    from prisma.schema.metadata import Field, Model, Schema

COUNT: Final = "_count"
"""The key under which a row has the numbers of related records."""

# What each scalar type may be declared as; the first is the usual one.
_PYTHON_TYPES: Final[Mapping[str, tuple[Any, ...]]] = {
    "String": (str,),
    "Boolean": (bool,),
    "Int": (int, float),
    "BigInt": (int, float),
    "Float": (float,),
    "Decimal": (Decimal,),
    "DateTime": (datetime.datetime, datetime.date),
    "Bytes": (Base64, bytes),
}
# pydantic makes no text of these, and nothing of them is a list.
_NO_TEXT: Final = frozenset(_PYTHON_TYPES) - {"String", "Bytes"}
_NO_LISTS: Final = (tuple, set, frozenset)
_LISTS: Final = (list, Sequence, Collection, Iterable, *_NO_LISTS)


def key_of(cls: type[Any], declared: DeclaredField, model: Model, others: Collection[str]) -> str:
    """Return the model's name of a declared field; `others` are names that a row may have besides.

    Raises:
        InvalidShapeError: the model has no such field.
    """
    names = (declared.name, *declared.aliases)
    for name in names:
        if name in model.fields or name in others or name == COUNT:
            return name
    near = get_close_matches(declared.name, [*model.fields, *others], n=1)
    hint = f"Did you mean `{near[0]}`?" if near else f"It has {', '.join(f'`{name}`' for name in model.fields)}."
    sentence = f"The class {cls.__name__} declares `{declared.name}`, which does not exist on {model.name}. {hint}"
    raise InvalidShapeError(sentence, cls, declared.name)


def check(cls: type[Any], declared: DeclaredField, field: Field, model: Model, schema: Schema) -> None:
    """Raise InvalidShapeError where a declared field can't hold what the model's field has."""
    if field.kind == "unsupported":
        _refuse(cls, declared, field, model, f"has the type {field.type}, which can't be read. Leave it out.")
    if declared.is_converted or declared.type in (Any, object):
        return
    if field.type != "Json" or field.is_list:
        _check_list(cls, declared, field, model)
    if not declared.takes_none and not field.is_required and not field.is_list:
        _refuse(cls, declared, field, model, f"may be None. Declare it as `{name_of(declared.type)} | None`.")
    element = element_of(declared.type) if field.is_list else declared.type
    if field.kind == "relation":
        if related_class(element) is None and element not in (Any, object) and get_origin(element) is not dict:
            fact = f"holds records of {field.type}. Declare it with a class of their fields."
            _refuse(cls, declared, field, model, fact)
    elif not (declared.is_checked or _holds(element, field, schema, is_pydantic=kind_of(cls) == "pydantic")):
        expected = _PYTHON_TYPES.get(field.type, (str,))[0]
        _refuse(cls, declared, field, model, f"is {field.type}. Declare it as `{name_of(expected)}`.")


def element_of(type_: Any) -> Any:
    """Return the type of the elements of a list's type."""
    return bare(get_args(type_)[0])[0] if get_args(type_) else Any


def _check_list(cls: type[Any], declared: DeclaredField, field: Field, model: Model) -> None:
    origin = get_origin(declared.type) or declared.type
    is_list = origin in _LISTS
    if is_list and not field.is_list:
        _refuse(cls, declared, field, model, f"is no list. Declare it as `{name_of(element_of(declared.type))}`.")
    # What does not convert values holds the list that it gets.
    if field.is_list and (not is_list or (origin in _NO_LISTS and kind_of(cls) != "pydantic")):
        element = element_of(declared.type) if is_list else declared.type
        _refuse(cls, declared, field, model, f"is a list. Declare it as `list[{name_of(element)}]`.")


def _holds(type_: Any, field: Field, schema: Schema, *, is_pydantic: bool) -> bool:
    """Say whether a type holds the values of a scalar or an enum."""
    if get_origin(type_) is Union:
        return any(_holds(bare(each)[0], field, schema, is_pydantic=is_pydantic) for each in get_args(type_))
    if type_ in (Any, object):
        return True
    if is_pydantic:
        return not (type_ is str and field.kind == "scalar" and field.type in _NO_TEXT)
    if field.kind == "enum":
        return type_ is str or _names(type_) >= set(schema.enums[field.type].values)
    if field.type == "Json":
        return type_ is JsonValue or kind_of(type_) in (None, "dict") if isinstance(type_, type) else True
    return any(type_ is each for each in _PYTHON_TYPES[field.type])


def _names(type_: Any) -> set[str]:
    if isinstance(type_, type) and issubclass(type_, Enum):
        return {str(member.value) for member in type_}
    return set(get_args(type_)) if get_origin(type_) is Literal else set()


def _refuse(cls: type[Any], declared: DeclaredField, field: Field, model: Model, fact: str) -> NoReturn:
    sentence = f"{cls.__name__}.{declared.name} does not fit: {model.name}.{field.name} {fact}"
    raise InvalidShapeError(sentence, cls, declared.name)


def name_of(type_: Any) -> str:
    """Return how a program writes a type."""
    is_class = isinstance(type_, type) and get_origin(type_) is None
    return type_.__name__ if is_class else str(type_).replace("typing.", "")
