"""Walking and rebuilding plans, whatever their nodes are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from prisma.frozen import Frozen


def walk(item: object) -> Iterator[object]:
    """Yield a node and everything inside it: nodes, statements, values, rules, shapes."""
    if isinstance(item, tuple):
        for element in cast("tuple[object, ...]", item):
            yield from walk(element)
    elif isinstance(item, Frozen):
        yield item
        for name in item.__match_args__:
            yield from walk(getattr(item, name))


def rebuild(item: Any, change: Callable[[Any], Any]) -> Any:
    """Return the tree with `change` applied from the top; what it returns changed is not walked again.

    `change` returns its argument to have the parts of it rebuilt.
    """
    if isinstance(item, tuple):
        return tuple(rebuild(element, change) for element in cast("tuple[Any, ...]", item))
    if not isinstance(item, Frozen):
        return item
    changed = change(item)
    if changed is not item:
        return changed
    return type(item)(*(rebuild(getattr(item, name), change) for name in item.__match_args__))
