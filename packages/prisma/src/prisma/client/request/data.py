"""Changes: writes `data`, with the verbs on related records, and the other arguments of a write into a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from prisma.client.request.codecs import FieldGrammar, ModelGrammar
from prisma.client.request.names import AGGREGATES, ARGUMENTS, VERBS
from prisma.client.request.request import placeholder
from prisma.client.request.values import literal
from prisma.client.request.where import ConditionWriter
from prisma.client.request.writer import input_error, items_of, members
from prisma.schema.metadata import Field

_UPDATE_OPERATIONS: Final = frozenset({"set", "increment", "decrement", "multiply", "divide", "push", "unset"})
# Verbs that say which records are meant.
_NAMING: Final = frozenset({"connect", "set", "disconnect", "delete", "deleteMany"})
# Those of them that look up all records of a list at once.
_TOGETHER: Final = _NAMING - {"deleteMany"}
_SELECTING: Final = frozenset({"include", "select", "omit", *AGGREGATES})


class ChangeWriter(ConditionWriter):
    """Writes changes of records, and the arguments of operations."""

    __slots__ = ()

    def arguments(self, grammar: ModelGrammar, arguments: Mapping[str, Any], *, fixed: str | None = None) -> None:
        """Write arguments; the number of the name `fixed` belongs to the shape."""
        self.put("{")
        first = True
        for name, value in arguments.items():
            if value is None or name in _SELECTING:
                continue
            name = ARGUMENTS.get(name, name)
            self.key(name, first, arguments)
            first = False
            if name in {"where", "cursor", "having"}:
                self.of_one_statement(value, self.where, grammar, value)
            elif name in {"take", "skip", "limit"} and name != fixed:
                self.number(name, value)
            elif name in {"data", "create", "update"}:
                self.listed(value, self.data, grammar)
            else:
                self.put(literal(value))
        self.put("}")

    def data(self, grammar: ModelGrammar, data: object) -> None:
        fields = members(data)
        if fields is None:
            self.put(literal(data))
            return
        self.put("{")
        first = True
        for name, value in fields.items():
            plan = grammar.get(name)
            if plan is None:
                self.key(name, first, fields)
                self.put(literal(value))
            else:
                self.put(plan.key if first else plan.next_key)
                if plan.field.kind == "relation":
                    self._relation_data(grammar.model, plan, value)
                else:
                    self._scalar_data(plan, value)
            first = False
        self.put("}")

    def _scalar_data(self, plan: FieldGrammar, value: object) -> None:
        field = plan.field
        operations = members(value)
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
            self.key(name, position == 0, operations)
            if name not in _UPDATE_OPERATIONS:
                self.put(literal(value))
            elif value is None and name == "set":
                self._null(plan)
            elif value is None:
                # Arithmetic with NULL would give NULL: the compiler refuses it.
                self.put("null")
            elif items_of(value) is not None:
                self.values_list(plan, value)
            else:
                self.value(plan, value)
        self.put("}")

    def _relation_data(self, model: str, plan: FieldGrammar, value: object) -> None:
        verbs = members(value)
        if verbs is None:
            self.put(literal(value))
            return
        self.put("{")
        first = True
        for verb, operand in verbs.items():
            verb = VERBS.get(verb, verb)
            if verb == "disconnect" and not plan.field.is_list:
                if operand is False:
                    # The compiler would take it for True.
                    continue
                self._check_disconnect(model, plan, operand)
            self.key(verb, first, verbs)
            if verb in _TOGETHER and items_of(operand) is not None:
                self.of_one_statement(operand, self.listed, operand, self._verb, plan, verb)
            else:
                self.listed(operand, self._verb, plan, verb)
            first = False
        self.put("}")

    def _check_disconnect(self, model: str, plan: FieldGrammar, operand: object) -> None:
        """Refuse conditions that the compiler would leave out: those on the one record that many can refer to."""
        if members(operand) and self._is_many_to_one(model, plan.field):
            name, keys = plan.field.name, plan.field.keys
            message = f"`disconnect` of `{name}` takes no conditions, as {model} has the foreign key."
            data = f" whose `data` sets {', '.join(f'`{key}`' for key in keys)} to None" if keys else ""
            fix = f"Give True, or put the conditions on `{name}` into the `where` of an `update_many`{data}."
            raise input_error(f"{message} {fix}", "disconnect", operand)

    def _is_many_to_one(self, model: str, field: Field) -> bool:
        if field.is_required:
            # The compiler refuses the verb.
            return False
        others = self.grammars(field.type)
        if field.inverse:
            return bool(field.keys) and others[field.inverse].field.is_list
        # The client was generated by an older version: it may be, if any relation back is a list.
        return any(other.field.is_list for other in others.values() if other.field.type == model)

    def _verb(self, plan: FieldGrammar, verb: str, operand: object) -> None:
        grammar = self.grammars(plan.field.type)
        given = members(operand)
        if given is None:
            self.put(literal(operand))
        elif verb == "create":
            self.data(grammar, given)
        elif verb in _NAMING:
            self.of_one_statement(given, self.where, grammar, given)
        elif verb == "update" and not plan.field.is_list and not _is_conditional(given):
            self.data(grammar, given)
        else:
            # connectOrCreate, createMany, update, updateMany, upsert: objects with where, data, create and update.
            self.arguments(grammar, given)


def _is_conditional(update: Mapping[str, object]) -> bool:
    """Say whether the update of a single related record is `{"where": …, "data": …}` instead of the changes."""
    return "data" in update and update.keys() <= {"where", "data"}
