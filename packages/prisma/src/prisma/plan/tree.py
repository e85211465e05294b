"""Walking and rebuilding plans, whatever their nodes are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast


def walk(item: object) -> Iterator[object]:
    """Yield a node and everything inside it: nodes, statements, values, rules, shapes."""
    if isinstance(item, tuple):
        for element in cast("tuple[object, ...]", item):
            yield from walk(element)
    elif is_dataclass(item):
        yield item
        for field in fields(item):
            yield from walk(getattr(item, field.name))


def rebuild(item: Any, change: Callable[[Any], Any]) -> Any:
    """Return the tree with `change` applied from the top; what it returns changed is not walked again.

    `change` returns its argument to have the parts of it rebuilt.
    """
    if isinstance(item, tuple):
        return tuple(rebuild(element, change) for element in cast("tuple[Any, ...]", item))
    if not is_dataclass(item):
        return item
    changed = change(item)
    if changed is not item:
        return changed
    parts = {field.name: rebuild(getattr(item, field.name), change) for field in fields(item)}
    return replace(cast("Any", item), **parts)
