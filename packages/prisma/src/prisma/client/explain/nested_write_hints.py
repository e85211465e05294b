"""Hints about nested writes: which verbs a relation takes, and what to do if the plan rejects one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from prisma.client.explain.paths import Place
from prisma.client.request.names import VERBS
from prisma.schema.metadata import Field

# For records that may be several → for the one that a relation leads to.
_OF_ONE: Final = {"set": "connect", "createMany": "create", "updateMany": "update", "deleteMany": "delete"}
_FORMS: Final = {
    "connectOrCreate": '{"where": …, "create": …}',
    "update": '{"where": …, "data": …}',
    "updateMany": '{"where": …, "data": …}',
    "upsert": '{"where": …, "create": …, "update": …}',
}
# For what exists → for the relations of a new record.
_OF_NEW: Final = {"set": "connect", "update": "create", "updateMany": "create", "upsert": "connect_or_create"}
_OF_SEVERAL: Final = frozenset({"some", "every", "none"})

_CREATE: Final = "Create what is missing first, or use `connect_or_create`."
_FIXES: Final = {
    "P2014": "Connect the record that would be left without it to another one, or delete it.",
    "P2017": "Name connected records only, or use `delete_many`, which passes over others.",
    "P2018": _CREATE,
}


def advice(verb: str, relation: Field, *, creates: bool) -> tuple[str, str | None] | None:
    """Return why a verb of the protocol is none for a relation, and the verb to use instead if there is one.

    `creates` says that the record with the relation is a new one. None for a word that is no verb.
    """
    name = relation.name
    if creates and verb in _OF_NEW.keys() | {"disconnect", "delete", "deleteMany"}:
        near = _OF_NEW.get(verb)
        return f"a new record has nothing in `{name}` yet. {f'Use `{near}`' if near else 'Leave it out'}.", near
    if relation.is_list:
        many_to_many = f"`{name}` is a many-to-many relation. Use `create`, with a list."
        return (many_to_many, "create") if verb == "createMany" else None
    if relation.is_required and verb in {"disconnect", "delete", "deleteMany"}:
        return f"`{name}` is required. Replace it by `connect` or `create`.", "connect"
    near = _OF_ONE.get(verb)
    return None if near is None else (f"`{name}` is a single record. Use `{near}`.", near)


def relation_filter(name: str, place: Place, valid: Sequence[str]) -> str | None:
    """Return how a relation is filtered whose filter has a name that belongs elsewhere; None for other mistakes.

    `valid` are the names that the protocol takes in the place of this one.
    """
    field, owner = place.field, place.owner
    if owner is not None and name in owner.fields and frozenset(valid) == _OF_SEVERAL:
        return f'`{place.path[-2]}` is a list. Write {{"some": {{"{name}": …}}}}, or `every`, or `none`.'
    is_one = field is not None and field.kind == "relation" and not field.is_list
    if field is not None and is_one and name in _OF_SEVERAL and "is" in valid:
        return f'`{field.name}` is a single record, which has no `{name}`. Write {{"is": …}}, or its fields.'
    return None


def usage(path: Sequence[str | int], relation: Field, *, is_none: bool) -> str | None:
    """Return how the verb is used whose part at a path is missing; None if the path leads elsewhere.

    `is_none` says that the part is there, but None.
    """
    steps = [step for step in path if isinstance(step, str)]
    if relation.kind != "relation":
        return None
    if steps[-1] == relation.name and is_none:
        empty = '{"set": []}' if relation.is_list else '{"disconnect": True}'
        in_updates = "" if relation.is_required and not relation.is_list else f" In updates, {empty} empties it."
        return f"Leave it out.{in_updates}"
    if len(steps) < 3 or steps[-3] != relation.name:
        return None
    form = _FORMS.get(VERBS.get(steps[-2], steps[-2]))
    return None if form is None or f'"{steps[-1]}"' not in form else f"`{steps[-2]}` takes {form}."


def with_fix(code: str | None, sentence: str, meta: Mapping[str, Any]) -> str:
    """Return the sentence of a plan's check with what to do about it, if there is more to say."""
    # A record that is missing has one code, whatever it was needed for.
    connects = code == "P2025" and (meta.get("operation") == "a nested connect" or "expectedRows" in meta)
    fix = _CREATE if connects else _FIXES.get(code or "")
    return f"{sentence} {fix}" if fix else sentence
