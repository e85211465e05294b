"""Annotations: the classes that the annotations of a class of records name.

A class may name classes that its module defines later. pydantic looks them up when a class first validates, in that
class's module, which may not know the names in the types of inherited fields.
"""

from __future__ import annotations

import re
import sys
from inspect import get_annotations
from typing import TYPE_CHECKING, Any, Final, get_args, get_type_hints

from pydantic import BaseModel

from prisma.errors import BuilderError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WORD: Final = re.compile(r"\w+")


def complete(model: type[BaseModel]) -> None:
    """Look up the names in a class's annotations, if that was not done when the class was made.

    Raises:
        BuilderError: a name is not defined.
    """
    if model.__pydantic_fields_complete__:
        return
    try:
        model.model_rebuild(_types_namespace=_namespace(model))
    except NameError as error:
        raise BuilderError(
            f"The class {model.__name__} can't be used yet: `{error.name}` in its annotations is not defined. "
            "Define it before the first query."
        ) from error


def field_types(model: type[BaseModel]) -> Mapping[str, Any]:
    """Return the types of a class's fields, without building what pydantic needs to validate.

    Raises:
        BuilderError: a name is not defined.
    """
    if not model.__pydantic_fields_complete__:
        try:
            return {name: type_ for owner in reversed(model.__mro__) for name, type_ in _own_types(model, owner)}
        except (NameError, TypeError):
            # Names that are known where the class was made and nowhere else: pydantic finds them.
            complete(model)
    return {name: info.annotation for name, info in model.model_fields.items()}


def model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model in the type of a relation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for argument in get_args(annotation) if (found := model_in(argument)) is not None), None)


def _own_types(model: type[BaseModel], owner: type) -> Iterable[tuple[str, Any]]:
    own = {name: type_ for name, type_ in get_annotations(owner).items() if name in model.model_fields}
    if not own:
        return ()
    carrier = type(owner.__name__, (), {"__annotations__": own})
    return get_type_hints(carrier, _names(owner), include_extras=True).items()


def _namespace(model: type[BaseModel]) -> dict[str, Any]:
    """Return the meanings of names: a class's own module comes before those that it inherits from."""
    names = {name: value for owner in reversed(model.__mro__[1:]) for name, value in _names(owner).items()}
    own = _names(model)
    written = (word for text in get_annotations(model).values() for word in _WORD.findall(str(text)))
    return {**own, **names, **{word: own[word] for word in written if word in own}}


def _names(owner: type) -> dict[str, Any]:
    return vars(sys.modules[owner.__module__]) if owner.__module__ in sys.modules else {}
