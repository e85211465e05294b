"""Lists as arrays: `IN ($1,$2,…)` becomes `= ANY($1)`, so that one statement serves lists of every length.

An array also makes empty lists right (`<> ALL('{}')` keeps every row, while the compiler's `NOT IN (NULL)` keeps none),
and it has no limit on the number of elements, while a statement has one on the number of parameters.
"""

from __future__ import annotations

from collections.abc import Sequence

from prisma.plan.nodes import ArrayParameter, Fragment, Node, ParameterTuple, Statement, Text
from prisma.plan.tree import map_statements

# The form in which the compiler compares without case.
_LOWERED = "(ARRAY(SELECT LOWER(x) FROM unnest({}::text[]) AS x))"


def pass_lists_as_arrays(plan: Node) -> Node:
    """Return the plan with an array for every list after IN and NOT IN; other lists stay."""
    return map_statements(plan, _with_arrays)


def _with_arrays(statement: Statement) -> Statement:
    if not any(isinstance(fragment, ParameterTuple) for fragment in statement.fragments):
        return statement
    fragments = with_arrays(statement.fragments)
    return Statement(fragments, statement.args, statement.arg_types, statement.chunkable)


def with_arrays(fragments: Sequence[Fragment]) -> tuple[Fragment, ...]:
    """Return the fragments of a statement with an array for every list after IN and NOT IN."""
    result: list[Fragment] = []
    for fragment in fragments:
        if isinstance(fragment, ParameterTuple) and result and isinstance(before := result[-1], Text):
            result[-1:] = _rewritten(before, fragment)
        else:
            result.append(fragment)
    return tuple(result)


def _rewritten(before: Text, tuple_: ParameterTuple) -> tuple[Fragment, ...]:
    match tuple_.item_prefix, tuple_.item_suffix:
        case "", "":
            operand = "({})"
        case "LOWER(", ")":
            operand = _LOWERED
        case _:
            return before, tuple_
    # NOT IN also ends in IN.
    for keyword, operator in ((" NOT IN ", "<> ALL"), (" IN ", "= ANY")):
        if before.chunk.endswith(keyword):
            return Text(before.chunk.removesuffix(keyword) + " "), ArrayParameter(operator + operand)
    return before, tuple_
