"""Writes the filters and updates of scalars and enums for `types.py`, which are the same for every model.

Example:

    AtomicIntInput = Union[_IntSetInput, _IntDivideInput, _IntMultiplyInput, _IntIncrementInput, _IntDecrementInput]
"""

from __future__ import annotations

from collections.abc import Iterable

from prisma.dialects.dialect import Feature
from prisma.generator.render.python_types import SCALARS
from prisma.generator.render.typed_dicts import Entry, TypesWriter
from prisma.schema.datamodel import Enum

_ORDERED = ("DateTime", "Int", "BigInt", "Float", "Decimal")
_COMPARISONS = ("lt", "lte", "gt", "gte")
_JSON_TEXTS = ("string_contains", "string_starts_with", "string_ends_with")
_JSON_ARRAYS = ("array_contains", "array_starts_with", "array_ends_with")
# What an average of a type is compared with.
_AVERAGES = {"Int": "Float", "BigInt": "Float"}
_ATOMIC = ("Float", "Int", "Decimal")
_OPERATIONS = ("set", "divide", "multiply", "increment", "decrement")


def write_filters(types: TypesWriter, enums: Iterable[Enum]) -> None:
    """Write every filter, atomic update and list operation."""
    enum_names = [enum.name for enum in enums]
    _write_nulls(types)
    for name in (*SCALARS, *enum_names):
        _write_filter(types, name, is_nullable=False)
        _write_filter(types, name, is_nullable=True)
    for name in (*SCALARS, *enum_names):
        _write_aggregate_filter(types, name)
    for scalar in _ATOMIC:
        _write_atomic(types, scalar)
    types.alias("AtomicBigIntInput", "AtomicIntInput")
    for name in (*SCALARS, *enum_names):
        _write_list(types, name)


def _write_nulls(types: TypesWriter) -> None:
    fields = types.writer.name("prisma", "fields")
    types.alias("JsonNullValueInput", f"{fields}.JsonNullType")
    types.union_alias("NullableJsonNullValueInput", (f"{fields}.DbNullType", f"{fields}.JsonNullType"))
    types.union_alias(
        "JsonNullValueFilter", (f"{fields}.DbNullType", f"{fields}.JsonNullType", f"{fields}.AnyNullType")
    )


def _write_filter(types: TypesWriter, type: str, *, is_nullable: bool) -> None:
    """Write the filter of a scalar or enum: for fields that are never null, or for those that may be."""
    name, item = f"{type}{'Nullable' if is_nullable else ''}Filter", types.item(type)
    if type == "Json":
        if is_nullable:
            # The kinds of null are values of a Json field, whether its column may be NULL or not.
            types.alias(name, "JsonFilter")
        else:
            _write_json_filter(types, name)
        return
    none = ("None",) if is_nullable else ()
    value = types.union(item, types.reference(item))
    entries = [Entry("equals", types.union(*none, item, types.reference(item)))]
    if type != "Boolean":
        items = types.list_of(item)
        entries += [Entry(key, types.union(items, types.reference(items))) for key in ("in", "not_in")]
    if type == "String" or type in _ORDERED:
        entries += [Entry(comparison, value) for comparison in _COMPARISONS]
    if type == "String":
        entries += [Entry(key, value) for key in ("contains", "startswith", "endswith")]
        entries += [Entry("search", item)] if Feature.FULL_TEXT in types.features else []
        entries += _mode(types)
    entries.append(Entry("not", types.union(*none, item, types.reference(item), f'"{name}"')))
    types.typed_dict(name, entries, total=False)


def _write_json_filter(types: TypesWriter, name: str) -> None:
    item, text, features = types.item("Json"), types.item("String"), types.features
    value, whole = types.union(item, types.reference(item)), types.union(item, types.ref("JsonNullValueFilter"))
    types.typed_dict(
        name,
        (
            Entry("equals", types.optional(types.union(whole, types.reference(item)))),
            Entry("path", types.list_of(text) if Feature.JSON_PATH_LISTS in features else text),
            *(Entry(key, types.union(text, types.reference(text))) for key in _JSON_TEXTS),
            *(Entry(key, types.optional(value)) for key in _JSON_ARRAYS if Feature.JSON_ARRAYS in features),
            *(Entry(comparison, value) for comparison in _COMPARISONS if Feature.JSON_ORDER in features),
            *_mode(types),
            Entry("not", types.optional(types.union(whole, types.reference(item)))),
        ),
        total=False,
    )


def _mode(types: TypesWriter) -> list[Entry]:
    return [Entry("mode", types.ref("SortMode"))] if Feature.INSENSITIVE in types.features else []


def _write_aggregate_filter(types: TypesWriter, type: str) -> None:
    base = f"{type}Filter"
    average = types.ref(f"{_AVERAGES.get(type, type)}Filter")
    entries = (
        Entry("_max", base),
        Entry("_min", base),
        *((Entry("_sum", base), Entry("_avg", average)) if type in SCALARS else ()),
        Entry("_count", types.ref("IntFilter")),
    )
    types.typed_dict(f"{type}WithAggregatesFilter", entries, total=False, bases=(base,))


def _write_atomic(types: TypesWriter, scalar: str) -> None:
    names = [f"_{scalar}{operation.capitalize()}Input" for operation in _OPERATIONS]
    for name, operation in zip(names, _OPERATIONS, strict=True):
        types.typed_dict(name, (Entry(operation, types.item(scalar)),))
    types.union_alias(f"Atomic{scalar}Input", names)


def _write_list(types: TypesWriter, name: str) -> None:
    item = types.item(name)
    items = types.list_of(item)
    filters = {
        "Equals": Entry("equals", types.optional(items)),
        "Has": Entry("has", types.union(item, types.reference(item))),
        "HasEvery": Entry("has_every", types.union(items, types.reference(items))),
        "HasSome": Entry("has_some", types.union(items, types.reference(items))),
        "IsEmpty": Entry("is_empty", "bool"),
    }
    updates = {"Set": Entry("set", items), "Push": Entry("push", types.union(item, items))}
    for operation, entry in filters.items():
        types.typed_dict(f"_{name}ListFilter{operation}Input", (entry,))
    types.union_alias(f"{name}ListFilter", [f"_{name}ListFilter{operation}Input" for operation in filters])
    for operation, entry in updates.items():
        types.typed_dict(f"_{name}ListUpdate{operation}", (entry,))
    types.union_alias(f"{name}ListUpdate", [items, *(f"_{name}ListUpdate{operation}" for operation in updates)])
