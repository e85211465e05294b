"""Field reference errors: sentences about a field to compare with, more exact than the compiler's.

The compiler's sentence names the types of both fields, but not the operator, and has one name for a list and for a
single value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from prisma.client.explain.paths import Step, dotted, find
from prisma.client.request.names import LIST_FILTERS, engine_names
from prisma.fields import FieldRef

_MISFIT: Final = re.compile(
    r"Expected a referenced scalar field of type (\w+)\S* but found (\w+)\.(\w+) of type (\S+)\."
)


def misreference(message: str, arguments: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the sentence about a referenced field, and its path; None if the compiler objects to something else."""
    match = _MISFIT.search(message)
    if match is None:
        return None
    type_, model, name, actual = match.groups()
    is_list = actual.endswith("[]")

    def is_it(step: Step, value: Any) -> bool:
        fits = _takes_list(step) is is_list and actual.removesuffix("[]") == type_ and step != "equals"
        return isinstance(value, FieldRef) and (value.model, value.name) == (model, name) and not fits

    path = find(arguments, is_it)
    if path is None:
        return None
    return f"Input error. {_sentence(path, type_, f'`{name}` of {model} is {actual}')}", dotted(path)


def _takes_list(step: Step) -> bool:
    return not engine_names(str(step)).isdisjoint(LIST_FILTERS)


def _sentence(path: tuple[Step, ...], type_: str, actual: str) -> str:
    place = dotted(path)
    if _takes_list(path[-1]):
        return f"`{place}` takes a field of type {type_}[], but {actual}."
    if actual.endswith(f" {type_}[]"):
        instead = "use `has_every` or `has_some`" if path[-1] != "has" else "use `has_some`"
        return f"`{place}` takes no list to compare with, but {actual}: {instead}."
    return f"`{place}` takes a field of type {type_}, but {actual}."
