"""Source for records: the Python that makes an instance of a class and fills it, without the class's own constructor.

For a class with an `id` and an optional `name`, both in the row `r`:

    v0 = r['id']
    if v0 is None: raise mismatch_1
    elif type(v0) is not int: v0 = integer_2(v0)
    v1 = r['name']
    if v1 is None: pass
    elif type(v1) is not str: v1 = text_3(v1)
    m = blank_4()
    m.id = v0
    m.name = v1
    m.__pydantic_fields_set__ = names_5
    m.__pydantic_extra__ = m.__pydantic_private__ = None
    m.__class__ = record_6

`raise mismatch` gives the whole answer to the class, which says what is wrong with it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from keyword import iskeyword
from typing import Any, Final

from prisma.engine.record_form import FormField, FormMismatch, RecordForm
from prisma.engine.source import Source
from prisma.engine.value_source import RowReader, ValueSource, assigned
from prisma.plan import nodes

# Up to this number, instances of a class share one table of attribute names, and assignments are the fastest way. With
# more, each has a dictionary of its own, which is quicker to fill before. From Python 3.13 on that is always so, as a
# change of the class moves every attribute.
_MANY_ATTRIBUTES: Final = 30 if sys.version_info < (3, 13) else 0

# JSON's own null is a value.
_NULLABLE: Final = frozenset({"json", "object"})


def local_name(index: int) -> str:
    """Return the name of the local variable for a record's attribute."""
    return f"v{index}"


def column_of(shape: nodes.Shape) -> str | None:
    """Return the column that a field or relation is read from, None for fields of the same row."""
    match shape:
        case nodes.FieldShape(db_name=name) | nodes.ObjectShape(serialized_name=str() as name):
            return name
        case _:
            return None


class RecordSource:
    """Writes the source for records; `related` writes the function of a relation and returns its name."""

    def __init__(
        self,
        source: Source,
        values: ValueSource,
        related: Callable[[nodes.ObjectShape, RecordForm | None, bool], str],
    ) -> None:
        self._source = source
        self._values = values
        self._related = related

    def statements(
        self, shape: nodes.ObjectShape, form: RecordForm, reader: RowReader, *, is_typed: bool = False
    ) -> list[str]:
        """Return the statements that make `m`, a record of the form; with `is_typed`, `first_type` holds for each."""
        lines: list[str] = []
        given: dict[str, str] = {}
        for index, (name, field) in enumerate(shape.fields):
            target, local = (form.fields or {})[name], local_name(index)
            given[target.attribute] = local
            ready = self._values.first_type(field, target) if is_typed else None
            if ready is None:
                lines += self._value(field, target, local, reader)
            else:
                lines += self._values.typed(ready, local, reader.column(column_of(field) or ""))
        blank, record = self._source.constant(form.blank, "blank"), self._source.constant(form.record, "record")
        return [
            *lines,
            f"m = {blank}()",
            *self._attributes(form, given),
            *([] if form.names is None else [f"m.{form.names} = {self._names(form, given)}"]),
            *([f"{' = '.join(f'm.{name}' for name in form.empty)} = None"] if form.empty else []),
            f"m.__class__ = {record}",
        ]

    def _names(self, form: RecordForm, given: Mapping[str, str]) -> str:
        """Return the expression of the set of the names of a record's attributes that were set."""
        if form.shared is not None:
            return self._source.constant(form.shared(given), "names")
        return f"{self._source.constant(set(given).copy, 'copy')}()"

    def _attributes(self, form: RecordForm, given: Mapping[str, str]) -> list[str]:
        """Return the statements that give `m` its attributes, in the order of the form."""
        if len(form.defaults) > _MANY_ATTRIBUTES or not all(map(_is_word, form.defaults)):
            copy = self._source.constant(dict(form.defaults).copy, "copy")
            return [f"d = {copy}()", *(f"d[{name!r}] = {local}" for name, local in given.items()), "m.__dict__ = d"]
        return [f"m.{name} = {given.get(name) or self._default(default)}" for name, default in form.defaults.items()]

    def _default(self, value: Any) -> str:
        return "None" if value is None else self._source.constant(value, "default")

    def _value(self, shape: nodes.Shape, target: FormField, local: str, reader: RowReader) -> list[str]:
        """Return the statements that put what an attribute gets into a local variable."""
        mismatch = f"raise {self._source.constant(FormMismatch, 'mismatch')}"
        if isinstance(shape, nodes.ObjectShape):
            return self._relation(shape, target, local, mismatch, reader)
        assert isinstance(shape, nodes.FieldShape)  # noqa: S101 - a row count is no field of a record
        read = reader.column(shape.db_name)
        if target.is_list:
            wrap = self._source.constant(target.wrap, "wrap") if target.wrap is not None else ""
            return [
                f"{local} = {self._values.expression(shape, read, is_exact=reader.is_exact)}",
                *([f"{local} = [None if i is None else {wrap}(i) for i in {local}]"] if wrap else ()),
            ]
        absent = mismatch if target.is_required and shape.type not in _NULLABLE else "pass"
        return [
            *assigned(local, read),
            *self._values.statements(shape, target, local, absent, is_exact=reader.is_exact),
        ]

    def _relation(
        self, shape: nodes.ObjectShape, target: FormField, local: str, mismatch: str, reader: RowReader
    ) -> list[str]:
        inner = self._related(shape, target.related() if target.related else None, reader.is_exact)
        wrong = f"type({local}) is not list" if target.is_list else f"type({local}) is list"
        missing = [f"if {local} is None: {mismatch}"] if target.is_required else []
        return [
            f"{local} = {inner}({reader.column(shape.serialized_name or '')})",
            *missing,
            f"if {local} is not None and {wrong}: {mismatch}",
        ]


def _is_word(name: str) -> bool:
    return name.isidentifier() and not iskeyword(name)
