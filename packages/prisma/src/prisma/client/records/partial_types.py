"""Partial models: the requests of a project's partial type generator, collected while it runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from keyword import iskeyword
from typing import Any, Final

from prisma.errors import UnknownRelationalFieldError

__all__ = ["PartialField", "PartialModel", "PartialModels", "create_partial", "recording"]


@dataclass(frozen=True, slots=True)
class PartialField:
    """A field of a partial model; `partial` names the partial model that a relation has as its type."""

    name: str
    is_optional: bool
    is_relation: bool
    partial: str | None = None


@dataclass(frozen=True, slots=True)
class PartialModel:
    """A partial model: its name, the model that it is a part of, and its fields in order."""

    name: str
    model: str
    fields: tuple[PartialField, ...]


@dataclass(slots=True)
class PartialModels:
    """The partial models of one run: `models` holds the fields that each model of the schema has."""

    models: Mapping[str, tuple[PartialField, ...]]
    made: dict[str, PartialModel] = field(default_factory=dict[str, PartialModel])

    def add(
        self,
        model: str,
        name: str,
        include: Iterable[str] | None,
        exclude: Iterable[str] | None,
        required: Iterable[str] | None,
        optional: Iterable[str] | None,
        relations: Mapping[Any, str] | None,
        exclude_relational_fields: bool,
    ) -> None:
        """Note down one partial model; see `create_partial`."""
        self._check_name(name)
        required, optional = set(required or ()), set(optional or ())
        _check_choices(include, exclude, required & optional, relations, exclude_relational_fields)
        known = {field.name: field for field in self.models[model]}
        chosen = self._chosen(known, include, None if exclude is None else set(exclude), f"{model} / {name}")
        if exclude_relational_fields:
            chosen = {key: field for key, field in chosen.items() if not field.is_relation}
        for keys, is_optional in ((required, False), (optional, True)):
            for key in keys:
                chosen[key] = replace(_find(chosen, key, f"{model} / {name}"), is_optional=is_optional)
        for key, partial in (relations or {}).items():
            chosen[key] = self._related(model, name, chosen, known, key, partial)
        self.made[name] = PartialModel(name, model, tuple(chosen.values()))

    def _check_name(self, name: str) -> None:
        if name in self.made:
            raise ValueError(f'Partial type "{name}" has already been created.')
        if not name.isidentifier() or iskeyword(name):
            raise ValueError(f'Partial type "{name}" can\'t have this name: it is no name of a Python class.')

    def _chosen(
        self, known: Mapping[str, PartialField], include: Iterable[str] | None, exclude: set[str] | None, owner: str
    ) -> dict[str, PartialField]:
        if include:
            # The order of a list is the author's; a set has none, so it gets the schema's.
            names = [name for name in known if name in include] if isinstance(include, set | frozenset) else include
            return {name: _find(known, name, owner) for name in (*names, *include)}
        for name in exclude or ():
            _find(known, name, owner)
        return {name: field for name, field in known.items() if name not in (exclude or ())}

    def _related(
        self,
        model: str,
        name: str,
        chosen: Mapping[str, PartialField],
        known: Mapping[str, PartialField],
        key: str,
        partial: str,
    ) -> PartialField:
        if key not in known or not known[key].is_relation:
            raise UnknownRelationalFieldError(model, key)
        if partial not in self.made:
            raise ValueError(
                f'Unknown partial type: "{partial}". Did you remember to generate the {partial} type before this one?'
            )
        return replace(_find(chosen, key, f"{model} / {name}"), partial=partial)


recording: list[PartialModels] = []
"""The run that is under way, if there is one."""

_OUTSIDE: Final = (
    "Attempted to create a partial type outside of client generation. "
    "Name the file that does it as `partial_type_generator` in the generator block, and run `prisma generate`."
)


def create_partial(
    model: str,
    name: str,
    include: Iterable[str] | None,
    exclude: Iterable[str] | None,
    required: Iterable[str] | None,
    optional: Iterable[str] | None,
    relations: Mapping[Any, str] | None,
    exclude_relational_fields: bool,
) -> None:
    """Ask for a partial model.

    Args:
        model: the model of the schema.
        name: the name in `prisma.partials`.
        include: the fields that it has; all if neither this nor `exclude` says something.
        exclude: the fields that it does not have.
        required: fields that are never None in it.
        optional: fields that may be None in it.
        relations: for fields that are relations, the name of an earlier partial model.
        exclude_relational_fields: leave all relations out.

    Raises:
        RuntimeError: this is not the partial type generator of a running `prisma generate`.
        TypeError, ValueError: the arguments contradict each other, or name something that is not there.
    """
    if not recording:
        raise RuntimeError(_OUTSIDE)
    recording[-1].add(model, name, include, exclude, required, optional, relations, exclude_relational_fields)


def _check_choices(
    include: Iterable[str] | None,
    exclude: Iterable[str] | None,
    shared: set[str],
    relations: Mapping[Any, str] | None,
    exclude_relational_fields: bool,
) -> None:
    if include is not None and exclude is not None:
        raise TypeError("Exclude and include are mutually exclusive.")
    if include is not None and exclude_relational_fields:
        raise TypeError("Include and exclude_relational_fields=True are mutually exclusive.")
    if shared:
        raise ValueError(f"Cannot make the same field(s) required and optional {shared}")
    if exclude_relational_fields and relations:
        raise ValueError("exclude_relational_fields and relations are mutually exclusive")


def _find(fields: Mapping[str, PartialField], name: str, owner: str) -> PartialField:
    if name not in fields:
        raise ValueError(f"{name} is not a valid {owner} field.")
    return fields[name]
