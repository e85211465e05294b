"""Lists in SQL become one array where the words before them allow it."""

from __future__ import annotations

import pytest

from prisma.plan.nodes import ArrayParameter, Fragment, Parameter, ParameterTuple, ParameterTupleList, Text
from prisma.plan.passes.any_lists import with_arrays

PLAIN = ParameterTuple("", ",", "")
LOWER = ParameterTuple("LOWER(", ",", ")")
UPPER = ParameterTuple("UPPER(", ",", ")")
ROWS = ParameterTupleList("(", ",", ")", ",")
LOWERED = "(ARRAY(SELECT LOWER(x) FROM unnest({}::text[]) AS x))"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([Text("a IN "), PLAIN, Text(")")], [Text("a "), ArrayParameter("= ANY({})"), Text(")")]),
        ([Text("a NOT IN "), PLAIN], [Text("a "), ArrayParameter("<> ALL({})")]),
        ([Text("a IN "), LOWER], [Text("a "), ArrayParameter("= ANY" + LOWERED)]),
        ([Text("a NOT IN "), LOWER], [Text("a "), ArrayParameter("<> ALL" + LOWERED)]),
        (
            [Text("a IN "), PLAIN, Text(" AND b IN "), PLAIN],
            [Text("a "), ArrayParameter("= ANY({})"), Text(" AND b "), ArrayParameter("= ANY({})")],
        ),
        ([Text("a IN "), UPPER], [Text("a IN "), UPPER]),
        ([Text("a = "), PLAIN], [Text("a = "), PLAIN]),
        ([Text("VALUES "), ROWS], [Text("VALUES "), ROWS]),
        ([Parameter(), PLAIN], [Parameter(), PLAIN]),
        ([PLAIN], [PLAIN]),
    ],
)
def test_with_arrays(before: list[Fragment], after: list[Fragment]) -> None:
    assert with_arrays(before) == tuple(after)
