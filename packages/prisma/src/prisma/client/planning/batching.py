"""Gathering: several find_unique calls as one find_many, and the records as answers to the calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

from prisma.client.planning.plans import Call, Plans
from prisma.client.request.selection import Omissions
from prisma.engine.forms import RecordForm

LOOKUPS: Final = frozenset({"findUnique", "findUniqueOrThrow"})
# Types of keys that are equal in Python when they are equal in the database.
_COMPARED: Final = frozenset({"String", "Int", "BigInt"})


Asked: TypeAlias = tuple[Plans, str, str, Mapping[str, Any], Omissions, RecordForm | None]
"""What a find_unique was asked: plans, model, action, arguments, what the client omits, and the form of its records."""


class Lookup:
    """One find_unique call.

    `key` is the name of the unique field it looks up by, where `is_plain` says that there is one.
    """

    __slots__ = ("_action", "_arguments", "_form", "_model", "_omissions", "_plans", "key")

    def __init__(
        self,
        plans: Plans,
        model: str,
        action: str,
        arguments: Mapping[str, Any],
        omissions: Omissions,
        form: RecordForm | None,
    ) -> None:
        self._plans = plans
        self._model = model
        self._action = action
        self._arguments = arguments
        self._omissions = omissions
        self._form = form
        self.key = ""

    @property
    def may_miss(self) -> bool:
        """Whether None is an answer."""
        return self._action == "findUnique"

    def is_plain(self) -> bool:
        """Say whether this is a lookup by one field that its records have, by a value that can be compared."""
        where = self._arguments.get("where")
        if not isinstance(where, Mapping) or len(cast("Mapping[str, Any]", where)) != 1:
            return False
        (name, value), *_ = cast("Mapping[str, Any]", where).items()
        field = self._plans.protocol.schema.models[self._model].fields.get(name)
        if field is None or field.kind != "scalar" or field.type not in _COMPARED or not isinstance(value, str | int):
            return False
        if any(self._arguments.get(shape) is not None for shape in ("select", "omit")):
            return False
        self.key = name
        form = self._form
        if form is not None and (form.fields is None or name not in form.fields):
            # Nobody knows where such records keep their key.
            return False
        return name not in self._omissions.get(self._model, ())

    def among(self, keys: Sequence[object]) -> Call:
        """Return the program that finds the records of several keys."""
        arguments = {**self._arguments, "where": {self.key: {"in": list(keys)}}}
        program, values, numbers = self._plans.program(self._model, "findMany", arguments, self._omissions)
        return program if self._form is None else program.of_records(self._form), values, numbers

    def by_key(self, rows: Sequence[Any]) -> dict[object, Any]:
        """Return what was found by its key."""
        if self._form is None or self._form.fields is None:
            return {row[self.key]: row for row in rows}
        attribute = self._form.fields[self.key].attribute
        return {getattr(row, attribute): row for row in rows}


def found(lookup: Lookup, keys: Sequence[object], rows: Sequence[Any]) -> dict[object, Any]:
    """Return the answers to lookups by their keys, without those that have to ask for themselves."""
    answers = lookup.by_key(rows)
    missed = [key for key in keys if key not in answers]
    # A record under another key was found by a comparison of the database's own.
    if lookup.may_miss and len(answers) + len(missed) == len(keys):
        answers |= dict.fromkeys(missed)
    return answers
