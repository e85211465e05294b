"""The base of every generated model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

from pydantic import BaseModel, ConfigDict

__all__ = ("PrismaModel", "database_list")


class SharedNames(set[str]):
    """The names of the attributes that were set, shared by all records of a query until one is changed.

    One set for each would take more memory than the rest of a record. Copies are plain sets.
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[type[set[str]], tuple[list[str]]]:
        return set, (list(self),)


class PrismaModel(BaseModel):
    """A record, or a part of one.

    Classes that derive from a generated base (`bases.BaseUser`) choose the fields that they want to read.
    """

    model_config = ConfigDict(
        use_enum_values=True,
        arbitrary_types_allowed=True,
        populate_by_name=True,
        # Numbers of PostgreSQL, Decimals among them, can be `NaN` and `Infinity`.
        allow_inf_nan=True,
        # Models refer to each other in circles, and building one builds all that it can reach: for 60 models that takes
        # 1.5 s when all are built at import, 0.04 s when one is built at its first use.
        defer_build=True,
        # A field may be called `model_…`; names that pydantic needs for itself get an alias when they are generated.
        protected_namespaces=(),
    )

    __prisma_model__: ClassVar[str]

    _count: ClassVar[Mapping[str, int] | None] = None
    """How many related records there are, by relation, when the query included `_count`."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name in type(self).model_fields:
                raise AttributeError(
                    f"{name!r} of this {type(self).__name__} was not read: the client omits it, or the query did not "
                    f'select it. Ask for it with `select`, or with omit={{"{name}": False}}.'
                )
            return super().__getattr__(name)

        def __setattr__(self, name: str, value: Any) -> None:
            _end_sharing(self)
            super().__setattr__(name, value)

        @property
        def model_fields_set(self) -> set[str]:
            _end_sharing(self)
            return super().model_fields_set


def _end_sharing(record: BaseModel) -> None:
    # A record that is still being made may have none.
    names = getattr(record, "__pydantic_fields_set__", None)
    if type(names) is SharedNames:
        object.__setattr__(record, "__pydantic_fields_set__", set(names))


def database_list(value: Any, validate: Callable[[Any], Any]) -> Any:
    """Read a list column: NULL, as long as it was never set, is an empty list, and NULL among the elements is None."""
    if value is None:
        return []
    # Elements are validated by their type, which has no None. Most lists have none.
    if not isinstance(value, list) or None not in value:
        return validate(value)
    items = cast("list[Any]", value)
    found = iter(validate([item for item in items if item is not None]))
    return [None if item is None else next(found) for item in items]
