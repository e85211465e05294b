"""Rows → results: a decoder made once for each plan.

The decoder is written as Python source, because the loop over rows is the hottest code of the client: measured on rows
of six columns, the generated dict display takes half the time of a loop over converter functions. The source consists
of generated names, and of column and field names written by `repr`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from keyword import iskeyword
from operator import itemgetter
from typing import Any, TypeAlias

from prisma.engine import conversions, misplaced
from prisma.engine.forms import FormField, RecordForm, Unfit
from prisma.engine.plan_error import PlanError, contradiction, inconsistent, too_deep
from prisma.engine.source import Source
from prisma.plan import nodes
from prisma.plan.tree import walk

Decoder: TypeAlias = Callable[[Any], Any]
"""Takes rows, a row, None, JSON text of those or a row count; returns the result."""

_Read: TypeAlias = Callable[[str], str]
"""Gives the expression that reads a column of the row."""

_Enums: TypeAlias = Mapping[str, tuple[tuple[str, str], ...]]

# Instances of a class share the keys of so many attributes; with more, each has a dictionary of its own, which is
# quicker to fill before. From Python 3.13 on that always is, as a change of the class moves every attribute.
_MANY_ATTRIBUTES = 30 if sys.version_info < (3, 13) else 0

# JSON's own null is a value.
_NULLABLE = frozenset({"json", "object"})

_CONVERSIONS: dict[str, tuple[type | None, Callable[[Any], Any] | None]] = {
    # Type of a field → the Python type that needs no conversion, the conversion of everything else.
    "string": (str, conversions.text),
    "int": (int, conversions.integer),
    "bigint": (int, conversions.integer),
    "float": (float, conversions.real),
    "decimal": (None, conversions.exact),
    "boolean": (bool, conversions.truth),
    "datetime": (None, conversions.moment),
    "json": (None, conversions.parsed),
    "object": (None, None),
    "bytes": (bytes, conversions.blob),
    "unsupported": (None, None),
}

_as_tuple = itemgetter(slice(None))

_TYPES: dict[str, type] = {
    **{name: ready for name, (ready, _) in _CONVERSIONS.items() if ready is not None},
    "decimal": Decimal,
    "datetime": datetime,
}


class _Members(dict[str, str]):
    """Members of an enum: database value → name in programs."""

    def __init__(self, name: str, members: Iterable[tuple[str, str]]) -> None:
        super().__init__(members)
        self._name = name

    def __missing__(self, key: object) -> str:
        raise inconsistent(f"the value {key!r} does not belong to the enum {self._name!r}")


def load_data_map(node: nodes.DataMap, form: RecordForm | None = None) -> Decoder:
    """Return the decoder of a dataMap node; PlanError P2023 for data that does not fit the schema.

    With a form the results are its records.
    """
    if isinstance(node.structure, nodes.AffectedRowsShape):
        return _affected_rows
    plain = _guarded(_written(node, node.structure), node)
    if form is None:
        return plain
    if not isinstance(node.structure, nodes.ObjectShape) or not _fits(node.structure, form, dict(node.enums)):
        return lambda value: form.parsed(plain(value))
    return _guarded(_written(node, node.structure, form), node, otherwise=lambda value: form.parsed(plain(value)))


def _written(node: nodes.DataMap, shape: nodes.Shape, form: RecordForm | None = None) -> Decoder:
    return _Writer(node.enums, from_process=_has_nested_process(node.expr)).decoder(shape, form)


def _fits(shape: nodes.ObjectShape, form: RecordForm, enums: _Enums) -> bool:
    """Say whether a record's attributes take what the shape has, kind by kind."""
    if form.fields is None:
        return False
    names = {name for name, _ in shape.fields}
    return all(
        (target := form.fields.get(name)) is not None and _takes(target, field, enums) for name, field in shape.fields
    ) and all(name in names or not target.is_required for name, target in form.fields.items())


