"""Operations on the records of a run: lists of dicts, one dict, or None."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from prisma.engine.arguments import as_list
from prisma.engine.conversions import key, text
from prisma.engine.plan_error import contradiction

Record: TypeAlias = dict[str, Any]


def from_rows(rows: Sequence[Mapping[str, Any]]) -> list[Record]:
    """Return a driver's rows as dicts, which a run may change."""
    return [dict(row) for row in rows]


def unique(value: Any) -> Any:
    """Return the only element of a list, None for an empty one; anything else itself."""
    if not isinstance(value, list):
        return value
    found = cast("list[Any]", value)
    if len(found) > 1:
        raise contradiction(f"{len(found)} records where at most one can be")
    return found[0] if found else None


def required(value: Any) -> Any:
    """Return the value; it must not be None or an empty list."""
    if is_empty(value):
        raise contradiction("a required value is missing")
    return value


def is_empty(value: Any) -> bool:
    return value is None or value == []


def map_field(value: Any, field: str) -> Any:
    """Return a field of a record, or of each record of a list; anything else itself."""
    if isinstance(value, list):
        return [map_field(item, field) for item in cast("list[Any]", value)]
    return cast("Record", value).get(field) if isinstance(value, dict) else value


def record_key(record: Record, fields: Sequence[str]) -> tuple[Hashable, ...]:
    """Return the values of some fields as a hashable key."""
    return tuple([key(record.get(field)) for field in fields])


def difference(left: Any, right: Any, fields: Sequence[str]) -> list[Any]:
    """Return the elements of `left` whose key is no key of `right`."""

    def element_key(item: Any) -> Hashable:
        # A missing record equals another missing one.
        return None if item is None else record_key(item, fields)

    excluded = {element_key(item) for item in as_list(right)}
    return [item for item in as_list(left) if element_key(item) not in excluded]


def attach(
    parents: list[Record],
    children: Any,
    *,
    on: Sequence[tuple[str, str]],
    field: str,
    single: bool,
    strict: bool,
) -> None:
    """Put each child into `field` of every parent with an equal key.

    `single` says that a parent has one child at most. Without `strict` the keys' types differ and their texts count.
    """
    left, right = [pair[0] for pair in on], [pair[1] for pair in on]
    # Indexed by parents: several can have the same key, and then share their children.
    by_key: dict[Hashable, list[Record]] = {}
    for parent in parents:
        parent[field] = None if single else []
        by_key.setdefault(_join_key(parent, left, strict=strict), []).append(parent)
    # The last child wins where only one can be: the database has a unique key for it.
    for child in [] if children is None else as_list(children):
        for parent in by_key.get(_join_key(child, right, strict=strict), ()):
            if single:
                parent[field] = child
            else:
                parent[field].append(child)


def _join_key(record: Record, fields: Sequence[str], *, strict: bool) -> Hashable:
    if strict:
        return record_key(record, fields)
    return tuple([None if (value := record.get(field)) is None else text(value) for field in fields])
