"""Links: the UPDATE that writes the key of a record which a nested upsert has just created.

`{"author": {"upsert": {"where": …, "create": …, "update": …}}}` creates an author when the post has none, or one that
`where` does not fit, and then sets the post's key. The compiler repeats `where` in that UPDATE. There it is about the
wrong table: the server refuses the statement, or, when a model is related to itself, updates no record and leaves the
new one unconnected. Which post it is follows from the post's own key, so nothing is lost without the condition.
"""

from __future__ import annotations

from typing import Final

from prisma.plan.nodes import Execute, Let, Node, Param, Statement, Text, Unique, Validate

_OPERATION: Final = ("operation", "a nested upsert")
_PURPOSE: Final = "update inlined relation"
_NO_CONDITION: Final = (Text(" AND 1=1)"),)


def with_plain_link(node: Let) -> Let:
    """Return the node with nothing but keys in the conditions of its UPDATE; the node itself if that links nothing."""
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
    """Return an UPDATE without what follows its conditions on keys, all of which stand in one pair of parentheses."""
    places = [position for position, fragment in enumerate(statement.fragments) if not isinstance(fragment, Text)]
    args = statement.args
    count = max(index for index, arg in enumerate(args, 1) if isinstance(arg, Param) and arg.name in keys)
    end = places[count - 1] + 1
    if statement.fragments[end:] == _NO_CONDITION:
        return statement
    fragments = (*statement.fragments[:end], Text(")"))
    return Statement(fragments, args[:count], statement.arg_types[:count], statement.chunkable)