def _takes(target: FormField, field: nodes.Shape, enums: _Enums) -> bool:
    match field:
        case nodes.ObjectShape(serialized_name=str()):
            return target.related is not None and _fits(field, target.related(), enums)
        case nodes.FieldShape(arity=arity, type=type_, enum=enum):
            if target.is_list != (arity == "list") or type_ not in target.kinds:
                return False
            return type_ != "enum" or target.members.issuperset(name for _, name in enums.get(enum or "", ()))
        case _:
            return False


def _affected_rows(count: Any) -> Any:
    return {"count": count}


def _guarded(decode: Decoder, node: nodes.DataMap, *, otherwise: Decoder | None = None) -> Decoder:
    """Return a decoder that says what is wrong with rows; those that do not fit a form are for `otherwise`."""

    def guarded(value: Any) -> Any:
        try:
            return decode(value)
        except Unfit:
            if otherwise is None:
                raise
            return otherwise(value)
        except PlanError:
            raise
        except RecursionError as error:
            raise too_deep() from error
        except KeyError as error:
            raise inconsistent(f"the database's answer has no column {error}") from error
        except misplaced.FAILURES as error:
            path = misplaced.find(node.structure, value, partial(_written, node))
            where = "a value" if path is None else f"the field {path!r}"
            raise inconsistent(f"{where} has an unexpected form ({error})", path) from error

    return guarded


def _has_nested_process(node: nodes.Node) -> bool:
    """Say whether relations may arrive parsed, by a process node that worked on them."""
    return any(isinstance(item, nodes.Process) and item.operations.nested for item in walk(node))


def _has_decimal(shape: nodes.Shape) -> bool:
    if isinstance(shape, nodes.ObjectShape):
        return any(_has_decimal(field) for _, field in shape.fields)
    return isinstance(shape, nodes.FieldShape) and shape.type == "decimal"


def _column(shape: nodes.Shape) -> str | None:
    match shape:
        case nodes.FieldShape(db_name=name) | nodes.ObjectShape(serialized_name=str() as name):
            return name
        case _:
            return None


def _are_values(row: Any, columns: tuple[str, ...], types: tuple[type | None, ...]) -> bool:
    """Say whether a row is a sequence of values, of these columns and types; a dictionary is one of names."""
    return (
        row is not None
        and not isinstance(row, Mapping)
        and tuple(row.keys()) == columns
        and all(expected is None or type(value) is expected for expected, value in zip(types, row, strict=True))
    )


def _first_type(shape: nodes.Shape, target: FormField) -> type | None:
    """Return the type that the values of a column have if the first has it; None if each has to be looked at."""
    if not isinstance(shape, nodes.FieldShape) or target.is_list or not target.is_required or target.wrap is not None:
        return None
    return _TYPES.get(shape.type)


def _local(index: int) -> str:
    """Return the name of the local variable for a record's attribute."""
    return f"v{index}"


def _assigned(local: str, source: str) -> list[str]:
    return [] if local == source else [f"{local} = {source}"]


def _is_word(name: str) -> bool:
    return name.isidentifier() and not iskeyword(name)


def _read_key(column: str) -> str:
    return f"r[{column!r}]"


