"""Source for objects: a function for each object of a result, which takes a row, a list of rows or their JSON text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, Final

from prisma.dialects.dialect import Dialect
from prisma.engine import conversions
from prisma.engine.large_answers import LONG_TEXT, parsed_at_length
from prisma.engine.plan_error import contradiction
from prisma.engine.record_form import FormMismatch, RecordForm
from prisma.engine.record_source import RecordSource, column_of, local_name
from prisma.engine.source import Source
from prisma.engine.value_source import RowReader, ValueSource
from prisma.plan import nodes

_as_tuple: Final = itemgetter(slice(None))

# What parses JSON: exactly or not, with floats or without.
_LOADS: Final = {
    (False, False): conversions.loads,
    (True, False): conversions.loads_exactly,
    (False, True): conversions.loads_floats,
    (True, True): conversions.loads_floats_exactly,
}


class ObjectSource:
    """Writes the functions of a decoder: `object_k` for each object that is read from a column, or from the root.

    `from_process` says that relations may arrive parsed, with Decimals.
    """

    def __init__(
        self, enums: tuple[tuple[str, tuple[tuple[str, str], ...]], ...], dialect: Dialect, *, from_process: bool
    ) -> None:
        self._from_process = from_process
        self._source = Source()
        self._values = ValueSource(self._source, enums, dialect)
        self._records = RecordSource(self._source, self._values, self._related)

    def decoder(self, shape: nodes.Shape, form: RecordForm | None = None) -> Callable[[Any], Any]:
        """Return the decoder for a shape; with a form it makes records."""
        if isinstance(shape, nodes.ObjectShape):
            name = self._object(shape, form, is_exact=self._from_process)
        else:
            name = self._source.function(
                "field", ("v",), f"return {self._values.expression(shape, 'v', is_exact=False)}"
            )
        return self._source.compile(name)

    def _related(self, shape: nodes.ObjectShape, form: RecordForm | None, is_exact: bool) -> str:
        # A column is parsed as a whole: exactly, if anything inside must be exact.
        return self._object(shape, form, is_exact=is_exact or _has(shape, "decimal"))

    def _object(self, shape: nodes.ObjectShape, form: RecordForm | None, *, is_exact: bool) -> str:
        """Write the function that takes an object or a list of them; return its name."""
        layout = shape.layout
        reader = RowReader(_read_key if layout is None else _read_position(layout), is_exact)
        loads = self._source.constant(_LOADS[is_exact, _has(shape, "float")], "loads")
        at_length = self._source.constant(parsed_at_length, "parsed_at_length")
        parse = f"if type(r) is str: r = {loads}(r) if len(r) < {LONG_TEXT} else {at_length}({loads}, r)"
        if form is None and layout is None:
            row = self._row(shape, reader)
            keep = " if r is not None" if shape.skip_nulls else ""
            item = row if shape.skip_nulls else f"None if r is None else {row}"
            many = f"if type(r) is list: return [{item} for r in r{keep}]"
            return self._source.function("object", ("r",), parse, many, f"return None if r is None else {row}")
        make = [f"m = {self._row(shape, reader)}"] if form is None else self._records.statements(shape, form, reader)
        if layout is not None:
            make.insert(0, f"_, {', '.join(map(reader.column, layout))} = r" if layout else "_, = r")
        in_order = self._in_order(shape, form, is_exact=is_exact) if form is not None and layout is None else []
        loop = self._loop(shape, make, is_strict=form is not None)
        return self._source.function("object", ("r",), parse, *in_order, *loop)

    def _in_order(self, shape: nodes.ObjectShape, form: RecordForm, *, is_exact: bool) -> list[str]:
        """Return the statements for several rows that have just these columns and can be unpacked as sequences.

        That takes a third of the time of reading columns by their names. All values of a column have the type of the
        first, or are None, since a driver reads a column in one way: what the first row shows holds for all rows.
        """
        direct = [name for _, field in shape.fields if (name := column_of(field)) is not None]
        if shape.serialized_name is not None or len(set(direct)) < len(shape.fields):
            return []
        reader = RowReader({name: local_name(index) for index, name in enumerate(direct)}.__getitem__, is_exact)
        types = tuple(self._values.first_type(field, (form.fields or {})[name]) for name, field in shape.fields)
        expected = self._source.constant(tuple(direct), "columns"), self._source.constant(types, "types")
        ordered = f"{self._source.constant(_are_values, 'are_values')}(r[0], {', '.join(expected)})"
        as_tuple = self._source.constant(_as_tuple, "as_tuple")
        return [
            f"if type(r) is list and len(r) > 1 and {ordered}:",
            "    out = []",
            "    add = out.append",
            # A slice of a row is a tuple, which is unpacked in less time than a row.
            f"    for {', '.join(map(reader.column, direct))}, in map({as_tuple}, r):",
            *(f"        {line}" for line in self._records.statements(shape, form, reader, is_typed=True)),
            "        add(m)",
            "    return out",
        ]

    def _loop(self, shape: nodes.ObjectShape, make: list[str], *, is_strict: bool) -> list[str]:
        """Return the statements that make `m` of each row, or of the only one."""
        # A row that is an array itself begins with a number; see `prisma.plan.passes.json_arrays`.
        is_row = "" if shape.layout is None else " and not (r and type(r[0]) is int)"
        if shape.skip_nulls:
            absent = "continue"
        else:
            absent = f"raise {self._source.constant(FormMismatch, 'mismatch')}" if is_strict else "m = None"
        inner = [f"    {line}" for line in make]
        if absent == "m = None":
            inner = [f"    {line}" for line in inner]
            body = ["    if r is None: m = None", "    else:", *inner]
        else:
            body = [f"    if r is None: {absent}", *inner]
        return [
            f"if type(r) is list{is_row}:",
            "    out = []",
            "    add = out.append",
            "    for r in r:",
            *(f"    {line}" for line in body),
            "        add(m)",
            "    return out",
            "if r is None: return None",
            *make,
            "return m",
        ]

    def _row(self, shape: nodes.ObjectShape, reader: RowReader) -> str:
        """Return the expression of a row's dictionary."""
        fields = (f"{name!r}: {self._member(field, reader)}" for name, field in shape.fields)
        return "{" + ", ".join(fields) + "}"

    def _member(self, shape: nodes.Shape, reader: RowReader) -> str:
        match shape:
            case nodes.ObjectShape(serialized_name=str() as column):
                return f"{self._related(shape, None, reader.is_exact)}({reader.column(column)})"
            case nodes.ObjectShape():
                return self._row(shape, reader)
            case nodes.FieldShape(db_name=column):
                return self._values.expression(shape, reader.column(column), is_exact=reader.is_exact)
            case nodes.AffectedRowsShape():
                raise contradiction("a row count inside a record")


def _has(shape: nodes.Shape, type_: str) -> bool:
    """Say whether a field of a type is anywhere in a shape."""
    if isinstance(shape, nodes.ObjectShape):
        return any(_has(field, type_) for _, field in shape.fields)
    return isinstance(shape, nodes.FieldShape) and shape.type == type_


def _are_values(row: Any, columns: tuple[str, ...], types: tuple[type | None, ...]) -> bool:
    """Say whether a row is a sequence of values, of these columns and types; a dictionary is one of names."""
    return (
        row is not None
        and not isinstance(row, Mapping)
        and tuple(row.keys()) == columns
        and all(expected is None or type(value) is expected for expected, value in zip(types, row, strict=True))
    )


def _read_key(column: str) -> str:
    return f"r[{column!r}]"


def _read_position(layout: tuple[str, ...]) -> Callable[[str], str]:
    return {name: f"c{index}" for index, name in enumerate(layout)}.__getitem__
