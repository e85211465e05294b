"""References: the fields of `db.user.fields`, for comparisons with other fields of the same model."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, ClassVar

from prisma.fields import FieldRef


class ModelFields:
    """The fields of one model; a generated class for each declares them.

    `_renamed` maps attributes to the names of fields that Python can't have as attributes.
    """

    _model: ClassVar[str]
    _renamed: ClassVar[Mapping[str, str]] = {}

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> FieldRef[Any]:
            declared = type(self).__annotations__
            if name not in declared:
                near = get_close_matches(name, declared, 1)
                hint = f" Did you mean `{near[0]}`?" if near else ""
                raise AttributeError(f"{self._model} has no field `{name}` to refer to.{hint}")
            reference = self.__dict__[name] = FieldRef(self._model, self._renamed.get(name, name))
            return reference
