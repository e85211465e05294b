"""Batching: several find_unique calls become one find_many, and its records the answers to the calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from prisma.client.planning.plans import Plans
from prisma.client.request.call import Call

LOOKUPS: Final = frozenset({"findUnique", "findUniqueOrThrow"})
# Types of keys that are equal in Python when they are equal in the database.
_COMPARED: Final = frozenset({"String", "Int", "BigInt"})


class Lookup:
    """One find_unique call, and the plans of its client.

    `key` is the name of the unique field it looks up by, where `is_plain` says that there is one.
    """

    __slots__ = ("_call", "key", "plans")

    def __init__(self, plans: Plans, call: Call) -> None:
        self.plans = plans
        self._call = call
        self.key = ""

    @property
    def may_miss(self) -> bool:
        """Whether None is an answer."""
        return self._call.action == "findUnique"

    def is_plain(self) -> bool:
        """Say whether this is a lookup by one field that its records have, by a value that can be compared."""
        call = self._call
        where = call.arguments.get("where")
        if not isinstance(where, Mapping) or len(cast("Mapping[str, Any]", where)) != 1:
            return False
        (name, value), *_ = cast("Mapping[str, Any]", where).items()
        field = self.plans.builder.schema.models[call.model].fields.get(name)
        if field is None or field.kind != "scalar" or field.type not in _COMPARED or not isinstance(value, str | int):
            return False
        # The rows of a selection may lack the key, which tells the answers apart.
        if any(call.arguments.get(shape) is not None for shape in ("select", "omit")):
            return False
        self.key = name
        form = call.form
        if form is not None and (form.fields is None or name not in form.fields):
            # A class of the program's may keep its key anywhere.
            return False
        # So may those of a client that omits the key.
        return name not in call.omissions.get(call.model, ())

    def among(self, keys: Sequence[object]) -> Call:
        """Return the call that finds the records of several keys."""
        call = self._call
        # The other arguments are the same in all calls of a batch: they share one program.
        arguments = {**call.arguments, "where": {self.key: {"in": list(keys)}}}
        return Call(call.model, "findMany", arguments, call.omissions, call.form)

    def by_key(self, rows: Sequence[Any]) -> dict[object, Any]:
        """Return what was found by its key."""
        form = self._call.form
        if form is None or form.fields is None:
            return {row[self.key]: row for row in rows}
        attribute = form.fields[self.key].attribute
        return {getattr(row, attribute): row for row in rows}


def found(lookup: Lookup, keys: Sequence[object], rows: Sequence[Any]) -> dict[object, Any]:
    """Return the answers to lookups by their keys, without those that have to ask for themselves."""
    answers = lookup.by_key(rows)
    missed = [key for key in keys if key not in answers]
    # A record under another key was found by a comparison of the database's own.
    if lookup.may_miss and len(answers) + len(missed) == len(keys):
        answers |= dict.fromkeys(missed)
    return answers
