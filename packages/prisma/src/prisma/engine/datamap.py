"""Rows → results: a decoder made once for each plan.

The decoder is written as Python source, because the loop over rows is the hottest code of the client: measured on rows
of six columns, the generated dict display takes half the time of a loop over converter functions. The source consists
of generated names, and of column and field names written by `repr`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TypeAlias

from prisma.engine import values
from prisma.engine.plan_error import PlanError, contradiction, inconsistent
from prisma.engine.source import Source
from prisma.plan import nodes
from prisma.plan.tree import walk

Decoder: TypeAlias = Callable[[Any], Any]
"""Takes rows, a row, None, JSON text of those or a row count; returns the result."""

_CONVERSIONS: dict[str, tuple[type | None, Callable[[Any], Any] | None]] = {
    # Type of a field → the Python type that needs no conversion, the conversion of everything else.
    "string": (str, values.text),
    "int": (int, values.integer),
    "bigint": (int, values.integer),
    "float": (float, values.real),
    "decimal": (Decimal, values.exact),
    "boolean": (None, None),
    "datetime": (None, values.moment),
    "json": (None, values.parsed),
    "object": (None, None),
    "bytes": (bytes, values.blob),
    "unsupported": (None, None),
}


class _Members(dict[str, str]):
    """Members of an enum: database value → name in programs."""

    def __init__(self, name: str, members: Iterable[tuple[str, str]]) -> None:
        super().__init__(members)
        self._name = name

    def __missing__(self, key: object) -> str:
        raise inconsistent(f"the value {key!r} does not belong to the enum {self._name!r}")


def load_data_map(node: nodes.DataMap) -> Decoder:
    """Return the decoder of a dataMap node; PlanError P2023 for data that does not fit the schema."""
    if isinstance(node.structure, nodes.AffectedRowsShape):
        return _affected_rows
    writer = _Writer(node.enums, from_process=_has_nested_process(node.expr))
    return _guarded(writer.decoder(node.structure))


def _affected_rows(count: Any) -> Any:
    return {"count": count}


def _guarded(decode: Decoder) -> Decoder:
    def guarded(value: Any) -> Any:
        try:
            return decode(value)
        except PlanError:
            raise
        except KeyError as error:
            raise inconsistent(f"the database's answer has no column {error}") from error
        except (ValueError, TypeError, ArithmeticError, AttributeError) as error:
            raise inconsistent(f"a value has an unexpected form ({error})") from error

    return guarded


def _has_nested_process(node: nodes.Node) -> bool:
    """Say whether relations may arrive parsed, by a process node that worked on them."""
    return any(isinstance(item, nodes.Process) and item.operations.nested for item in walk(node))


def _has_decimal(shape: nodes.Shape) -> bool:
    if isinstance(shape, nodes.ObjectShape):
        return any(_has_decimal(field) for _, field in shape.fields)
    return isinstance(shape, nodes.FieldShape) and shape.type == "decimal"


class _Writer:
    """Writes the functions of a decoder: `object_k` for each object that is read from a column, or from the root."""

    def __init__(self, enums: tuple[tuple[str, tuple[tuple[str, str], ...]], ...], *, from_process: bool) -> None:
        self._enums = {name: _Members(name, members) for name, members in enums}
        self._from_process = from_process
        self._source = Source()

    def decoder(self, shape: nodes.Shape) -> Decoder:
        if isinstance(shape, nodes.ObjectShape):
            name = self._object(shape, exact=self._from_process)
        else:
            name = self._source.function("field", ("v",), f"return {self._field(shape, 'v', exact=False)}")
        return self._source.compile(name)

    def _object(self, shape: nodes.ObjectShape, *, exact: bool) -> str:
        """Write the function that takes an object or a list of them; return its name."""
        row = self._row(shape, exact=exact)
        keep = " if r is not None" if shape.skip_nulls else ""
        item = row if shape.skip_nulls else f"None if r is None else {row}"
        loads = self._source.constant(values.loads_exactly if exact else json.loads, "loads")
        return self._source.function(
            "object",
            ("r",),
            f"if r.__class__ is str: r = {loads}(r)",
            f"if r.__class__ is list: return [{item} for r in r{keep}]",
            f"return None if r is None else {row}",
        )

    def _row(self, shape: nodes.ObjectShape, *, exact: bool) -> str:
        fields = (f"{name!r}: {self._member(field, exact=exact)}" for name, field in shape.fields)
        return "{" + ", ".join(fields) + "}"

    def _member(self, shape: nodes.Shape, *, exact: bool) -> str:
        match shape:
            case nodes.ObjectShape(serialized_name=None):
                return self._row(shape, exact=exact)
            case nodes.ObjectShape(serialized_name=column):
                # A column is parsed as a whole: exactly, if anything inside must be exact.
                inner = self._object(shape, exact=exact or _has_decimal(shape))
                return f"{inner}(r[{column!r}])"
            case nodes.FieldShape(db_name=column):
                return self._field(shape, f"r[{column!r}]", exact=exact)
            case nodes.AffectedRowsShape():
                raise contradiction("a row count inside a record")

    def _field(self, shape: nodes.Shape, source: str, *, exact: bool) -> str:
        if not isinstance(shape, nodes.FieldShape):
            raise contradiction("a record where a field should be")
        if shape.arity != "list":
            return self._convert(shape, f"(w := {source})", "w", exact=exact)
        item = self._convert(shape, "i", "i", exact=exact)
        # BigInt lists inside JSON are the text of an array.
        listed = f"{self._source.constant(values.items, 'items')}(w)" if shape.type == "bigint" else "w"
        if item == "i":
            return f"([] if (w := {source}) is None else {listed})"
        return f"([] if (w := {source}) is None else [{item} for i in {listed}])"

    def _convert(self, shape: nodes.FieldShape, first: str, again: str, *, exact: bool) -> str:
        """Return the expression of one value; `first` reads it, `again` repeats it."""
        if shape.type == "enum":
            members = self._source.constant(self._members(shape), "enum")
            return f"(None if {first} is None else {members}[{again}])"
        if shape.type not in _CONVERSIONS:
            raise contradiction(f"unknown field type {shape.type!r}")
        ready, convert = _CONVERSIONS[shape.type]
        if shape.type == "object" and exact:
            convert = values.with_floats
        if convert is None:
            return again if first == again else first
        call = f"{self._source.constant(convert, convert.__name__)}({again})"
        if ready is None:
            return f"(None if {first} is None else {call})"
        return f"({again} if {first}.__class__ is {ready.__name__} or {again} is None else {call})"

    def _members(self, shape: nodes.FieldShape) -> _Members:
        members = self._enums.get(shape.enum or "")
        if members is None:
            raise contradiction(f"unknown enum {shape.enum!r}")
        return members
