"""The types of field values for which Python has none: Json and its nulls, Base64, and references to fields."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar, final

from pydantic_core import core_schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import GetJsonSchemaHandler, ValidationInfo
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

    Serializable: TypeAlias = bool | float | str | Sequence["Serializable"] | Mapping[Any, "Serializable"] | None

__all__ = (
    "AnyNull",
    "AnyNullType",
    "Base64",
    "DbNull",
    "DbNullType",
    "FieldRef",
    "Json",
    "JsonNull",
    "JsonNullType",
)

T_co = TypeVar("T_co", covariant=True)

FROM_DATABASE: Final = object()
"""Validation context of records that were read: bytes are not Base64 text yet, and strings in Json fields are data."""

AS_GIVEN: Final = object()
"""Validation context of arguments: the value of a Json field is passed on unchanged."""

# Base64 consists of ASCII characters only.
_ALPHABET = "ascii"


class Json:
    """A JSON value on its way into the database.

    In results a Json field holds the plain Python value (dict, list, str, int, float, bool or None), not this class.
    A model that a program makes takes the plain value, a Json, whose value it unwraps, or JSON text, which it parses. A
    string that is not JSON stays a string.
    """

    __slots__ = ("data",)

    def __init__(self, data: Serializable) -> None:
        self.data = data

    @classmethod
    def keys(cls, **data: Serializable) -> Json:
        """Return an object with the given keys."""
        return cls(data)

    def __repr__(self) -> str:
        return f"Json({self.data!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Json) and self.data == other.data

    __hash__ = None  # pyright: ignore[reportAssignmentType]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(_json, serialization=_JSON_SERIALIZATION)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {}


class Base64:
    """Bytes as Base64 text: the value of Bytes fields, in both directions."""

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        """Take Base64 text; `Base64.encode` takes the bytes themselves."""
        self._raw = raw

    @classmethod
    def encode(cls, value: bytes) -> Base64:
        """Return the Base64 text of any bytes."""
        return cls(base64.b64encode(value))

    @classmethod
    def fromb64(cls, value: str | bytes) -> Base64:
        """Take Base64 text, as str or bytes."""
        return cls(value if isinstance(value, bytes) else value.encode(_ALPHABET))

    def decode(self) -> bytes:
        """Return the bytes that the text encodes; binascii.Error if it is not Base64."""
        return base64.b64decode(self._raw)

    def decode_str(self, encoding: str = "utf-8") -> str:
        """Return the bytes that the text encodes, decoded as text in `encoding`."""
        return self.decode().decode(encoding)

    def __str__(self) -> str:
        return self._raw.decode(_ALPHABET)

    def __repr__(self) -> str:
        return f"Base64({self._raw!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Base64) and self._raw == other._raw

    def __hash__(self) -> int:
        return hash(self._raw)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(_base64, serialization=_BASE64_SERIALIZATION)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "format": "byte"}


class Null:
    """Base of the kinds of null of a Json column; each class has one instance."""

    __slots__ = ()

    def __repr__(self) -> str:
        return type(self).__name__.removesuffix("Type")

    def __reduce__(self) -> str:
        # Copies and pickles are the instance itself.
        return repr(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        return core_schema.is_instance_schema(cls)


@final
class DbNullType(Null):
    """The type of `DbNull`."""

    __slots__ = ()


@final
class JsonNullType(Null):
    """The type of `JsonNull`."""

    __slots__ = ()


@final
class AnyNullType(Null):
    """The type of `AnyNull`."""

    __slots__ = ()


DbNull: Final = DbNullType()
"""A Json column's NULL; None means the same."""

JsonNull: Final = JsonNullType()
"""The JSON value `null` in a Json column; `Json(None)` means the same."""

AnyNull: Final = AnyNullType()
"""In filters, `DbNull` or `JsonNull`."""


class FieldRef(Generic[T_co]):
    """A field of the same model to compare with: `where={"email": {"not": db.user.fields.name}}`.

    The type argument is the type of the field's values.
    """

    __slots__ = ("model", "name")

    def __init__(self, model: str, name: str) -> None:
        self.model = model
        self.name = name

    def __repr__(self) -> str:
        return f"<{self.model}.{self.name}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FieldRef) and (self.model, self.name) == (other.model, other.name)

    def __hash__(self) -> int:
        return hash((self.model, self.name))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        return core_schema.is_instance_schema(cls)


def _json(value: Any, info: ValidationInfo) -> Any:
    if info.context is AS_GIVEN:
        return value
    if info.context is FROM_DATABASE or not isinstance(value, str | bytes):
        return _plain_json(value)
    try:
        return json.loads(value)
    except RecursionError as error:
        raise ValueError("JSON that is nested too deeply") from error
    except ValueError:
        return value


def _plain_json(value: Any) -> Any:
    return value.data if isinstance(value, Json) else value


def _base64(value: Any, info: ValidationInfo) -> Base64:
    if isinstance(value, Base64):
        return value
    if info.context is FROM_DATABASE and isinstance(value, bytes):
        return Base64.encode(value)
    if isinstance(value, str | bytes):
        return Base64.fromb64(value)
    raise ValueError(f"Base64 text is a str or bytes, not {type(value).__name__}")


_JSON_SERIALIZATION = core_schema.plain_serializer_function_ser_schema(_plain_json)
# A list may hold NULL.
_BASE64_SERIALIZATION = core_schema.plain_serializer_function_ser_schema(str, when_used="unless-none")
