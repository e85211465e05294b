"""The base of every generated model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict

__all__ = ("PrismaModel", "empty_list")


class PrismaModel(BaseModel):
    """A record, or a part of one.

    Classes that derive from a generated base (`bases.BaseUser`) choose the fields that they want to read.
    """

    model_config = ConfigDict(
        use_enum_values=True,
        arbitrary_types_allowed=True,
        populate_by_name=True,
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


def empty_list(value: Any) -> Any:
    """Read NULL as an empty list: raw SQL gives NULL for a list column that was never set."""
    return [] if value is None else value
