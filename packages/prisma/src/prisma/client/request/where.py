"""The writer of conditions: adds a `where` to a request, from the model's keys down to the operators on a field."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, cast

from prisma.client.request import missing_relations
from prisma.client.request.codecs import CodecsOfModels, FieldCodec, ModelCodecs
from prisma.client.request.names import FILTERS, LIST_FILTERS, PYTHON_TYPES, RELATION_FILTERS
from prisma.client.request.rejections import RejectedValue
from prisma.client.request.request import placeholder
from prisma.client.request.values import CONVERTERS, literal
from prisma.client.request.writer import Writer, items_of, members
from prisma.fields import FieldRef, Json
from prisma.schema.metadata import Field

DB_NULL: Final = '{"$type":"Enum","value":"DbNull"}'

_VALUE_FILTERS: Final = frozenset(
    {"equals", "not", "lt", "lte", "gt", "gte", "contains", "startsWith", "endsWith", "search", "has"}
)
_OF_VALUES: Final = _VALUE_FILTERS - {"not"} | LIST_FILTERS
_COMPARISONS: Final = frozenset({"lt", "lte", "gt", "gte"})
_JSON_LIST_FILTERS: Final = frozenset({"hasEvery", "hasSome"})
_JSON_STRING_FILTERS: Final = frozenset({"string_contains", "string_starts_with", "string_ends_with"})
_JSON_VALUE_FILTERS: Final = frozenset(
    {"equals", "not", "array_contains", "array_starts_with", "array_ends_with", "has"}
)

MAX_PARAMETERS: Final = 32766
"""Of one statement; Prisma's limit for PostgreSQL, and no database takes many more."""


