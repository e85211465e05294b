"""The load strategy: whether a call reads records and their relations by a join, or by a query for each relation.

A call says so by `relation_load_strategy`, and a client by the option of this name for all of its calls. Where a schema
leaves it open, it is chosen here, from the shape of the call alone, because calls of one shape share a plan. A join is
one round trip and less work for both sides. It is chosen where it gives the same answer, and is never slower:

- Relations go at most `MAX_DEPTH` deep: the server copies the JSON of inner rows once for each level.
- Where there may be many parents, an index finds the related rows of one: a join looks for those of each parent. Counts
  are joined only on a page of parents: of all of them, the server counts in one pass.
- Where `take` or `skip` leaves a part of the related rows, an index has their order, too. Else the server may look for
  them in the order alone, past the rows of all other parents.
- All fields of the related records have values that JSON can hold, and are few enough for one array.
- There is no `cursor` and no `distinct`, for which the compiler reads all rows of the relation anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias

from prisma.client.request.builder import Completion
from prisma.client.request.writer import items_of, members
from prisma.compiler.relation_joins import FEATURE, asks_for_joins
from prisma.dialects import dialect_of
from prisma.schema.metadata import Field, Model, Schema

LoadStrategy: TypeAlias = Literal["join", "query"]

MAX_DEPTH: Final = 2
"""How many relations deep a join goes."""

# A function of the server has up to 100 arguments, and the compiler needs two for each field and relation.
_MAX_FIELDS: Final = 50
_ARGUMENT: Final = "relation_load_strategy"
_MANY: Final = frozenset({"findMany"})
_WITH_STRATEGY: Final = _MANY | {
    "findFirst",
    "findFirstOrThrow",
    "findUnique",
    "findUniqueOrThrow",
    "createOne",
    "updateOne",
    "deleteOne",
    "upsertOne",
}


def load_strategies(schema: Schema, fixed: LoadStrategy | None, joins: bool | None = None) -> Completion | None:
    """Return what gives the calls of a schema their strategy; None where the compiler chooses, or there is no choice.

    `fixed` is the strategy of all calls, None for the best one of each. `joins` says whether the server reads related
    rows in one statement; None for what all servers of its kind do.
    """
    dialect = dialect_of(schema.provider)
    asks = asks_for_joins(schema.datamodel) or FEATURE in schema.preview_features
    # Prisma's own default is a join, wherever a schema asks for the feature.
    if (fixed is None and asks) or not (asks or dialect.chooses_joins):
        return None
    return LoadStrategies(schema, fixed).decided if (dialect.joins if joins is None else joins) else None


class LoadStrategies:
    """Says which strategy calls have that leave it open; `fixed` is that of all of them, None for the best one."""

    def __init__(self, schema: Schema, fixed: LoadStrategy | None) -> None:
        self._models = schema.models
        self._fixed: LoadStrategy | None = fixed
        self._exact = {name: _is_exact(model) for name, model in schema.models.items()}

    def decided(self, model: str, action: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the arguments of an action with the strategy; those that have one, or need none, as they are."""
        if action not in _WITH_STRATEGY or arguments.get(_ARGUMENT) is not None or "relationLoadStrategy" in arguments:
            return arguments
        of = self._models[model]
        # Without relations both strategies are one statement.
        if next(self._relations(of, arguments), None) is None:
            return arguments
        is_joined = self._is_joined(of, arguments, 0, are_many=action in _MANY)
        return {**arguments, _ARGUMENT: self._fixed or ("join" if is_joined else "query")}

    def _is_joined(self, model: Model, arguments: Mapping[str, Any], depth: int, *, are_many: bool) -> bool:
        """Say whether all that is related to one or `are_many` records of a model can be joined."""
        if arguments.get("cursor") is not None or arguments.get("distinct") is not None:
            return False
        for field, inner, is_counted in self._relations(model, arguments):
            if not self._is_found(field, inner, are_many=are_many):
                return False
            if is_counted:
                if are_many and (depth or arguments.get("take") is None):
                    return False
                continue
            related = self._models[field.type]
            if depth == MAX_DEPTH or not self._exact[related.name]:
                return False
            if not self._is_joined(related, inner, depth + 1, are_many=are_many or field.is_list):
                return False
        return True

    def _relations(
        self, model: Model, arguments: Mapping[str, Any]
    ) -> Iterator[tuple[Field, Mapping[str, object], bool]]:
        """Yield the selected relations with their arguments, and whether the related records are only counted."""
        selected = members(arguments.get("select")) or members(arguments.get("include")) or {}
        for name, value in selected.items():
            field = model.fields.get(name)
            if not value:
                continue
            if field is not None and field.kind == "relation":
                yield field, members(value) or {}, False
            elif name == "_count":
                counted = members((members(value) or {}).get("select"))
                for field in model.fields.values():
                    filtered = True if counted is None else counted.get(field.name)
                    if field.kind == "relation" and field.is_list and filtered:
                        yield field, members(filtered) or {}, True

    def _is_found(self, field: Field, arguments: Mapping[str, object], *, are_many: bool) -> bool:
        """Say whether the server finds what one record is related to without looking at what others are related to."""
        is_part = arguments.get("take") is not None or arguments.get("skip") is not None
        if not is_part and (field.keys or not are_many):
            # What a foreign key refers to is unique; and a single search costs a query as much.
            return True
        related = self._models[field.type]
        inverse = related.fields.get(field.inverse)
        if inverse is None:
            return False
        if not inverse.keys:
            # The table between the two has the keys of both, with indexes, and nothing to order by.
            return not is_part
        order = _order(arguments) if is_part else ()
        count = len(inverse.keys)
        found = [index[count:] for index in related.indexes if set(index[:count]) == set(inverse.keys)]
        return any(rest[: len(order)] == order for rest in found) and bool(order or not is_part)


def _is_exact(model: Model) -> bool:
    fields = [field for field in model.fields.values() if field.kind != "unsupported"]
    return len(fields) <= _MAX_FIELDS and all(field.is_exact_in_json for field in fields)


def _order(arguments: Mapping[str, object]) -> tuple[str, ...]:
    """Return the fields that arguments order by; none if no index can have this order."""
    found: list[tuple[str, object]] = []
    for name in ("order", "order_by", "orderBy"):
        order = arguments.get(name)
        for item in () if order is None else items_of(order) or (order,):
            found += (members(item) or {"": item}).items()
    # An index is read from one of its ends to the other.
    if len({str(direction) for _, direction in found}) > 1 or not all(isinstance(each, str) for _, each in found):
        return ()
    return tuple(name for name, _ in found)
