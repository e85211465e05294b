"""Lists after `IN` in a database without arrays: their lengths, and which of them become JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest

from prisma.dialects.sqlite import SQLITE
from prisma.engine.generators import Generators
from prisma.engine.plan_error import PlanError
from prisma.engine.rendering import load_rendering
from prisma.engine.run import Run
from prisma.engine.value_lists import JsonList, as_json, padded
from prisma.plan.nodes import Fragment, Literal, Parameter, ParameterTuple, Statement, Text

TUPLE = ParameterTuple("", ",", "")
LOWER = ParameterTuple("LOWER(", ",", ")")
LONG = list(range(513))


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("count", "size"),
    [(0, 0), (1, 1), (2, 2), (3, 4), (5, 8), (33, 64), (256, 256), (257, 512), (511, 512), (512, 512), (513, 513)],
)
def test_lengths(count: int, size: int) -> None:
    values = LONG[:count]
    assert padded(values) == [*values, *LONG[count - 1 : count] * (size - count)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        (2**63 - 1, "9223372036854775807"),
        (-(2**63), "-9223372036854775808"),
        (2**63, None),
        (-(2**63) - 1, None),
        ('é"\\\n', '"é\\"\\\\\\n"'),
        ("a\0", None),
        (None, None),
        (True, None),
        (1.0, None),
        (Decimal(1), None),
        (b"a", None),
        (datetime(2026, 1, 1, tzinfo=UTC), None),
        (UUID(int=1), None),
        (Colour.RED, None),
    ],
)
def test_which_lists_become_json(value: Any, text: str | None) -> None:
    expected = [value] * 513 if text is None else JsonList(f"[{', '.join([text] * 513)}]")
    assert (as_json([value] * 513), as_json([value] * 512)) == (expected, [value] * 512)


def test_lists_of_several_kinds() -> None:
    numbers, mixed = [*LONG, None], [*LONG, "a"]
    assert (as_json(numbers), as_json(mixed)) == (JsonList(f"[{', '.join(map(str, LONG))}, null]"), mixed)


def render(generators: Generators, *lists: tuple[Fragment, Any]) -> list[tuple[str, Sequence[Any]]]:
    fragments = [part for fragment, _ in lists for part in (Text(" IN "), fragment)]
    statement = Statement(tuple(fragments), tuple(Literal(values) for _, values in lists), (), True)
    return [(sql, args) for sql, args in load_rendering(statement, SQLITE)(Run([], [], generators), {})]


@pytest.mark.parametrize(
    ("lists", "sql", "args"),
    [
        pytest.param([(TUPLE, [])], " IN ()", (), id="no elements"),
        pytest.param([(TUPLE, [1])], " IN (?)", (1,), id="one"),
        pytest.param([(TUPLE, [1, 2, 3])], " IN (?,?,?,?)", (1, 2, 3, 3), id="three"),
        pytest.param([(LOWER, [1, 2, 3])], " IN (LOWER(?),LOWER(?),LOWER(?))", (1, 2, 3), id="within a function"),
        pytest.param(
            [(TUPLE, LONG), (Parameter(), 5)], " IN (SELECT +value FROM json_each(?)) IN ?",
            (f"[{', '.join(map(str, LONG))}]", 5), id="long",
        ),
    ],
)  # fmt: skip
def test_statements(generators: Generators, lists: list[tuple[Fragment, Any]], sql: str, args: tuple[Any, ...]) -> None:
    assert render(generators, *lists) == [(sql, args)]


def test_lists_are_not_padded_beyond_the_limit(generators: Generators) -> None:
    # Padded, they would have 64 times 512 elements, and two more than a statement may have.
    [(_, args)] = render(generators, *[(TUPLE, LONG[:511])] * 64)
    assert len(args) == 64 * 511


def test_a_long_list_that_json_can_not_hold_has_a_limit(generators: Generators) -> None:
    with pytest.raises(PlanError, match="32767 parameters") as caught:
        render(generators, (TUPLE, [0.5] * 32_767))
    assert caught.value.code == "P2029"
