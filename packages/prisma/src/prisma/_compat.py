"""Names from 0.15.0's layer between pydantic 1 and 2, for programs that import them; here they mean pydantic 2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

ModelT = TypeVar("ModelT", bound=BaseModel)

PYDANTIC_V2: Final = True


def model_parse(model: type[ModelT], obj: Any) -> ModelT:
    """Return `model.model_validate(obj)`."""
    return model.model_validate(obj)


def model_parse_json(model: type[ModelT], obj: str) -> ModelT:
    """Return `model.model_validate_json(obj)`."""
    return model.model_validate_json(obj)


def model_dict(
    model: BaseModel, *, by_alias: bool = False, exclude: set[str] | None = None, exclude_unset: bool = False
) -> dict[str, Any]:
    """Return `model.model_dump(…)`."""
    return model.model_dump(by_alias=by_alias, exclude=exclude, exclude_unset=exclude_unset)


def model_json(model: BaseModel, *, indent: int | None = None, exclude: set[str] | None = None) -> str:
    """Return `model.model_dump_json(…)`."""
    return model.model_dump_json(indent=indent, exclude=exclude)


def model_json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return `model.model_json_schema()`."""
    return model.model_json_schema()


def model_copy(model: ModelT, deep: bool = False) -> ModelT:
    """Return `model.model_copy(deep=deep)`."""
    return model.model_copy(deep=deep)


def model_rebuild(model: type[BaseModel]) -> None:
    """Call `model.model_rebuild()`."""
    model.model_rebuild()


def model_fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return `model.model_fields`."""
    return model.model_fields


def model_field_type(field: FieldInfo) -> Any:
    """Return a field's annotation."""
    return field.annotation


def is_field_required(field: FieldInfo) -> bool:
    """Return `field.is_required()`."""
    return field.is_required()