class WhereWriter(Writer):
    """Writes conditions."""

    __slots__ = ("_alternatives",)

    def __init__(self, codecs_of: CodecsOfModels, *, shares: bool) -> None:
        super().__init__(codecs_of, shares=shares)
        self._alternatives = 0

    def of_one_statement(self, named: object, write: Callable[..., None], *context: object) -> None:
        """Write which records are meant, by conditions that become one statement.

        Raises:
            RejectedValue: they are more than a statement has parameters; the compiler would work on them for seconds.
        """
        values, alternatives = len(self.values), self._alternatives
        write(*context)
        count = max(len(self.values) - values, self._alternatives - alternatives)
        if count > MAX_PARAMETERS:
            reason = f"this takes {count} parameters in one statement, and {MAX_PARAMETERS} are the limit. Split it"
            raise RejectedValue(named, "TooManyParameters", f"{reason}; a list after `in` is one parameter")

    def where(self, codecs: ModelCodecs, where: object) -> None:
        conditions = members(where)
        if conditions is None:
            self.put(literal(where))
            return
        self.put("{")
        first = True
        for name, value in conditions.items():
            codec = codecs.get(name)
            if codec is None:
                self.key(name, first, conditions)
                self._where_keyword(codecs, name, value)
            elif codec.field.kind == "relation" and missing_relations.is_misjudged(codec.field):
                self._absence(codecs, codec, value, first, conditions)
            else:
                self.put(codec.key if first else codec.next_key)
                if codec.field.kind == "relation":
                    self._relation_filter(codec, value)
                else:
                    self.filter(codec, value)
            first = False
        self.put("}")

    def _where_keyword(self, codecs: ModelCodecs, name: str, value: object) -> None:
        if name in {"AND", "OR", "NOT"}:
            self._alternatives += len(items_of(value) or ())
            self.listed(value, self.where, codecs)
        elif name in codecs.uniques:
            self.where(codecs, value)
        else:
            self.put(literal(value))

    def _relation_filter(self, codec: FieldCodec, value: object) -> None:
        codecs = self.codecs_of(codec.field.type)
        operators = members(value)
        # Without an operator the dictionary has conditions on the related record itself.
        if operators is None or not operators.keys() <= RELATION_FILTERS.keys():
            self.where(codecs, value)
            return
        self.put("{")
        for position, (name, where) in enumerate(operators.items()):
            self.key(RELATION_FILTERS[name], position == 0, operators)
            self.where(codecs, where)
        self.put("}")

    def _absence(
        self, codecs: ModelCodecs, codec: FieldCodec, value: object, first: bool, beside: Mapping[str, object]
    ) -> None:
        """Write a relation with its filter, so that None means what it says."""
        is_none, key = missing_relations.asked(value), missing_relations.telling_key(codecs, codec.field, beside)
        if is_none is None or key is None:
            self.put(codec.key if first else codec.next_key)
            self._relation_filter(codec, missing_relations.by_record(value))
            return
        # An index on the key will do.
        self.put(codecs[key].key if first else codecs[key].next_key)
        self.put("null" if is_none else '{"not":null}')

    def filter(self, codec: FieldCodec, value: object) -> None:
        """Write a filter on a scalar: a bare value, or operators."""
        is_json = codec.field.type == "Json"
        operators = members(value)
        if value is None:
            self.put(f'{{"equals":{DB_NULL}}}' if is_json and not codec.field.is_list else "null")
        elif operators is not None:
            self._operators(codec, operators, is_json=is_json)
        elif is_json or codec.field.is_list:
            self.put('{"equals":')
            self._operand(codec, "equals", value, is_json=is_json)
            self.put("}")
        # A reference is no parameter: the statement names the column.
        elif isinstance(value, FieldRef):
            self._reference(cast("object", value))
        else:
            self.value(codec, value)

    def _reference(self, reference: object) -> None:
        self.put(f'{{"equals":{literal(reference)}}}')

    def _operators(self, codec: FieldCodec, operators: Mapping[str, object], *, is_json: bool) -> None:
        self.put("{")
        is_whole = is_json and not codec.field.is_list and "path" not in operators
        is_text = is_whole and not _JSON_STRING_FILTERS.isdisjoint(operators)
        if is_text:
            # Without a path the compiler compares the document's text, which for a text has quotes around it.
            self.put(f'"path":{codec.whole}')
        for position, (name, value) in enumerate(operators.items()):
            name = FILTERS.get(name, name)
            self.key(name, position == 0 and not is_text, operators)
            self._operand(codec, name, value, is_json=is_json)
        self.put("}")

    def _operand(self, codec: FieldCodec, name: str, value: object, *, is_json: bool) -> None:
        if is_json and name in _COMPARISONS:
            self._comparison(codec, value)
        elif value is None:
            # Only where a Json value is compared as a whole are there several kinds of null to tell apart.
            is_whole = is_json and not codec.field.is_list and name in {"equals", "not"}
            self.put(DB_NULL if is_whole else "null")
        elif is_json:
            self._json_operand(codec, name, value)
        elif name == "not" and isinstance(value, FieldRef):
            # The compiler takes a reference as an operand of `equals`, not of `not`.
            self._reference(cast("object", value))
        elif members(value) is not None:
            if name in _OF_VALUES:
                raise _no_value(codec, name, value)
            self.filter(_AGGREGATED.get(name, codec), value)
        elif name in LIST_FILTERS or (name == "equals" and codec.field.is_list):
            self.values_list(codec, value)
        elif name == "search":
            self.searched(codec, value)
        elif name in _VALUE_FILTERS:
            self.value(codec, value)
        else:
            self.put(literal(value))

    def _json_operand(self, codec: FieldCodec, name: str, value: object) -> None:
        if name in _JSON_VALUE_FILTERS:
            self.value(codec, value)
        elif name in _JSON_LIST_FILTERS and items_of(value) is not None:
            self.values_list(codec, value)
        elif name in _JSON_STRING_FILTERS and isinstance(value, str):
            self.values.append(str.__str__(value))
            self.put(placeholder(len(self.values), "String"))
        else:
            if name in _JSON_STRING_FILTERS and members(value) is not None:
                raise RejectedValue(
                    value, "InvalidArgumentType", f"expected str, got {type(value).__name__}", field=codec.field.name
                )
            # Paths and modes belong to the shape.
            self.put(literal(value))

    def _comparison(self, codec: FieldCodec, value: object) -> None:
        """Write what a Json value is to be less or greater than; a placeholder makes the compiler panic."""
        data = value.data if isinstance(value, Json) else value
        if data is None or isinstance(data, bool | Mapping | list | tuple):
            kind = type(cast("object", data)).__name__
            reason = f"expected a number or a text to compare with, got {kind}"
            raise RejectedValue(value, "InvalidArgumentType", reason, field=codec.field.name)
        if isinstance(data, Decimal) and not (data.is_finite() and data.adjusted() < sys.float_info.max_10_exp):
            reason = "a number in Json can't be compared with this one"
            raise RejectedValue(value, "ValueTooLarge", reason, field=codec.field.name)
        try:
            self.put(literal(data if isinstance(data, int | float) else value))
        except RejectedValue as rejection:
            rejection.value, rejection.field = value, codec.field.name
            raise


def _no_value(codec: FieldCodec, name: str, value: object) -> RejectedValue:
    """Return the error for a dictionary where an operator takes a value."""
    field = codec.field
    expected = f"a member of {field.type}" if field.kind == "enum" else PYTHON_TYPES.get(field.type, field.type)
    if name in LIST_FILTERS or (name == "equals" and field.is_list):
        expected = f"a list of {expected}"
    return RejectedValue(
        value, "InvalidArgumentType", f"expected {expected}, got {type(value).__name__}", field=field.name
    )


# A count is an int and an average a float, whatever the field is; sums, minima and maxima are of the field's type.
_AGGREGATED: Final = {
    name: FieldCodec(field, "", "", field.type, CONVERTERS[field.type], None)
    for name, field in {
        "_count": Field("_count", "scalar", "Int", "_count"),
        "_avg": Field("_avg", "scalar", "Float", "_avg"),
    }.items()
}
