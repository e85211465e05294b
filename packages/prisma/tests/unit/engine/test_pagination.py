"""Pages and distinct records, made in memory."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from prisma.engine.generators import Generators
from prisma.engine.pagination import load_processing
from prisma.engine.run import Run
from prisma.plan.nodes import Literal, Operations, Pagination, Param, Slot, Value


def page(take: int | None = None, skip: int | None = None, **cursor: Value) -> Pagination:
    def number(value: int | None) -> Value | None:
        return None if value is None else Literal(value)

    return Pagination(tuple(cursor.items()) or None, number(take), number(skip))


def operations(
    pagination: Pagination | None = None,
    *,
    distinct: tuple[str, ...] | None = None,
    reverse: bool = False,
    linking: tuple[str, ...] | None = None,
    **nested: Operations,
) -> Operations:
    return Operations(pagination, distinct, reverse, linking, tuple(nested.items()))


def rows(*pairs: tuple[int, Any]) -> list[dict[str, Any]]:
    return [{"id": id_, "p": p} for id_, p in pairs]


FOUR = ((1, "a"), (2, "b"), (3, "a"), (4, "b"))


@pytest.mark.parametrize(
    ("operation", "value", "result"),
    [
        pytest.param(operations(), None, None, id="nothing"),
        pytest.param(operations(), "null", None, id="null as text"),
        pytest.param(operations(), '[{"a": 0.1}]', [{"a": Decimal("0.1")}], id="text"),
        pytest.param(operations(page(2)), rows(*FOUR), rows(*FOUR[:2]), id="take"),
        pytest.param(operations(page(0)), rows(*FOUR), [], id="take none"),
        pytest.param(operations(page(None, 1)), rows(*FOUR), rows(*FOUR[1:]), id="skip"),
        pytest.param(operations(page(2, 1)), rows(*FOUR), rows(*FOUR[1:3]), id="take and skip"),
        pytest.param(operations(page(1, 1, id=Literal(2))), rows(*FOUR), rows(FOUR[2]), id="cursor"),
        pytest.param(operations(page(id=Param("%1"))), rows(*FOUR), rows(*FOUR[2:]), id="cursor of the request"),
        pytest.param(operations(page(id=Literal(1), p=Literal("b"))), rows(*FOUR), [], id="cursor not there"),
        pytest.param(operations(Pagination(None, Slot(0), Slot(1))), rows(*FOUR), rows(*FOUR[1:3]), id="slots"),
        pytest.param(operations(distinct=("p",)), rows(*FOUR), rows(*FOUR[:2]), id="distinct"),
        pytest.param(operations(page(1, 1), distinct=("p",)), rows(*FOUR), rows(FOUR[1]), id="distinct, then page"),
        pytest.param(operations(page(2), reverse=True), rows(*FOUR), rows(*FOUR[1::-1]), id="page, then reverse"),
        pytest.param(
            operations(page(1), linking=("p",)), rows(*FOUR), rows(*FOUR[:2]), id="a page of each parent"
        ),
        pytest.param(
            operations(distinct=("id",), linking=("p",)), rows((1, "a"), (1, "b"), (1, "a")), rows((1, "a"), (1, "b")),
            id="distinct for each parent",
        ),
        pytest.param(operations(distinct=("l",)), [{"l": [1]}, {"l": [1]}], [{"l": [1]}], id="distinct lists"),
        pytest.param(
            operations(posts=operations(page(1))),
            [{"posts": '[{"id": 1}, {"id": 2}]'}, {"posts": []}],
            [{"posts": [{"id": 1}]}, {"posts": []}],
            id="nested",
        ),
        pytest.param(
            operations(posts=operations(page(1))), {"posts": [1, 2]}, {"posts": [1]}, id="nested in one record"
        ),
        pytest.param(operations(page(None, 1)), {"id": 1}, None, id="one record, skipped"),
        pytest.param(operations(page(0)), {"id": 1}, None, id="one record, not taken"),
        pytest.param(operations(page(1, 0)), {"id": 1}, {"id": 1}, id="one record, taken"),
        pytest.param(operations(page(id=Literal(2))), {"id": 1}, None, id="one record, not at the cursor"),
        pytest.param(operations(page(id=Literal(1))), {"id": 1}, {"id": 1}, id="one record, at the cursor"),
    ],
)  # fmt: skip
def test_process(operation: Operations, value: Any, result: Any, generators: Generators) -> None:
    assert load_processing(operation)(value, Run([3], [2, 1], generators), {}) == result
