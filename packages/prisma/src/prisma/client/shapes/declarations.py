"""Declarations: the fields that a class declares, whatever kind of class it is.

A pydantic model, a dataclass (the standard library's or pydantic's), a TypedDict and a NamedTuple can be a shape.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Iterable, Mapping
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    NotRequired,
    Required,
    TypeAlias,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typing_extensions import ReadOnly, TypeAliasType
from typing_extensions import is_typeddict as is_extended_typeddict

from prisma.client.records.annotations import complete
from prisma.errors import BuilderError, InvalidShapeError
from prisma.frozen import Frozen

Kind: TypeAlias = Literal["pydantic", "dataclass", "dict", "tuple"]

_QUALIFIERS: Final = frozenset({Annotated, Required, NotRequired, ReadOnly})


class DeclaredField(Frozen):
    """A field that a class declares.

    Attributes:
        name: the attribute, or the key of a TypedDict.
        aliases: other names for it; the schema may know the field by one of them.
        type: what it holds, without None and without qualifiers.
        takes_none: whether it holds None, too.
        is_converted: whether a validator of its own may take any value.
        is_checked: whether more than the type says which values it takes, and what becomes of them.
    """

    name: str
    aliases: tuple[str, ...]
    type: Any
    takes_none: bool
    is_converted: bool
    is_checked: bool


def kind_of(cls: type[Any]) -> Kind | None:
    """Return which kind of class this is; None if it is none that can hold a record."""
    if issubclass(cls, BaseModel) or hasattr(cls, "__pydantic_fields__"):
        return "pydantic"
    if dataclasses.is_dataclass(cls):
        return "dataclass"
    if is_typeddict(cls) or is_extended_typeddict(cls):
        return "dict"
    return "tuple" if issubclass(cls, tuple) and hasattr(cast("Any", cls), "_fields") else None


def declared_fields(cls: type[Any]) -> tuple[DeclaredField, ...]:
    """Return what a class declares, in its order.

    Raises:
        InvalidShapeError: it is no class that can hold a record.
        BuilderError: a name in its annotations is not defined.
    """
    kind = kind_of(cls)
    if kind is None:
        kinds = "a pydantic model, a dataclass, a TypedDict or a NamedTuple"
        raise InvalidShapeError(f"`select` takes a dictionary or a class that is {kinds}; {cls.__name__} is none.", cls)
    return tuple(_READERS[kind](cls))


def related_class(annotation: Any) -> type | None:
    """Return the class of the records that an annotation names, inside of a list or alone."""
    annotation = bare(annotation)[0]
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return annotation if kind_of(annotation) is not None else None
    return next((found for each in get_args(annotation) if (found := related_class(each)) is not None), None)


def bare(annotation: Any) -> tuple[Any, bool]:
    """Return a type without qualifiers, names and None, and whether None was among what it allows."""
    takes_none = annotation is None or annotation in (types.NoneType, Any, object)
    while True:
        if isinstance(annotation, TypeAliasType) or hasattr(annotation, "__supertype__"):
            named: Any = annotation
            annotation = named.__value__ if hasattr(named, "__value__") else named.__supertype__
        elif get_origin(annotation) in _QUALIFIERS:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in {Union, types.UnionType}:
            members = [member for member in get_args(annotation) if member is not types.NoneType]
            takes_none = takes_none or len(members) < len(get_args(annotation))
            if len(members) != 1:
                return Union[tuple(members)], takes_none or any(bare(member)[1] for member in members)  # noqa: UP007
            annotation = members[0]
        else:
            return annotation, takes_none or annotation in (Any, object)


def _of_pydantic(cls: type[Any]) -> Iterable[DeclaredField]:
    model = cast("type[BaseModel]", cls)
    if issubclass(cls, BaseModel):
        complete(model)
    fields: Mapping[str, FieldInfo] = cast("Any", cls).__pydantic_fields__
    validators = cast("Any", cls).__pydantic_decorators__.field_validators.values()
    validated = {name for each in validators if each.info.mode != "after" for name in each.info.fields}
    coerces = getattr(cls, "model_config", {}).get("coerce_numbers_to_str") is True
    for name, info in fields.items():
        aliases = dict.fromkeys(alias for alias in (info.alias, info.validation_alias) if isinstance(alias, str))
        own = name in validated or "*" in validated or any(_is_validator(each) for each in info.metadata)
        type_, takes_none = bare(info.annotation)
        checked = bool(own or info.metadata or info.discriminator or coerces)
        yield DeclaredField(name, tuple(aliases), type_, takes_none, own, checked)


def _is_validator(metadata: object) -> bool:
    """Say whether it sees a value before the type does."""
    return type(metadata).__name__ in {"BeforeValidator", "WrapValidator", "PlainValidator"}


def _of_dataclass(cls: type[Any]) -> Iterable[DeclaredField]:
    hints = _hints(cls)
    return [_declared(field.name, hints[field.name]) for field in dataclasses.fields(cls) if field.init]


def _of_hints(cls: type[Any]) -> Iterable[DeclaredField]:
    return [_declared(name, hint) for name, hint in _hints(cls).items()]


def _of_tuple(cls: type[Any]) -> Iterable[DeclaredField]:
    hints = _hints(cls)
    return [_declared(name, hints.get(name, Any)) for name in cast("Any", cls)._fields]


def _declared(name: str, hint: Any) -> DeclaredField:
    type_, takes_none = bare(hint)
    return DeclaredField(name, (), type_, takes_none, is_converted=False, is_checked=False)


def _hints(cls: type[Any]) -> Mapping[str, Any]:
    try:
        return get_type_hints(cls, include_extras=True)
    except NameError as error:
        raise BuilderError(
            f"The class {cls.__name__} can't be used yet: `{error.name}` in its annotations is not defined. "
            "Define it before the first query, at the level of its module."
        ) from error


_READERS: Final[Mapping[Kind, Callable[[type], Iterable[DeclaredField]]]] = {
    "pydantic": _of_pydantic,
    "dataclass": _of_dataclass,
    "dict": _of_hints,
    "tuple": _of_tuple,
}
