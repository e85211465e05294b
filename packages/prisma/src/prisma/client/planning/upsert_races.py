"""Races of upserts: several callers get or create the same record at the same time.

`upsert` and `connect_or_create` look for a record by a unique key, and create it if it is missing. Several callers at
once may all find none: one creates the record, and the others break the unique constraint. They find the record when
they run again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, TypeAlias

from prisma.client.explain.violations import violated_fields, violated_model
from prisma.client.request.call import Call
from prisma.client.request.names import VERBS
from prisma.client.request.skip import without_skipped
from prisma.client.request.writer import items_of, members
from prisma.engine.plan_error import PlanError
from prisma.faults import DriverFault, FaultKind
from prisma.schema.metadata import Field, Model, Schema

MAX_LOSSES: Final = 20
"""How often one key may be lost: a record that another condition hides is not found by looking again.

It is lost often where others create and delete the record all the time.
"""

_GONE: Final = {"operation": "an upsert"}
"""What a plan says of the record that it had found before."""

_GETS_OR_CREATES: Final = frozenset({"connectOrCreate", "upsert"})
_BRANCHES: Final = ("create", "update", "data")

Key: TypeAlias = tuple[str, tuple[str, ...]]
"""A model and the fields of one of its unique keys."""


class Race:
    """The attempts of one operation, or of one batch."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._losses: Counter[object] = Counter()

    def is_lost(self, failure: BaseException | None, call: Call) -> bool:
        """Note what stopped an attempt; say whether it was a race that another attempt may end well.

        It is if the constraint is that of a key by which the operation gets or creates a record, or if the record that
        an upsert had found is gone. Nothing of the attempt may be left in the database.
        """
        lost: object = None
        if isinstance(failure, DriverFault):
            lost = self._lost_key(failure, call)
        elif isinstance(failure, PlanError) and call.action == "upsertOne" and failure.meta == _GONE:
            lost = call.model
        if lost is None:
            return False
        # Counted by key: two keys of one call may each lose a race.
        self._losses[lost] += 1
        return self._losses[lost] <= MAX_LOSSES

    def _lost_key(self, fault: DriverFault, call: Call) -> object:
        """Return a key with its values, None if the fault is another one."""
        if fault.kind is not FaultKind.UNIQUE_CONSTRAINT_VIOLATION:
            return None
        broken = violated_model(self._schema, fault)
        # Without the model nothing says whose key it was.
        if broken is None:
            return None
        key = broken.name, violated_fields(broken, fault)
        return (key, fault.fields.get("detail")) if key in _keys(self._schema, call) else None


def _keys(schema: Schema, call: Call) -> Iterator[Key]:
    """Yield the keys by which an operation gets or creates records."""
    model, arguments = schema.models[call.model], without_skipped(call.arguments)
    if call.action == "upsertOne":
        yield from _named(model, arguments.get("where"))
    data = members(arguments.get("data")) or {}
    # An upsert has its `create` and `update` inside `data`, other writes have the fields there.
    for branch in (data, *map(data.get, _BRANCHES)):
        yield from _below(schema, model, branch)


def _named(model: Model, where: object) -> Iterator[Key]:
    for name in members(where) or ():
        yield model.name, model.uniques.get(name, (name,))


def _below(schema: Schema, model: Model, data: object) -> Iterator[Key]:
    """Yield the keys that the `data` of records of a model names for its relations."""
    for name, verbs in (members(data) or {}).items():
        field = model.fields.get(name)
        if field is None or field.kind != "relation":
            continue
        for verb, operand in (members(verbs) or {}).items():
            # A verb takes one operand or a list of them.
            for part in items_of(operand) or (operand,):
                yield from _related(schema, field, VERBS.get(verb, verb), part)


def _related(schema: Schema, relation: Field, verb: str, part: object) -> Iterator[Key]:
    model = schema.models[relation.type]
    given = members(part) or {}
    if verb in _GETS_OR_CREATES:
        yield from _named(model, given.get("where"))
    if verb == "upsert" and relation.inverse and not (relation.is_list or given.get("where")):
        # The key is the record that it belongs to. Conditions would not be met by another attempt either.
        yield model.name, model.fields[relation.inverse].keys
    for data in (part, *map(given.get, _BRANCHES)):
        yield from _below(schema, model, data)
