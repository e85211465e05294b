"""Statements rendered as SQL text and arguments."""

from __future__ import annotations

from typing import Any

import pytest

from prisma.dialects.postgresql import POSTGRESQL
from prisma.engine.generators import Generators
from prisma.engine.plan_error import PlanError
from prisma.engine.rendering import load_rendering
from prisma.engine.run import Run
from prisma.plan.nodes import (
    ArrayParameter,
    Fragment,
    Literal,
    Param,
    Parameter,
    ParameterTuple,
    ParameterTupleList,
    Slot,
    Statement,
    Text,
    Value,
)

TUPLE = ParameterTuple("", ",", "")
LOWER = ParameterTuple("LOWER(", ", ", ")")
ROWS = ParameterTupleList("(", ",", ")", ", ")
ARRAY = ArrayParameter("= ANY({})")


def render(
    fragments: list[Fragment], args: list[Value], generators: Generators, *, chunkable: bool = True, **scope: Any
) -> list[tuple[str, tuple[Any, ...]]]:
    statement = Statement(tuple(fragments), tuple(args), (), chunkable)
    return load_rendering(statement, POSTGRESQL)(Run(["v", [1, 2, 2]], [-4, 5], generators), scope)


@pytest.mark.parametrize(
    ("fragments", "args", "rendered"),
    [
        pytest.param([Text("SELECT 1")], [], ("SELECT 1", ()), id="text"),
        pytest.param(
            [Text("a = "), Parameter(), Text(" LIMIT "), Parameter(), Text(" OFFSET "), Parameter()],
            [Param("%1"), Slot(0), Slot(1)],
            ("a = $1 LIMIT $2 OFFSET $3", ("v", 4, 5)),
            id="numbered; a negative take counts by its absolute value",
        ),
        pytest.param([Text("a "), ARRAY], [Param("%2")], ("a = ANY($1)", ([1, 2, 2],)), id="array of the request"),
        pytest.param([Text("a "), ARRAY], [Param("keys")], ("a = ANY($1)", ([3, 1],)), id="array of keys"),
        pytest.param([Text("a "), ARRAY], [Param("key")], ("a = ANY($1)", ([7],)), id="scalar as an array"),
        pytest.param([Text("a IN "), TUPLE], [Param("%2")], ("a IN ($1,$2,$3)", (1, 2, 2)), id="tuple"),
        pytest.param([Text("a IN "), TUPLE], [Literal([])], ("a IN (NULL)", ()), id="empty tuple"),
        pytest.param(
            [Text("a IN "), LOWER, Text(" AND b = "), Parameter(), Text(" AND c "), ARRAY],
            [Param("%2"), Param("%1"), Literal([9])],
            ("a IN (LOWER($1), LOWER($2), LOWER($3)) AND b = $4 AND c = ANY($5)", (1, 2, 2, "v", [9])),
            id="prefix and suffix",
        ),
        pytest.param(
            [Text("VALUES "), ROWS, Text(" x")],
            [Literal([(1, 2), (3, 4)])],
            ("VALUES ($1,$2), ($3,$4) x", (1, 2, 3, 4)),
            id="rows",
        ),
        pytest.param([Text("SELECT $1, $2")], [Literal(1), Param("%1")], ("SELECT $1, $2", (1, "v")), id="ready-made"),
    ],
)
def test_statement(
    fragments: list[Fragment], args: list[Value], rendered: tuple[str, tuple[Any, ...]], generators: Generators
) -> None:
    assert render(fragments, args, generators, keys=[3, 1, 3], key=7) == [rendered]


def test_rows_beyond_the_limit_are_several_statements(generators: Generators) -> None:
    pairs = [(number, 0) for number in range(20_000)]
    rendered = render([Text("V "), ROWS, Text(" AND x = "), Parameter()], [Literal(pairs), Literal("x")], generators)
    assert [(len(args), args[0], args[-1]) for _, args in rendered] == [(32765, 0, "x"), (7237, 16382, "x")]


@pytest.mark.parametrize(
    ("fragment", "chunkable"), [pytest.param(TUPLE, True, id="filter"), pytest.param(ROWS, False, id="not chunkable")]
)
def test_too_many_parameters(fragment: Fragment, chunkable: bool, generators: Generators) -> None:
    values = Literal([(number,) for number in range(POSTGRESQL.bind_limit + 1)])
    with pytest.raises(PlanError) as caught:
        render([Text("a IN "), fragment], [values], generators, chunkable=chunkable)
    assert (caught.value.code, "32767 parameters" in str(caught.value)) == ("P2029", True)
