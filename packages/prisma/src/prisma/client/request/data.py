"""The writer of data: adds `data`, verbs on related records and the other arguments of a write to a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from prisma.client.request.codecs import FieldCodec, ModelCodecs
from prisma.client.request.names import AGGREGATES, ARGUMENTS, VERBS
from prisma.client.request.request import placeholder
from prisma.client.request.values import literal
from prisma.client.request.where import WhereWriter
from prisma.client.request.writer import input_error, items_of, members
from prisma.schema.metadata import Field

_UPDATE_OPERATIONS: Final = frozenset({"set", "increment", "decrement", "multiply", "divide", "push", "unset"})
# Verbs that say which records are meant.
_NAMING: Final = frozenset({"connect", "set", "disconnect", "delete", "deleteMany"})
# Those of them that look up all records of a list at once.
_TOGETHER: Final = _NAMING - {"deleteMany"}
_SELECTING: Final = frozenset({"include", "select", "omit", *AGGREGATES})


class DataWriter(WhereWriter):
    """Writes changes of records, and the arguments of operations."""

    __slots__ = ()

    def arguments(self, codecs: ModelCodecs, arguments: Mapping[str, Any], *, fixed: str | None = None) -> None:
        """Write arguments; the number of the name `fixed` belongs to the shape."""
        self.put("{")
        first = True
        for name, value in arguments.items():
            # None counts as absent, and what an action returns has its place at the end of the request.
            if value is None or name in _SELECTING:
                continue
            name = ARGUMENTS.get(name, name)
            self.key(name, first, arguments)
            first = False
            if name in {"where", "cursor", "having"}:
                self.of_one_statement(value, self.where, codecs, value)
            elif name in {"take", "skip", "limit"} and name != fixed:
                self.number(name, value)
            elif name in {"data", "create", "update"}:
                self.listed(value, self.data, codecs)
            else:
                self.put(literal(value))
        self.put("}")

    def data(self, codecs: ModelCodecs, data: object) -> None:
        fields = members(data)
        if fields is None:
            self.put(literal(data))
            return
        self.put("{")
        first = True
        for name, value in fields.items():
            codec = codecs.get(name)
            if codec is None:
                self.key(name, first, fields)
                self.put(literal(value))
            else:
                self.put(codec.key if first else codec.next_key)
                if codec.field.kind == "relation":
                    self._relation_data(codecs.model, codec, value)
                else:
                    self._scalar_data(codec, value)
            first = False
        self.put("}")

    def _scalar_data(self, codec: FieldCodec, value: object) -> None:
        field = codec.field
        operations = members(value)
        if value is None:
            self._null(codec)
        # A dictionary is the value of a Json field here, and holds no operations.
        elif field.type == "Json" and not field.is_list:
            self.value(codec, value)
        elif operations is not None:
            self._update_operations(codec, operations)
        elif field.is_list:
            self.put('{"set":')
            self.values_list(codec, value)
            self.put("}")
        else:
            self.value(codec, value)

    def _null(self, codec: FieldCodec) -> None:
        field = codec.field
        if field.is_required or field.is_list:
            self.put("null")
        else:
            # The program for null is that for a value: a placeholder keeps the shape the same. For a Json field it is
            # the database's NULL, not JSON's.
            self.values.append(None)
            self.put(placeholder(len(self.values), codec.param_type))

    def _update_operations(self, codec: FieldCodec, operations: Mapping[str, object]) -> None:
        self.put("{")
        for position, (name, value) in enumerate(operations.items()):
            self.key(name, position == 0, operations)
            if name not in _UPDATE_OPERATIONS:
                self.put(literal(value))
            elif value is None and name == "set":
                self._null(codec)
            elif value is None:
                # Arithmetic with NULL would give NULL: the compiler refuses it.
                self.put("null")
            elif items_of(value) is not None:
                self.values_list(codec, value)
            else:
                self.value(codec, value)
        self.put("}")

    def _relation_data(self, model: str, codec: FieldCodec, value: object) -> None:
        verbs = members(value)
        if verbs is None:
            self.put(literal(value))
            return
        self.put("{")
        first = True
        for verb, operand in verbs.items():
            verb = VERBS.get(verb, verb)
            if verb == "disconnect" and not codec.field.is_list:
                if operand is False:
                    # The compiler would take it for True.
                    continue
                self._check_disconnect(model, codec, operand)
            self.key(verb, first, verbs)
            if verb in _TOGETHER and items_of(operand) is not None:
                self.of_one_statement(operand, self.listed, operand, self._verb, codec, verb)
            else:
                self.listed(operand, self._verb, codec, verb)
            first = False
        self.put("}")

    def _check_disconnect(self, model: str, codec: FieldCodec, operand: object) -> None:
        """Refuse conditions that the compiler would leave out: those on the one record that many can refer to."""
        if members(operand) and self._is_many_to_one(model, codec.field):
            name, keys = codec.field.name, codec.field.keys
            message = f"`disconnect` of `{name}` takes no conditions, as {model} has the foreign key."
            data = f" whose `data` sets {', '.join(f'`{key}`' for key in keys)} to None" if keys else ""
            fix = f"Give True, or put the conditions on `{name}` into the `where` of an `update_many`{data}."
            raise input_error(f"{message} {fix}", "disconnect", operand)

    def _is_many_to_one(self, model: str, field: Field) -> bool:
        if field.is_required:
            # The compiler refuses the verb.
            return False
        others = self.codecs_of(field.type)
        if field.inverse:
            return bool(field.keys) and others[field.inverse].field.is_list
        # The client was generated by an older version: it may be, if any relation back is a list.
        return any(other.field.is_list for other in others.values() if other.field.type == model)

    def _verb(self, codec: FieldCodec, verb: str, operand: object) -> None:
        codecs = self.codecs_of(codec.field.type)
        given = members(operand)
        if given is None:
            self.put(literal(operand))
        elif verb == "create":
            self.data(codecs, given)
        elif verb in _NAMING:
            self.of_one_statement(given, self.where, codecs, given)
        elif verb == "update" and not codec.field.is_list and not _is_conditional(given):
            self.data(codecs, given)
        else:
            # connectOrCreate, createMany, update, updateMany, upsert: objects with where, data, create and update.
            self.arguments(codecs, given)


def _is_conditional(update: Mapping[str, object]) -> bool:
    """Say whether the update of a single related record is `{"where": …, "data": …}` instead of the changes."""
    return "data" in update and update.keys() <= {"where", "data"}
