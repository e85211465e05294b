"""Lists in SQL: `IN ($1,$2,…)` becomes `= ANY($1)`, so that one statement serves every length.

An array also makes empty lists right (`<> ALL('{}')` keeps every row, `NOT IN (NULL)` keeps none) and knows no limit
on the number of parameters.
"""

from __future__ import annotations

from collections.abc import Sequence

from prisma.plan.nodes import ArrayParameter, Fragment, ParameterTuple, Text

_LOWERED = "(ARRAY(SELECT LOWER(x) FROM unnest({}::text[]) AS x))"


def with_arrays(fragments: Sequence[Fragment]) -> tuple[Fragment, ...]:
    """Return the fragments with every list after IN or NOT IN as one array; other lists stay as they are."""
    result: list[Fragment] = []
    for fragment in fragments:
        if isinstance(fragment, ParameterTuple) and result and isinstance(before := result[-1], Text):
            result[-1:] = _rewrite(before, fragment)
        else:
            result.append(fragment)
    return tuple(result)


def _rewrite(before: Text, tuple_: ParameterTuple) -> tuple[Fragment, ...]:
    match tuple_.item_prefix, tuple_.item_suffix:
        case "", "":
            operand = "({})"
        case "LOWER(", ")":
            operand = _LOWERED
        case _:
            return before, tuple_
    for keyword, operator in ((" NOT IN ", "<> ALL"), (" IN ", "= ANY")):
        if before.chunk.endswith(keyword):
            return Text(before.chunk.removesuffix(keyword) + " "), ArrayParameter(operator + operand)
    return before, tuple_
