"""Validates untrusted data against the generated typed dictionaries."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, TypeVar, Union, get_args, get_origin

from pydantic import ConfigDict, TypeAdapter
from typing_extensions import TypeAliasType, is_typeddict

from prisma.fields import AS_GIVEN

__all__ = ["validate"]

T = TypeVar("T")

# Numbers become text for fields of text, as in earlier releases.
_CONFIG: Final = ConfigDict(extra="forbid", coerce_numbers_to_str=True, arbitrary_types_allowed=True)


def validate(type: type[T], data: Any) -> T:
    """Return `data` as a value of a typed dictionary, e.g. `validate(types.UserCreateInput, request_body)`.

    Keys that the type does not have are refused at every depth.

    Raises:
        TypeError: `type` is not a typed dictionary, or a choice of several.
        pydantic.ValidationError: the data does not fit.
    """
    choices = get_args(type) if get_origin(type) is Union else (type,)
    if not all(is_typeddict(choice) for choice in choices):
        raise TypeError(f"Only TypedDict types are supported, got: {type} instead.")
    return _adapter(type).validate_python(data, context=AS_GIVEN)


@lru_cache(maxsize=256)
def _adapter(type: Any) -> TypeAdapter[Any]:
    # pydantic gives no configuration to a typed dictionary itself; behind another name it does, at every depth.
    name: Any = TypeAliasType(getattr(type, "__name__", "Choice"), type)  # pyright: ignore[reportGeneralTypeIssues]
    return TypeAdapter[Any](name, config=_CONFIG)
