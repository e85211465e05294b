"""The writer: turns arguments into the pieces of a request, with the values taken out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from prisma.client.grammar import FieldGrammar, ModelGrammar
from prisma.client.schema import Field
from prisma.client.shape import list_placeholder, placeholder, sentinel
from prisma.client.values import CONVERTERS, UNFIT, literal
from prisma.client.vocabulary import AGGREGATES, ARGUMENTS, FILTERS, RELATION_FILTERS, VERBS
from prisma.errors import InputError, data_error

if TYPE_CHECKING:
    from prisma.client.protocol import Protocol

_ALL_SCALARS: Final = '{"$composites":true,"$scalars":true'
_DB_NULL: Final = '{"$type":"Enum","value":"DbNull"}'

_LIST_FILTERS: Final = frozenset({"in", "notIn", "hasEvery", "hasSome"})
_VALUE_FILTERS: Final = frozenset(
    {"equals", "not", "lt", "lte", "gt", "gte", "contains", "startsWith", "endsWith", "search", "has"}
)
_JSON_STRING_FILTERS: Final = frozenset({"string_contains", "string_starts_with", "string_ends_with"})
_JSON_VALUE_FILTERS: Final = frozenset({"equals", "not", "array_contains", "array_starts_with", "array_ends_with"})

_UPDATE_OPERATIONS: Final = frozenset({"set", "increment", "decrement", "multiply", "divide", "push", "unset"})


class RequestWriter:
    """Writes one request; `parts`, `values` and `numbers` are what it has written.

    With `shares`, equal values of one id or unique field are one placeholder.
    """

    __slots__ = ("_protocol", "_shared", "numbers", "parts", "put", "values")

    def __init__(self, protocol: Protocol, *, shares: bool) -> None:
        self._protocol = protocol
        self._shared: dict[tuple[str, object], int] | None = {} if shares else None
        self.parts: list[str] = []
        self.put = self.parts.append
        self.values: list[object] = []
        self.numbers: list[int] = []

    # Values

    def value(self, plan: FieldGrammar, value: object) -> None:
        """Write one value of a field: as a placeholder if it fits, else literally."""
        converted = plan.convert(value)
        if converted is UNFIT:
            self.put(literal(value))
            return
        shared = self._shared
        if shared is not None and plan.identity is not None:
            place = (plan.identity, converted)
            index = shared.get(place)
            if index is None:
                self.values.append(converted)
                index = shared[place] = len(self.values)
        else:
            self.values.append(converted)
            index = len(self.values)
        self.put(placeholder(index, plan.param_type))

    def values_list(self, plan: FieldGrammar, values: object) -> None:
        """Write a list of values: as one placeholder if all fit, else literally."""
        items = _items(values)
        converted = None if items is None else [plan.convert(item) for item in items]
        if converted is None or any(item is UNFIT for item in converted):
            self.put(literal(values))
            return
        self.values.append(converted)
        self.put(list_placeholder(len(self.values), plan.param_type))

    def number(self, name: str, value: object) -> None:
        """Write take, skip or limit."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise _input_error(f"`{name}` must be an int, not {type(value).__name__}.", name, value)
        if value < 0 and name != "take":
            raise _input_error(f"`{name}` must not be negative, got {value}.", name, value)
        if value == 0:
            self.put("0")
            return
        if value < 0:
            self.put("-")
        self.put(sentinel(len(self.numbers)))
        self.numbers.append(abs(value))

    def key(self, name: str, first: bool) -> None:
        self.put(f"{json.dumps(name)}:" if first else f",{json.dumps(name)}:")

    def listed(self, values: object, write: Callable[..., None], *context: object) -> None:
        """Write one object, or a list of them."""
        items = _items(values)
        if items is None:
            write(*context, values)
            return
        self.put("[")
        for position, value in enumerate(items):
            if position:
                self.put(",")
            write(*context, value)
        self.put("]")

    # Arguments

    def arguments(self, model: str, grammar: ModelGrammar, arguments: Mapping[str, Any]) -> None:
        self.put("{")
        first = True
        for name, value in arguments.items():
            if value is None or name in _SELECTING:
                continue
            name = ARGUMENTS.get(name, name)
            self.key(name, first)
            first = False
            if name in {"where", "cursor", "having"}:
                self.where(model, grammar, value)
            elif name in {"take", "skip", "limit"}:
                self.number(name, value)
            elif name in {"data", "create", "update"}:
                self.listed(value, self.data, model, grammar)
            else:
                self.put(literal(value))
        self.put("}")

    # Filters

    def where(self, model: str, grammar: ModelGrammar, where: object) -> None:
        conditions = _members(where)
        if conditions is None:
            self.put(literal(where))
            return
        self.put("{")
        first = True
        for name, value in conditions.items():
            plan = grammar.get(name)
            if plan is None:
                self.key(name, first)
                self._where_keyword(model, grammar, name, value)
            else:
                self.put(plan.key if first else plan.next_key)
                if plan.field.kind == "relation":
                    self._relation_filter(plan, value)
                else:
                    self.filter(plan, value)
            first = False
        self.put("}")

    def _where_keyword(self, model: str, grammar: ModelGrammar, name: str, value: object) -> None:
        if name in {"AND", "OR", "NOT"}:
            self.listed(value, self.where, model, grammar)
        elif name in self._protocol.schema.models[model].uniques:
            self.where(model, grammar, value)
        else:
            self.put(literal(value))

    def _relation_filter(self, plan: FieldGrammar, value: object) -> None:
        model = plan.field.type
        grammar = self._protocol.grammar(model)
        operators = _members(value)
        if operators is None or not operators.keys() <= RELATION_FILTERS.keys():
            self.where(model, grammar, value)
            return
        self.put("{")
        for position, (name, where) in enumerate(operators.items()):
            self.key(RELATION_FILTERS[name], position == 0)
            self.where(model, grammar, where)
        self.put("}")

    def filter(self, plan: FieldGrammar, value: object) -> None:
        """Write a filter on a scalar: a bare value, or operators."""
        is_json = plan.field.type == "Json"
        operators = _members(value)
        if value is None:
            self.put(f'{{"equals":{_DB_NULL}}}' if is_json and not plan.field.is_list else "null")
        elif operators is not None:
            self._operators(plan, operators, is_json=is_json)
        elif is_json or plan.field.is_list:
            self.put('{"equals":')
            self._operand(plan, "equals", value, is_json=is_json)
            self.put("}")
        else:
            self.value(plan, value)

    def _operators(self, plan: FieldGrammar, operators: Mapping[str, object], *, is_json: bool) -> None:
        self.put("{")
        for position, (name, value) in enumerate(operators.items()):
            name = FILTERS.get(name, name)
            self.key(name, position == 0)
            self._operand(plan, name, value, is_json=is_json)
        self.put("}")

    def _operand(self, plan: FieldGrammar, name: str, value: object, *, is_json: bool) -> None:
        if value is None:
            # Only where a Json value is compared as a whole are there several kinds of null to tell apart.
            is_whole = is_json and not plan.field.is_list and name in {"equals", "not"}
            self.put(_DB_NULL if is_whole else "null")
        elif is_json:
            self._json_operand(plan, name, value)
        elif _members(value) is not None:
            self.filter(_AGGREGATED.get(name, plan), value)
        elif name in _LIST_FILTERS or (name == "equals" and plan.field.is_list):
            self.values_list(plan, value)
        elif name in _VALUE_FILTERS:
            self.value(plan, value)
        else:
            self.put(literal(value))

    def _json_operand(self, plan: FieldGrammar, name: str, value: object) -> None:
        if name in _JSON_VALUE_FILTERS:
            self.value(plan, value)
        elif name in _JSON_STRING_FILTERS and isinstance(value, str):
            self.values.append(str.__str__(value))
            self.put(placeholder(len(self.values), "String"))
        else:
            # Comparisons (lt, gt, …) with a placeholder make the compiler panic; paths and modes belong to the shape.
            self.put(literal(value))

    # Data

    def data(self, model: str, grammar: ModelGrammar, data: object) -> None:
        members = _members(data)
        if members is None:
            self.put(literal(data))
            return
        self.put("{")
        first = True
        for name, value in members.items():
            plan = grammar.get(name)
            if plan is None:
                self.key(name, first)
                self.put(literal(value))
            else:
                self.put(plan.key if first else plan.next_key)
                if plan.field.kind == "relation":
                    self._relation_data(plan, value)
                else:
                    self._scalar_data(plan, value)
            first = False
        self.put("}")

    def _scalar_data(self, plan: FieldGrammar, value: object) -> None:
        field = plan.field
        operations = _members(value)
        if value is None:
            self._null(plan)
        elif field.type == "Json" and not field.is_list:
            self.value(plan, value)
        elif operations is not None:
            self._update_operations(plan, operations)
        elif field.is_list:
            self.put('{"set":')
            self.values_list(plan, value)
            self.put("}")
        else:
            self.value(plan, value)

    def _null(self, plan: FieldGrammar) -> None:
        field = plan.field
        if field.is_required or field.is_list:
            self.put("null")
        else:
            # The plan for null is the plan for a value: a placeholder keeps the shape the same. For a Json field it is
            # the database's NULL, not JSON's.
            self.values.append(None)
            self.put(placeholder(len(self.values), plan.param_type))

    def _update_operations(self, plan: FieldGrammar, operations: Mapping[str, object]) -> None:
        self.put("{")
        for position, (name, value) in enumerate(operations.items()):
            self.key(name, position == 0)
            if name not in _UPDATE_OPERATIONS:
                self.put(literal(value))
            elif value is None:
                self._null(plan)
            elif _items(value) is not None:
                self.values_list(plan, value)
            else:
                self.value(plan, value)
        self.put("}")

    def _relation_data(self, plan: FieldGrammar, value: object) -> None:
        verbs = _members(value)
        if verbs is None:
            self.put(literal(value))
            return
        self.put("{")
        for position, (verb, operand) in enumerate(verbs.items()):
            verb = VERBS.get(verb, verb)
            self.key(verb, position == 0)
            self.listed(operand, self._verb, plan, verb)
        self.put("}")

    def _verb(self, plan: FieldGrammar, verb: str, operand: object) -> None:
        model = plan.field.type
        grammar = self._protocol.grammar(model)
        members = _members(operand)
        if members is None:
            self.put(literal(operand))
        elif verb == "create":
            self.data(model, grammar, members)
        elif verb in {"connect", "set", "disconnect", "delete", "deleteMany"}:
            self.where(model, grammar, members)
        elif verb == "update" and not ("data" in members and members.keys() <= {"where", "data"}):
            self.data(model, grammar, members)
        else:
            # connectOrCreate, createMany, update, updateMany, upsert: objects with where, data, create and update.
            self.arguments(model, grammar, members)

    # Selections

    def action_selection(self, action: str, grammar: ModelGrammar, arguments: Mapping[str, Any]) -> None:
        if action in {"createMany", "updateMany", "deleteMany"}:
            self.put('{"count":true}')
        elif action in {"aggregate", "groupBy"}:
            self._aggregate_selection(arguments)
        else:
            self.selection(grammar, arguments.get("include"))

    def selection(self, grammar: ModelGrammar, include: object) -> None:
        """Write the selection: all scalars and the included relations."""
        self.put(_ALL_SCALARS)
        for name, value in (_members(include) or {}).items():
            if value is None or value is False:
                continue
            plan = grammar.get(name)
            if plan is None or plan.field.kind != "relation":
                self.key(name, first=False)
                self.put(literal(value))
                continue
            self.put(plan.next_key)
            self._relation_selection(plan.field.type, value)
        self.put("}")

    def _relation_selection(self, model: str, value: object) -> None:
        grammar = self._protocol.grammar(model)
        arguments = _members(value) or {}
        self.put('{"arguments":')
        self.arguments(model, grammar, arguments)
        self.put(',"selection":')
        self.selection(grammar, arguments.get("include"))
        self.put("}")

    def _aggregate_selection(self, arguments: Mapping[str, Any]) -> None:
        selection: dict[str, object] = dict.fromkeys(arguments.get("by") or (), True)
        for name, aggregate in AGGREGATES.items():
            chosen = arguments.get(name)
            if chosen is True:
                selection[aggregate] = {"arguments": {}, "selection": {"_all": True}}
            elif chosen:
                fields = {field: True for field, wanted in chosen.items() if wanted}
                selection[aggregate] = {"arguments": {}, "selection": fields}
        self.put(literal(selection))


_SELECTING: Final = frozenset({"include", "select", *AGGREGATES})


# A count is an int and an average a float, whatever the field is; sums, minima and maxima are of the field's type.
_AGGREGATED: Final = {
    name: FieldGrammar(field, "", "", field.type, CONVERTERS[field.type], None)
    for name, field in {
        "_count": Field("_count", "scalar", "Int", "_count"),
        "_avg": Field("_avg", "scalar", "Float", "_avg"),
    }.items()
}


def _members(value: object) -> Mapping[str, object] | None:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else None


def _items(value: object) -> Sequence[object] | None:
    return cast("Sequence[object]", value) if isinstance(value, list | tuple) else None


def _input_error(message: str, argument: str, value: object) -> InputError:
    kind = "InvalidArgumentValue" if isinstance(value, int) else "InvalidArgumentType"
    meta = {"details": message, "argument": argument, "kind": kind}
    return cast("InputError", data_error("P2019", f"Input error. {message}", meta))
