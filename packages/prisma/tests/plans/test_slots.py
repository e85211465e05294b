"""take, skip and limit as slots: a shared plan, filled with numbers, is the plan compiled for those numbers."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from prisma.compiler.query_compiler import QueryCompiler
from prisma.plan.decode import decode
from prisma.plan.nodes import Literal, Node, Slot
from prisma.plan.slots import decode_with_slots
from prisma.plan.tree import rebuild

BY_ID = {"orderBy": {"id": "asc"}}
SCALARS = {"$scalars": True}

# A request's arguments and selection; `page` stands where the numbers go.
SHAPES: dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    "plain": ("Post", "findMany", {"page": 0}, SCALARS),
    "ordered": ("Post", "findMany", {**BY_ID, "page": 0}, SCALARS),
    "mixed order": ("Post", "findMany", {"orderBy": [{"views": "desc"}, {"id": "asc"}], "page": 0}, SCALARS),
    "cursor": ("Post", "findMany", {**BY_ID, "cursor": {"id": 3}, "page": 0}, SCALARS),
    "cursor in memory": ("Post", "findMany", {"orderBy": {"views": "asc"}, "cursor": {"id": 3}, "page": 0}, SCALARS),
    "distinct": ("Post", "findMany", {**BY_ID, "distinct": ["views"], "page": 0}, SCALARS),
    "aggregate": ("Post", "aggregate", {**BY_ID, "page": 0}, {"_count": {"selection": {"_all": True}}}),
    "group by": ("Post", "groupBy", {"by": ["views"], "orderBy": {"views": "asc"}, "page": 0}, {"views": True}),
    "nested, join": (
        "User",
        "findMany",
        {**BY_ID, "page": 0},
        {"id": True, "posts": {"arguments": {**BY_ID, "page": 1}, "selection": SCALARS}},
    ),
    "nested, query": (
        "User",
        "findMany",
        {**BY_ID, "relationLoadStrategy": "query", "page": 0},
        {"id": True, "posts": {"arguments": {**BY_ID, "page": 1}, "selection": SCALARS}},
    ),
    "nested, many to many": (
        "Post",
        "findMany",
        {"page": 0},
        {"id": True, "tags": {"arguments": {**BY_ID, "page": 1}, "selection": SCALARS}},
    ),
    "nested, distinct": (
        "User",
        "findMany",
        BY_ID,
        {"id": True, "posts": {"arguments": {**BY_ID, "distinct": ["views"], "page": 0}, "selection": SCALARS}},
    ),
}
# Signs of take, and whether there is a skip.
CLASSES = [(1, False), (-1, False), (1, True), (-1, True), (None, True)]


def request(shape: str, pages: list[dict[str, int]]) -> str:
    def fill(item: Any) -> Any:
        if not isinstance(item, dict):
            return item
        filled = {key: fill(value) for key, value in item.items() if key != "page"}
        return {**filled, **pages[item["page"]]} if "page" in item else filled

    model, action, arguments, selection = SHAPES[shape]
    query = {"arguments": fill(arguments), "selection": fill(selection)}
    return json.dumps({"modelName": model, "action": action, "query": query})


def paged(classes: tuple[int | None, bool], numbers: Any) -> dict[str, int]:
    sign, skips = classes
    take = {} if sign is None else {"take": sign * next(numbers)}
    return {**take, **({"skip": next(numbers)} if skips else {})}


@pytest.mark.parametrize("classes", CLASSES)
@pytest.mark.parametrize("shape", SHAPES)
def test_filled_plan_is_the_compiled_plan(
    shape: str, classes: tuple[int | None, bool], compiler: QueryCompiler
) -> None:
    count = repr(SHAPES[shape]).count("'page'")

    def pages(start: int, step: int) -> list[dict[str, int]]:
        numbers = itertools.count(start, step)
        return [paged(classes, numbers) for _ in range(count)]

    def values(pages: list[dict[str, int]]) -> list[int]:
        return [number for page in pages for number in page.values()]

    first, second, wanted = pages(1_000_003, 30), pages(2_000_003, 70), pages(1, 1)
    node = decode_with_slots(
        compiler.compile(request(shape, first)),
        compiler.compile(request(shape, second)),
        list(zip(values(first), values(second), strict=True)),
    )
    assert node is not None
    assert filled(node, values(wanted)) == decode(compiler.compile(request(shape, wanted)))


def filled(node: Node, numbers: list[int]) -> Node:
    return rebuild(node, lambda item: Literal(abs(numbers[item.index])) if isinstance(item, Slot) else item)


def test_limit_of_a_write(compiler: QueryCompiler) -> None:
    def plan(limit: int) -> Any:
        query = {"arguments": {"data": {"views": 1}, "limit": limit}, "selection": {"count": True}}
        return compiler.compile(json.dumps({"modelName": "Post", "action": "updateMany", "query": query}))

    node = decode_with_slots(plan(1_000_003), plan(2_000_003), [(1_000_003, 2_000_003)])
    assert node is not None
    assert filled(node, [4]) == decode(plan(4))
