"""Filters and updates of scalars and enums, the same for every model."""

from __future__ import annotations

from collections.abc import Iterable

from prisma.generator.model import Enum
from prisma.generator.render.typed_dicts import SCALARS, Entry, TypesWriter

_ORDERED = ("DateTime", "Int", "BigInt", "Float", "Decimal")
_COMPARISONS = ("lt", "lte", "gt", "gte")
# What an average, or the sum, of a type is compared with.
_AVERAGES = {"Int": "Float", "BigInt": "Float"}
_ATOMIC = {"Float": "float", "Int": "int"}
_OPERATIONS = ("set", "divide", "multiply", "increment", "decrement")


def write_filters(types: TypesWriter, enums: Iterable[Enum]) -> None:
    """Write every filter, atomic update and list operation."""
    enum_names = [enum.name for enum in enums]
    for scalar in SCALARS:
        _write_filter(types, scalar)
    for enum in enum_names:
        _write_enum_filter(types, enum)
    for scalar in SCALARS:
        _write_aggregate_filter(types, scalar)
    for scalar, python in _ATOMIC.items():
        _write_atomic(types, scalar, python)
    types.alias("AtomicBigIntInput", "AtomicIntInput")
    for name in (*SCALARS, *enum_names):
        _write_list(types, name)


def _write_filter(types: TypesWriter, scalar: str) -> None:
    name, item = f"{scalar}Filter", types.item(scalar)
    negation = item if scalar == "Json" else types.union(item, f'"{name}"')
    entries = [Entry("equals", item)]
    if scalar not in {"Json", "Boolean"}:
        entries += [Entry("in", types.list_of(item)), Entry("not_in", types.list_of(item))]
    if scalar == "String" or scalar in _ORDERED:
        entries += [Entry(comparison, item) for comparison in _COMPARISONS]
    if scalar == "String":
        entries += [Entry(key, item) for key in ("contains", "startswith", "endswith", "search")]
        entries.append(Entry("mode", types.ref("SortMode")))
    types.typed_dict(name, [*entries, Entry("not", negation)], total=False)


def _write_enum_filter(types: TypesWriter, enum: str) -> None:
    name, item = f"{enum}Filter", types.item(enum)
    values = types.list_of(item)
    types.typed_dict(
        name,
        (
            Entry("equals", item),
            Entry("in", values),
            Entry("not_in", values),
            Entry("not", types.union(item, f'"{name}"')),
        ),
        total=False,
    )


def _write_aggregate_filter(types: TypesWriter, scalar: str) -> None:
    base = types.ref(f"{scalar}Filter")
    average = types.ref(f"{_AVERAGES.get(scalar, scalar)}Filter")
    types.typed_dict(
        f"{scalar}WithAggregatesFilter",
        (
            Entry("_max", base),
            Entry("_min", base),
            Entry("_sum", base),
            Entry("_avg", average),
            Entry("_count", types.ref("IntFilter")),
        ),
        total=False,
        base=base,
    )


def _write_atomic(types: TypesWriter, scalar: str, python: str) -> None:
    names = [f"_{scalar}{operation.capitalize()}Input" for operation in _OPERATIONS]
    for name, operation in zip(names, _OPERATIONS, strict=True):
        types.typed_dict(name, (Entry(operation, python),))
    types.union_alias(f"Atomic{scalar}Input", names)


def _write_list(types: TypesWriter, name: str) -> None:
    item = types.item(name)
    items = types.list_of(item)
    filters = {
        "Equals": Entry("equals", types.optional(items)),
        "Has": Entry("has", item),
        "HasEvery": Entry("has_every", items),
        "HasSome": Entry("has_some", items),
        "IsEmpty": Entry("is_empty", "bool"),
    }
    updates = {"Set": Entry("set", items), "Push": Entry("push", types.union(item, items))}
    for operation, entry in filters.items():
        types.typed_dict(f"_{name}ListFilter{operation}Input", (entry,))
    types.union_alias(f"{name}ListFilter", [f"_{name}ListFilter{operation}Input" for operation in filters])
    for operation, entry in updates.items():
        types.typed_dict(f"_{name}ListUpdate{operation}", (entry,))
    types.union_alias(f"{name}ListUpdate", [items, *(f"_{name}ListUpdate{operation}" for operation in updates)])
