"""The decoder of a plan: a function, made once, that turns the rows of its statements into results.

The decoder is written as Python source, because the loop over rows is the hottest code of the client: measured on rows
of six columns, the generated dict display takes half the time of a loop over converter functions. For a model with an
`id`, an optional `name` and a list of related `posts`, the source is this (`w` saves a second look at the row):

    def object_1(r):
        if type(r) is str: r = loads_0(r)
        if type(r) is list: return [None if r is None else {…, 'posts': object_0(r['posts'])} for r in r]
        return None if r is None else {
            'id': (w if type((w := r['id'])) is int or w is None else integer_1(w)),
            'name': (w if type((w := r['name'])) is str or w is None else text_2(w)),
            'posts': object_0(r['posts']),
        }

Names with a number are constants: functions of `prisma.engine.conversions`, and the decoders of relations. Nothing else
gets into the source but the names of columns and fields, written by `repr`. `record_source` shows what is written for
instances of a class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, TypeAlias
from weakref import WeakValueDictionary

from prisma.dialects.dialect import Dialect
from prisma.engine.decode_errors import guarded
from prisma.engine.large_answers import LargeAnswer
from prisma.engine.object_source import ObjectSource
from prisma.engine.record_form import FormField, RecordForm
from prisma.plan import nodes
from prisma.plan.tree import walk

Decoder: TypeAlias = Callable[[Any], Any]
"""Takes rows, a row, None, JSON text of those or a row count; returns the result."""

ROWS: Final = 1000
"""Rows that become records in some milliseconds."""

RELATED_ROWS: Final = 20
"""The same of rows with related rows inside, which may be many."""

_Enums: TypeAlias = Mapping[str, tuple[tuple[str, str], ...]]


def load_data_map(node: nodes.DataMap, dialect: Dialect, form: RecordForm | None = None) -> Decoder:
    """Return the decoder of a dataMap node; PlanError P2023 for data that does not fit the schema.

    With a form the results are its records. Plans whose results are alike share one decoder, as long as one of them
    lives.
    """
    if isinstance(node.structure, nodes.AffectedRowsShape):
        return _affected_rows
    key = node.structure, node.enums, _has_nested_process(node.expr), id(dialect), form
    decoder = _shared.get(key)
    if decoder is None:
        source = partial(ObjectSource, node.enums, dialect, from_process=key[2])
        decoder = _shared[key] = _loaded(node.structure, source, dict(node.enums), form)
    return decoder


_shared: Final[WeakValueDictionary[object, Decoder]] = WeakValueDictionary()


def _loaded(shape: nodes.Shape, source: Callable[[], ObjectSource], enums: _Enums, form: RecordForm | None) -> Decoder:
    # A source is for one decoder.
    def decoder_of(part: nodes.Shape) -> Decoder:
        return source().decoder(part)

    if form is None:
        return guarded(decoder_of(shape), shape, decoder_of)
    # For the rows that it is needed for, which most forms never meet.
    plain = _first_used(lambda: guarded(decoder_of(shape), shape, decoder_of))

    def parsed(value: Any) -> Any:
        try:
            return form.parsed(plain(value))
        except LargeAnswer as large:
            large.decode = partial(parsed, value)
            raise

    if not isinstance(shape, nodes.ObjectShape) or not _fits(shape, form, enums):
        return parsed
    # Rows that do not match the form go through the class, which may convert or refuse their values.
    return guarded(source().decoder(shape, form), shape, decoder_of, otherwise=parsed)


def portion_of(shape: nodes.Shape) -> int:
    """Return how many rows of a list become records in some milliseconds; 0 for what is no record."""
    if not isinstance(shape, nodes.ObjectShape):
        return 0
    return RELATED_ROWS if has_related(shape) else ROWS


def has_related(shape: nodes.Shape) -> bool:
    """Say whether rows have related rows inside."""
    return isinstance(shape, nodes.ObjectShape) and any(
        isinstance(field, nodes.ObjectShape) and field.serialized_name is not None for _, field in shape.fields
    )


def _first_used(load: Callable[[], Decoder]) -> Decoder:
    """Return a decoder that is loaded when it is first used."""
    loaded: list[Decoder] = []

    def decode(value: Any) -> Any:
        if not loaded:
            loaded.append(load())
        return loaded[0](value)

    return decode


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


def _has_nested_process(node: nodes.Node) -> bool:
    """Say whether relations may arrive parsed, by a process node that worked on them."""
    return any(isinstance(item, nodes.Process) and item.operations.nested for item in walk(node))
