"""Links of nested upserts: the UPDATE that writes the key of a record which a nested upsert has just created.

`{"author": {"upsert": {"where": …, "create": …, "update": …}}}` creates an author when the post has none, or one that
`where` does not fit, and then sets the post's key. The compiler repeats `where` in that UPDATE. There it is about the
wrong table: the server refuses the statement, or, when a model is related to itself, updates no record and leaves the
new one unconnected. The post's own key says which post it is, so nothing is lost without the condition.
"""

from __future__ import annotations

from typing import Final

from prisma.plan.nodes import Execute, Let, Node, Param, Statement, Text, Unique, Validate
from prisma.plan.tree import map_nodes

_OPERATION: Final = ("operation", "a nested upsert")
_PURPOSE: Final = "update inlined relation"
# What the compiler writes for an empty `where`.
_NO_CONDITION: Final = (Text(" AND 1=1)"),)


def link_by_keys(plan: Node) -> Node:
    """Return the plan with conditions on keys alone in the UPDATEs that link what a nested upsert created."""
    return map_nodes(plan, lambda node: _with_plain_link(node) if isinstance(node, Let) else node)


def _with_plain_link(node: Let) -> Let:
    if not isinstance(node.expr, Execute) or not any(_is_link(bound) for _, bound in node.bindings):
        return node
    statement = _by_keys(node.expr.statement, {name for name, _ in node.bindings})
    return node if statement is node.expr.statement else Let(node.bindings, Execute(statement))


def _is_link(node: Node) -> bool:
    check = node.expr if isinstance(node, Unique) else node
    if not isinstance(check, Validate) or _OPERATION not in check.context:
        return False
    return str(dict(check.context).get("neededFor")).startswith(_PURPOSE)


def _by_keys(statement: Statement, keys: set[str]) -> Statement:
    """Return an UPDATE without what follows its conditions on keys; all its conditions are in one parenthesis."""
    places = [position for position, fragment in enumerate(statement.fragments) if not isinstance(fragment, Text)]
    args = statement.args
    # Conditions on keys come first. What follows the last of them is the repeated `where`.
    count = max(index for index, arg in enumerate(args, 1) if isinstance(arg, Param) and arg.name in keys)
    end = places[count - 1] + 1
    if statement.fragments[end:] == _NO_CONDITION:
        return statement
    fragments = (*statement.fragments[:end], Text(")"))
    return Statement(fragments, args[:count], statement.arg_types[:count], statement.chunkable)
