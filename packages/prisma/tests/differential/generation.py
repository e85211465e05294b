"""Random queries: a walk through the DMMF with a choice at each step."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st

from .queries import READS, RETURNING, WRITES, Query
from .vocabulary import BY_FIELD, BY_TYPE, NEW, Null

Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]
Spec: TypeAlias = Mapping[str, Any]

# How many records or conditions deep arguments go, and how many relations deep `include` goes.
_DEPTH: Final = 3
_INCLUDED: Final = 2
# Objects that only hold the next one.
_ENVELOPE: Final = re.compile("Nested|CreateOrConnect|WithWhere|Upsert|Envelope|RelationFilter")
_CONDITION: Final = re.compile("WhereInput|Filter")
_PAGINATION: Final = ("take", "skip", "cursor", "distinct")
_NUMBERS: Final = {"take": (1, 2, 3, 4, -1, -2, -3, 0, 100), "skip": (0, 1, 1, 2), "limit": (0, 1, 2)}
# findFirst takes one record, and count has no other arguments in Python.
_ARGUMENTS: Final = {
    "findFirst": ("where", "orderBy", "cursor", "skip", "distinct"),
    "findFirstOrThrow": ("where", "orderBy", "cursor", "skip", "distinct"),
    "aggregate": ("where", "cursor", "take", "skip"),
    "groupBy": ("where", "having", "orderBy", "take", "skip"),
    "updateMany": ("data", "where"),
    "updateManyAndReturn": ("data", "where"),
    "deleteMany": ("where",),
}
_REQUIRED: Final = {"updateMany": ("where",), "updateManyAndReturn": ("where",)}
_WITH_RECORDS: Final = frozenset(
    {"findUnique", "findUniqueOrThrow", "findFirst", "findFirstOrThrow", "findMany"}
    | {"createOne", "updateOne", "upsertOne", "deleteOne"}
)
_NUMERIC: Final = frozenset({"Int", "BigInt", "Float", "Decimal"})
_ORDERED: Final = _NUMERIC | {"String", "DateTime"}


@dataclass(frozen=True)
class Place:
    """Where in a query the walk is: the model, its field if the value belongs to one, and how deep it may still go.

    `is_new` says that the value is one of a record that does not exist yet.
    """

    model: str
    depth: int
    field: str | None = None
    is_new: bool = False


class Grammar:
    """The DMMF, by name."""

    def __init__(self, dmmf: Mapping[str, Any]) -> None:
        schema = dmmf["schema"]
        self.inputs: dict[str, Spec] = {spec["name"]: spec for spec in schema["inputObjectTypes"]["prisma"]}
        self.enums: dict[str, list[str]] = {
            enum["name"]: enum["values"] for group in schema["enumTypes"].values() for enum in group
        }
        self.models: dict[str, dict[str, Spec]] = {
            model["name"]: {field["name"]: field for field in model["fields"]} for model in dmmf["datamodel"]["models"]
        }
        self.relations: dict[str, dict[str, Spec]] = {
            kind["name"]: {
                field["name"]: field
                for field in kind["fields"]
                if self.models[kind["name"]].get(field["name"], {}).get("kind") == "object"
            }
            for kind in schema["outputObjectTypes"]["model"]
            if kind["name"] in self.models
        }
        self.keys: dict[str, list[str]] = {
            model["name"]: (model["primaryKey"] or {}).get("fields")
            or [f["name"] for f in model["fields"] if f["isId"]]
            for model in dmmf["datamodel"]["models"]
        }
        roots = {kind["name"]: kind["fields"] for kind in schema["outputObjectTypes"]["prisma"]}
        by_name = {field["name"]: field for name in ("Query", "Mutation") for field in roots[name]}
        self.actions: dict[tuple[str, str], list[Spec]] = {
            (mapping["model"], action): by_name[mapping[action]]["args"]
            for mapping in dmmf["mappings"]["modelOperations"]
            for action in (*READS, *WRITES, *RETURNING)
            if action in mapping
        }

    def queries(self, actions: Sequence[str]) -> st.SearchStrategy[Query]:
        """Return a strategy for queries with one of these actions."""

        @st.composite
        def strategy(draw: Draw) -> Query:
            return _Walk(self, draw).any_query(actions)

        return strategy()


class _Walk:
    """One walk: draws the parts of one query."""

    def __init__(self, grammar: Grammar, draw: Draw) -> None:
        self._grammar = grammar
        self._draw = draw
        self._draws = 0

    # Queries

    def any_query(self, actions: Sequence[str]) -> Query:
        return self.query(self._pick(list(self._grammar.models)), self._pick(actions))

    def query(self, model: str, action: str) -> Query:
        wanted = _ARGUMENTS.get(action)
        specs = [spec for spec in self._grammar.actions[model, action] if wanted is None or spec["name"] in wanted]
        if action == "groupBy":
            return self._group_by(model, specs)
        arguments = self._arguments(model, specs, _DEPTH, _REQUIRED.get(action, ()))
        if action in {"findFirst", "findFirstOrThrow"}:
            arguments.setdefault("orderBy", self._total_order(model, []))
        if action == "aggregate":
            arguments.pop("orderBy", None)
            return Query(model, action, arguments, aggregates={"_count": self._counted(model)})
        include = self._include(model, _INCLUDED) if action in _WITH_RECORDS else {}
        return Query(model, action, arguments, include)

    def _arguments(
        self, model: str, specs: Sequence[Spec], depth: int, required: Collection[str] = ()
    ) -> dict[str, Any]:
        """Draw the arguments of an action or a relation; a page of a list always has a fixed order."""
        arguments: dict[str, Any] = {}
        for spec in specs:
            name = spec["name"]
            is_wanted = spec["isRequired"] or name in required or self._chance(1, 2 if name == "where" else 4)
            if name != "orderBy" and is_wanted:
                arguments[name] = self._argument(Place(model, depth), spec)
        if any(spec["name"] == "orderBy" for spec in specs):
            has_part = any(name in arguments for name in _PAGINATION)
            if has_part or self._chance(1, 2):
                arguments["orderBy"] = self._total_order(model, self._orders(model, specs))
        return arguments

    def _argument(self, place: Place, spec: Spec) -> Any:
        name = spec["name"]
        if name in _NUMBERS:
            return self._pick(_NUMBERS[name])
        if name == "cursor":
            # With more than a key the compiler gives up, before there is a plan to compare.
            return self._object(spec["inputTypes"][0]["type"], Place(place.model, 0))
        if name == "distinct":
            return self._subset(self._scalars(place.model), 1, 2)
        return self._value(place, spec)

    def _orders(self, model: str, specs: Sequence[Spec]) -> list[Any]:
        (spec,) = [spec for spec in specs if spec["name"] == "orderBy"]
        kind = spec["inputTypes"][0]["type"]
        return [self._object(kind, Place(model, _INCLUDED)) for _ in range(self._pick((0, 1, 1, 2)))]

    def _total_order(self, model: str, orders: list[Any]) -> list[Any]:
        return [*orders, *({name: self._pick(("asc", "desc"))} for name in self._grammar.keys[model])]

    def _include(self, model: str, depth: int) -> dict[str, Any]:
        if depth == 0 or self._chance(1, 3):
            return {}
        relations = self._grammar.relations[model]
        return {name: self._relation(model, relations[name], depth) for name in self._subset(list(relations), 1, 2)}

    def _relation(self, model: str, spec: Spec, depth: int) -> dict[str, Any]:
        related = self._grammar.models[model][spec["name"]]["type"]
        arguments = self._arguments(related, spec["args"], 1)
        inner = self._include(related, depth - 1)
        return {**arguments, "include": inner} if inner else arguments

    def _group_by(self, model: str, specs: Sequence[Spec]) -> Query:
        by = self._subset([name for name in self._scalars(model) if name not in {"data", "plain"}], 1, 2)
        arguments: dict[str, Any] = {"by": by}
        for spec in specs:
            name = spec["name"]
            if name == "having":
                if self._chance(1, 3):
                    arguments["having"] = self._having(model, by)
            elif name != "orderBy" and self._chance(1, 3):
                arguments[name] = self._argument(Place(model, 1), spec)
        if any(name in arguments for name in ("take", "skip")) or self._chance(1, 2):
            arguments["orderBy"] = [{name: self._pick(("asc", "desc"))} for name in by]
        return Query(model, "groupBy", arguments, aggregates=self._aggregates(model))

    def _having(self, model: str, by: Sequence[str]) -> dict[str, Any]:
        kind = f"{model}ScalarWhereWithAggregatesInput"
        specs = {spec["name"]: spec for spec in self._grammar.inputs[kind]["fields"]}
        name = self._pick(by)
        return {name: self._value(Place(model, 1, name), specs[name])}

    def _aggregates(self, model: str) -> dict[str, Any]:
        fields = self._grammar.models[model]
        plain = [name for name in self._scalars(model) if not fields[name]["isList"]]
        numeric = [name for name in plain if fields[name]["type"] in _NUMERIC]
        ordered = [name for name in plain if fields[name]["type"] in _ORDERED]
        chosen: dict[str, Any] = {}
        for name, names in {
            "_count": plain,
            "_sum": numeric,
            "_avg": numeric,
            "_min": ordered,
            "_max": ordered,
        }.items():
            if names and self._chance(1, 2):
                chosen[name] = dict.fromkeys(self._subset(names, 1, 2), True)
        return chosen

    def _counted(self, model: str) -> Any:
        return True if self._chance(1, 2) else dict.fromkeys(["_all", *self._subset(self._scalars(model), 1, 2)], True)

    # Values

    def _value(self, place: Place, spec: Spec) -> Any:
        kinds = [kind for kind in spec["inputTypes"] if self._is_open(place, kind)]
        kind = self._pick(kinds)
        if kind["isList"]:
            least = 1 if place.field is None and kind["location"] == "inputObjectTypes" else 0
            return [self._single(place, kind, spec) for _ in range(least + self._below(3 - least))]
        return self._single(place, kind, spec)

    def _single(self, place: Place, kind: Spec, spec: Spec) -> Any:
        name = kind["type"]
        if kind["location"] == "inputObjectTypes":
            model = self._model_of(name)
            if model is None:
                return self._object(name, place)
            return self._object(name, Place(model, place.depth - (0 if _ENVELOPE.search(name) else 1)))
        if name == "Null":
            return None
        if kind["location"] == "enumTypes":
            values = self._grammar.enums[name]
            if "DbNull" in values or "JsonNull" in values:
                return self._pick([null for null in Null if null.value in values])
            return self._pick(values)
        return self._pick(self._pool(place, name, spec["name"]))

    def _pool(self, place: Place, kind: str, argument: str) -> Sequence[Any]:
        name = f"{place.model}.{place.field}"
        if place.is_new and name in NEW and self._chance(3, 4):
            return NEW[name]
        pool = BY_FIELD.get(name)
        return pool if pool and type(pool[0]) is _TYPES.get(kind) else BY_TYPE[kind]

    def _object(self, name: str, place: Place) -> dict[str, Any]:
        spec = self._grammar.inputs[name]
        fields = {field["name"]: field for field in spec["fields"]}
        chosen = self._members(name, spec, fields, place)
        return {member: self._member(name, member, field, place) for member, field in chosen.items()}

    def _member(self, kind: str, name: str, spec: Spec, place: Place) -> Any:
        if name == "path":
            return self._pick(BY_FIELD["path"])
        if name in self._grammar.models[place.model]:
            place = Place(place.model, place.depth, name, is_new="Create" in kind)
        return self._value(place, spec)

    def _members(self, name: str, spec: Spec, fields: Mapping[str, Spec], place: Place) -> dict[str, Spec]:
        """Choose which members an object has: what is required, and up to two others."""
        limits = spec["constraints"]
        keys = limits.get("fields")
        if keys:
            others = [field for field in fields if field not in keys and self._is_possible(place, fields[field])]
            has_more = place.depth > 0 and self._chance(1, 6)
            chosen = [self._pick(keys), *(self._subset(others, 1, 1) if has_more else ())]
            return {field: fields[field] for field in chosen}
        required = [field for field in fields if fields[field]["isRequired"] or self._is_forced(name, field, place)]
        others = [field for field in fields if field not in required and self._is_possible(place, fields[field])]
        count = min(self._count_of_members(name, limits, bool(required)), len(others))
        return {field: fields[field] for field in (*required, *self._others(others, fields, count))}

    def _count_of_members(self, name: str, limits: Spec, has_some: bool) -> int:
        if limits["maxNumFields"] == 1:
            return 0 if has_some else 1
        if _CONDITION.search(name):
            # With each further condition, fewer records remain that could show a wrong answer.
            return self._pick((1, 1, 1, 1, 1, 2, 2, 0))
        may_be_empty = has_some or (not limits["minNumFields"] and self._chance(1, 8))
        return self._below(3) if may_be_empty else 1 + self._below(2)

    def _others(self, names: list[str], fields: Mapping[str, Spec], count: int) -> list[str]:
        """Choose members; half of the choices are relations, which are few among many."""
        leading = [name for name in names if any(self._is_record(kind) for kind in fields[name]["inputTypes"])]
        plain = [name for name in names if name not in leading]
        chosen: list[str] = []
        for _ in range(count):
            source = leading if leading and (not plain or self._chance(1, 2)) else plain
            chosen.append(source.pop(self._below(len(source))))
        return chosen

    def _is_record(self, kind: Spec) -> bool:
        return kind["location"] == "inputObjectTypes" and self._model_of(kind["type"]) is not None

    def _is_forced(self, name: str, field: str, place: Place) -> bool:
        """Say whether a value must be given because two clients would make different ones."""
        described = self._grammar.models[place.model].get(field)
        return "Create" in name and described is not None and _default_of(described) == "uuid"

    def _is_possible(self, place: Place, spec: Spec) -> bool:
        return any(self._is_open(place, kind) for kind in spec["inputTypes"])

    def _is_open(self, place: Place, kind: Spec) -> bool:
        if kind["location"] == "fieldRefTypes":
            return False
        if kind["location"] == "inputObjectTypes":
            return self._model_of(kind["type"]) is None or place.depth > 0 or "CompoundUnique" in kind["type"]
        return True

    def _model_of(self, kind: str) -> str | None:
        return (self._grammar.inputs[kind].get("meta") or {}).get("grouping")

    def _scalars(self, model: str) -> list[str]:
        return [name for name, field in self._grammar.models[model].items() if field["kind"] != "object"]

    # Choices

    def _pick(self, values: Sequence[Any]) -> Any:
        return values[self._below(len(values))]

    def _chance(self, wins: int, of: int) -> bool:
        return self._below(of) >= of - wins

    def _subset(self, values: Sequence[str], least: int, most: int) -> list[str]:
        left = list(values)
        most = min(most, len(left))
        least = min(least, most)
        return [left.pop(self._below(len(left))) for _ in range(least + self._below(most - least + 1))]

    def _below(self, limit: int) -> int:
        """Draw an int from 0 up to a limit, counted from another place each time: hypothesis likes the small ones."""
        self._draws += 1
        return (self._draw(st.integers(0, limit - 1)) + self._draws) % limit


# Other types have one pool for all their fields.
_TYPES: Final[dict[str, type]] = {"String": str, "Int": int, "Boolean": bool}


def _default_of(field: Spec) -> str | None:
    default = field.get("default")
    return default["name"] if isinstance(default, dict) else None