class _Writer:
    """Writes the functions of a decoder: `object_k` for each object that is read from a column, or from the root."""

    def __init__(self, enums: tuple[tuple[str, tuple[tuple[str, str], ...]], ...], *, from_process: bool) -> None:
        self._enums = {name: _Members(name, members) for name, members in enums}
        self._from_process = from_process
        self._source = Source()

    def decoder(self, shape: nodes.Shape, form: RecordForm | None = None) -> Decoder:
        if isinstance(shape, nodes.ObjectShape):
            name = self._object(shape, exact=self._from_process, form=form)
        else:
            name = self._source.function("field", ("v",), f"return {self._field(shape, 'v', exact=False)}")
        return self._source.compile(name)

    def _object(self, shape: nodes.ObjectShape, *, exact: bool, form: RecordForm | None) -> str:
        """Write the function that takes an object or a list of them; return its name."""
        layout = shape.layout
        read = _read_key if layout is None else {name: f"c{index}" for index, name in enumerate(layout)}.__getitem__
        loads = self._source.constant(conversions.loads_exactly if exact else conversions.loads, "loads")
        parse = f"if type(r) is str: r = {loads}(r)"
        if form is None and layout is None:
            row = self._row(shape, exact=exact, read=read)
            keep = " if r is not None" if shape.skip_nulls else ""
            item = row if shape.skip_nulls else f"None if r is None else {row}"
            many = f"if type(r) is list: return [{item} for r in r{keep}]"
            return self._source.function("object", ("r",), parse, many, f"return None if r is None else {row}")
        if form is None:
            make = [f"m = {self._row(shape, exact=exact, read=read)}"]
        else:
            make = self._filled(shape, form, exact=exact, read=read)
        is_row = "" if layout is None else " and not (r and type(r[0]) is int)"
        if layout is not None:
            make.insert(0, f"_, {', '.join(map(read, layout))} = r" if layout else "_, = r")
        in_order = self._in_order(shape, form, exact=exact) if form is not None and layout is None else []
        loop = self._loop(shape, make, is_row, strict=form is not None)
        return self._source.function("object", ("r",), parse, *in_order, *loop)

    def _in_order(self, shape: nodes.ObjectShape, form: RecordForm, *, exact: bool) -> list[str]:
        """Return the statements for several rows that have just these columns and can be unpacked as sequences.

        That takes a third of the time of reading columns by their names. All values of a column have the type of the
        first, or are None, since a driver reads a column in one way: what the first row shows, no other is asked for.
        """
        direct = [name for _, field in shape.fields if (name := _column(field)) is not None]
        if shape.serialized_name is not None or len(set(direct)) < len(shape.fields):
            return []
        read = {name: _local(index) for index, name in enumerate(direct)}.__getitem__
        types = tuple(_first_type(field, (form.fields or {})[name]) for name, field in shape.fields)
        expected = self._source.constant(tuple(direct), "columns"), self._source.constant(types, "types")
        ordered = f"{self._source.constant(_are_values, 'are_values')}(r[0], {', '.join(expected)})"
        return [
            f"if type(r) is list and len(r) > 1 and {ordered}:",
            "    out = []",
            "    add = out.append",
            # A slice of a row is a tuple, which is unpacked in less time than a row.
            f"    for {', '.join(map(read, direct))}, in map({self._source.constant(_as_tuple, 'as_tuple')}, r):",
            *(f"        {line}" for line in self._filled(shape, form, exact=exact, read=read, typed=True)),
            "        add(m)",
            "    return out",
        ]

    def _loop(self, shape: nodes.ObjectShape, make: list[str], is_row: str, *, strict: bool) -> list[str]:
        """Return the statements that make `m` of each row, or of the only one."""
        if shape.skip_nulls:
            absent = "continue"
        else:
            absent = f"raise {self._source.constant(Unfit, 'unfit')}" if strict else "m = None"
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

    def _row(self, shape: nodes.ObjectShape, *, exact: bool, read: _Read) -> str:
        fields = (f"{name!r}: {self._member(field, exact=exact, read=read)}" for name, field in shape.fields)
        return "{" + ", ".join(fields) + "}"

    def _member(self, shape: nodes.Shape, *, exact: bool, read: _Read) -> str:
        match shape:
            case nodes.ObjectShape(serialized_name=str() as column):
                return f"{self._joined(shape, exact=exact, form=None)}({read(column)})"
            case nodes.ObjectShape():
                return self._row(shape, exact=exact, read=read)
            case nodes.FieldShape(db_name=column):
                return self._field(shape, read(column), exact=exact)
            case nodes.AffectedRowsShape():
                raise contradiction("a row count inside a record")

    def _joined(self, shape: nodes.ObjectShape, *, exact: bool, form: RecordForm | None) -> str:
        # A column is parsed as a whole: exactly, if anything inside must be exact.
        return self._object(shape, exact=exact or _has_decimal(shape), form=form)

    def _filled(
        self, shape: nodes.ObjectShape, form: RecordForm, *, exact: bool, read: _Read, typed: bool = False
    ) -> list[str]:
        """Return the statements that make `m`, a record of the form; `typed` if `_first_type` holds for each value."""
        lines: list[str] = []
        given: dict[str, str] = {}
        for index, (name, field) in enumerate(shape.fields):
            target, local = (form.fields or {})[name], _local(index)
            given[target.attribute] = local
            ready = _first_type(field, target) if typed else None
            if ready is None:
                lines += self._value(field, target, local, exact=exact, read=read)
            else:
                lines += self._typed(ready, local, read(_column(field) or ""))
        blank, record = self._source.constant(form.blank, "blank"), self._source.constant(form.record, "record")
        if form.shared is not None:
            names = self._source.constant(form.shared(given), "names")
        else:
            names = f"{self._source.constant(set(given).copy, 'copy')}()"
        return [
            *lines,
            f"m = {blank}()",
            *self._attributes(form, given),
            f"m.{form.names} = {names}",
            f"{' = '.join(f'm.{name}' for name in form.empty)} = None",
            f"m.__class__ = {record}",
        ]

    def _attributes(self, form: RecordForm, given: Mapping[str, str]) -> list[str]:
        """Return the statements that give `m` its attributes, in the order of the form."""
        if len(form.defaults) > _MANY_ATTRIBUTES or not all(map(_is_word, form.defaults)):
            copy = self._source.constant(dict(form.defaults).copy, "copy")
            return [f"d = {copy}()", *(f"d[{name!r}] = {local}" for name, local in given.items()), "m.__dict__ = d"]
        return [f"m.{name} = {given.get(name) or self._default(default)}" for name, default in form.defaults.items()]

    def _default(self, value: Any) -> str:
        return "None" if value is None else self._source.constant(value, "default")

    def _value(self, shape: nodes.Shape, target: FormField, local: str, *, exact: bool, read: _Read) -> list[str]:
        """Return the statements that put what an attribute gets into a local variable."""
        unfit = f"raise {self._source.constant(Unfit, 'unfit')}"
        if isinstance(shape, nodes.ObjectShape):
            inner = self._joined(shape, exact=exact, form=target.related() if target.related else None)
            wrong = f"type({local}) is not list" if target.is_list else f"type({local}) is list"
            missing = [f"if {local} is None: {unfit}"] if target.is_required else []
            return [
                f"{local} = {inner}({read(shape.serialized_name or '')})",
                *missing,
                f"if {local} is not None and {wrong}: {unfit}",
            ]
        assert isinstance(shape, nodes.FieldShape)  # noqa: S101 - `_takes` has let nothing else pass
        if target.is_list:
            wrap = self._source.constant(target.wrap, "wrap") if target.wrap is not None else ""
            return [
                f"{local} = {self._field(shape, read(shape.db_name), exact=exact)}",
                *([f"{local} = [None if i is None else {wrap}(i) for i in {local}]"] if wrap else ()),
            ]
        absent = unfit if target.is_required and shape.type not in _NULLABLE else "pass"
        return [
            *_assigned(local, read(shape.db_name)),
            *self._converted(shape, target, local, absent, exact=exact),
        ]

    def _typed(self, ready: type, local: str, source: str) -> list[str]:
        """Return the statements for a value of the right type, or None, that an attribute can't be without."""
        unfit = self._source.constant(Unfit, "unfit")
        lines = [*_assigned(local, source), f"if {local} is None: raise {unfit}"]
        if ready is Decimal:
            lines.append(f"{local} = {self._source.constant(conversions.plain, 'plain')}({local})")
        if ready is datetime:
            moment = self._source.constant(conversions.moment, "moment")
            lines.append(f"if {local}.tzinfo is not UTC: {local} = {moment}({local})")
        return lines

    def _converted(
        self, shape: nodes.FieldShape, target: FormField, local: str, absent: str, *, exact: bool
    ) -> list[str]:
        """Return the statements that convert a local variable; `absent` is what to do with None."""
        wrap = []
        if target.wrap is not None:
            wrap = [f"if {local} is not None: {local} = {self._source.constant(target.wrap, 'wrap')}({local})"]
        unfit = self._source.constant(Unfit, "unfit")
        match shape.type:
            case "boolean":
                return [f"if {local} is None: {absent}", f"elif type({local}) is not bool: raise {unfit}"]
            case "datetime":
                moment = self._source.constant(conversions.moment, "moment")
                return [
                    f"if {local} is None: {absent}",
                    f"elif type({local}) is datetime:",
                    f"    if {local}.tzinfo is not UTC: {local} = {moment}({local})",
                    f"elif type({local}) is str:",
                    # Nearly every text comes without a zone, in UTC.
                    f"    try: {local} = datetime.fromisoformat({local} + 'Z')",
                    f"    except ValueError: {local} = {moment}({local})",
                    f"else: {local} = {moment}({local})",
                ]
            case "decimal":
                plain, exact_ = (
                    self._source.constant(conversions.plain, "plain"),
                    self._source.constant(conversions.exact, "exact"),
                )
                return [
                    f"if {local} is None: {absent}",
                    f"else: {local} = {plain}({local}) if type({local}) is Decimal else {exact_}({local})",
                ]
            case "enum":
                members = self._source.constant(self._members(shape), "enum")
                return [f"if {local} is None: {absent}", f"else: {local} = {members}[{local}]"]
            case _:
                return [*self._made_ready(shape, local, absent, exact=exact), *wrap]

    def _made_ready(self, shape: nodes.FieldShape, local: str, absent: str, *, exact: bool) -> list[str]:
        ready, convert = self._conversion(shape, exact=exact)
        if convert is None:
            return []
        otherwise = "else" if ready is None else f"elif type({local}) is not {ready.__name__}"
        call = f"{self._source.constant(convert, convert.__name__)}({local})"
        return [f"if {local} is None: {absent}", f"{otherwise}: {local} = {call}"]

    def _field(self, shape: nodes.Shape, source: str, *, exact: bool) -> str:
        if not isinstance(shape, nodes.FieldShape):
            raise contradiction("a record where a field should be")
        if shape.arity != "list":
            return self._convert(shape, f"(w := {source})", "w", exact=exact)
        item = self._convert(shape, "i", "i", exact=exact)
        # BigInt lists inside JSON are the text of an array.
        listed = f"{self._source.constant(conversions.items, 'items')}(w)" if shape.type == "bigint" else "w"
        if item == "i":
            return f"([] if (w := {source}) is None else {listed})"
        return f"([] if (w := {source}) is None else [{item} for i in {listed}])"

    def _convert(self, shape: nodes.FieldShape, first: str, again: str, *, exact: bool) -> str:
        """Return the expression of one value; `first` reads it, `again` repeats it."""
        if shape.type == "enum":
            members = self._source.constant(self._members(shape), "enum")
            return f"(None if {first} is None else {members}[{again}])"
        ready, convert = self._conversion(shape, exact=exact)
        if convert is None:
            return again if first == again else first
        call = f"{self._source.constant(convert, convert.__name__)}({again})"
        if ready is None:
            return f"(None if {first} is None else {call})"
        return f"({again} if type({first}) is {ready.__name__} or {again} is None else {call})"

    def _conversion(self, shape: nodes.FieldShape, *, exact: bool) -> tuple[type | None, Callable[[Any], Any] | None]:
        if shape.type not in _CONVERSIONS:
            raise contradiction(f"unknown field type {shape.type!r}")
        ready, convert = _CONVERSIONS[shape.type]
        return (ready, conversions.with_floats) if shape.type == "object" and exact else (ready, convert)

    def _members(self, shape: nodes.FieldShape) -> _Members:
        members = self._enums.get(shape.enum or "")
        if members is None:
            raise contradiction(f"unknown enum {shape.enum!r}")
        return members
