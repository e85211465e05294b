"""Slots: where two plans of one shape differ by a number of the request, or can't be shared."""

from __future__ import annotations

from typing import Any

import pytest

from prisma.plan.nodes import Literal, Operations, Pagination, Param, Process, Query, Slot, Unit
from prisma.plan.slots import decode_with_slots

LIMIT = {"arity": "scalar", "scalarType": "bigint", "dbType": None}


def query(*args: Any, text: str = "SELECT ", **other: Any) -> dict[str, Any]:
    fragments = [{"type": "stringChunk", "chunk": text}, *({"type": "parameter"} for _ in args)]
    form = {"placeholderFormat": {"prefix": "$", "hasNumbering": True}, "chunkable": False}
    sql = {"type": "templateSql", "fragments": fragments, "args": list(args), "argTypes": [LIMIT] * len(args), **form}
    return {"type": "query", "args": {**sql, **other}}


def page(take: Any, skip: Any = None, distinct: Any = None) -> dict[str, Any]:
    pagination = {"cursor": None, "take": take, "skip": skip}
    operations = {"pagination": pagination, "distinct": distinct, "reverse": False, "linkingFields": None, "nested": {}}
    return {"type": "process", "args": {"expr": {"type": "unit"}, "operations": operations}}


def args_of(node: Any) -> Any:
    assert isinstance(node, Query)
    return node.statement.args


def test_arguments_of_statements() -> None:
    param = {"prisma__type": "param", "prisma__value": {"name": "%1", "type": "Int"}}
    node = decode_with_slots(query(param, "101", "201"), query(param, "102", "202"), [(201, 202), (101, 102)])
    assert args_of(node) == (Param("%1"), Slot(1), Slot(0))


def test_pages_in_memory() -> None:
    node = decode_with_slots(page(101.0, 201.0), page(102.0, 202.0), [(101, 102), (201, 202)])
    operations = Operations(Pagination(None, Slot(0), Slot(1)), None, False, None, ())
    assert node == Process(Unit(), operations)


def test_negative_number_is_found_by_its_absolute_value() -> None:
    assert args_of(decode_with_slots(query("101"), query("102"), [(-101, -102)])) == (Slot(0),)


def test_one_number_in_two_places() -> None:
    assert args_of(decode_with_slots(query("101", 101.0), query("102", 102.0), [(101, 102)])) == (Slot(0), Slot(0))


def test_equal_plans_without_numbers() -> None:
    assert args_of(decode_with_slots(query("5"), query("5"), [])) == (Literal(5),)


@pytest.mark.parametrize(
    ("a", "b", "pairs"),
    [
        pytest.param(query("5"), query("5"), [(101, 102)], id="number not found"),
        pytest.param(query("101"), query("103"), [(101, 102)], id="another number"),
        pytest.param(query("102"), query("103"), [(101, 102)], id="derived number"),
        pytest.param(query("-101"), query("-102"), [(-101, -102)], id="negative in the plan"),
        pytest.param(query("101"), query(102.0, "x"), [(101, 102)], id="lengths differ"),
        pytest.param(query("101", text="a"), query("102", text="b"), [(101, 102)], id="text differs"),
        pytest.param(query("101", text="101"), query("102", text="102"), [(101, 102)], id="number in the text"),
        pytest.param(query("101", extra=1), query("102"), [(101, 102)], id="keys differ"),
        pytest.param(page(101.0, distinct="101"), page(102.0, distinct="102"), [(101, 102)], id="number elsewhere"),
        pytest.param(query(True), query(1.0), [], id="true is not 1"),
        pytest.param(query("101"), query("102"), [(101, 102), (101, 102)], id="two numbers alike"),
        pytest.param(query("101"), query("102"), [(101, -102)], id="signs differ"),
        pytest.param(query("101"), query(None), [(101, 102)], id="no number"),
        pytest.param(query("101"), query(["102"]), [(101, 102)], id="list"),
    ],
)
def test_plan_that_can_not_be_shared(a: Any, b: Any, pairs: list[tuple[int, int]]) -> None:
    assert decode_with_slots(a, b, pairs) is None
