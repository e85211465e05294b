"""Walking through plans of any nodes, and copying them with other parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import is_
from typing import Any, Final, cast, get_args

from prisma.frozen import Frozen
from prisma.plan import nodes

# For each class of nodes, the positions of the fields that hold nodes by their declared type: passes go nowhere else.
_INNER: Final[Mapping[type[Any], Sequence[int]]] = {
    class_: [
        position
        for position, name in enumerate(class_.__match_args__)
        if "Node" in class_.__annotations__[name] or "JoinChild" in class_.__annotations__[name]
    ]
    for class_ in (*get_args(nodes.Node), nodes.JoinChild)
}


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


def map_nodes(plan: nodes.Node, change: Callable[[nodes.Node], nodes.Node]) -> nodes.Node:
    """Return the plan with `change` applied to every node, inner nodes first; the plan itself if nothing changes."""
    return cast("nodes.Node", _mapped(plan, change))


def map_statements(plan: nodes.Node, change: Callable[[nodes.Statement], nodes.Statement]) -> nodes.Node:
    """Return the plan with `change` applied to every statement; the plan itself if nothing changes."""

    def changed(node: nodes.Node) -> nodes.Node:
        if not isinstance(node, nodes.Query | nodes.Execute):
            return node
        statement = change(node.statement)
        return node if statement is node.statement else type(node)(statement)

    return map_nodes(plan, changed)


def _mapped(item: Any, change: Callable[[nodes.Node], nodes.Node]) -> Any:
    # Most passes change little of a plan: what stays the same is not copied.
    if type(item) is tuple:
        elements = cast("tuple[Any, ...]", item)
        mapped = [_mapped(element, change) for element in elements]
        return elements if all(map(is_, mapped, elements)) else tuple(mapped)
    positions = _INNER.get(cast("type[Any]", type(item)))
    if positions is None:
        # A name before a node.
        return item
    made = _with_inner(item, positions, change) if positions else item
    return made if type(made) is nodes.JoinChild else change(made)


def _with_inner(item: Any, positions: Sequence[int], change: Callable[[nodes.Node], nodes.Node]) -> Any:
    """Return a node with its inner nodes mapped."""
    names = item.__match_args__
    inner = [(position, getattr(item, names[position])) for position in positions]
    mapped = [(position, _mapped(part, change)) for position, part in inner]
    if all(after is before for (_, before), (_, after) in zip(inner, mapped, strict=True)):
        return item
    parts = [getattr(item, name) for name in names]
    for position, part in mapped:
        parts[position] = part
    return type(item)(*parts)
