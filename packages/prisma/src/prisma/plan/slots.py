"""Slots: one plan for requests that differ in take, skip and limit only.

The compiler takes these numbers as literals. So such a request is compiled twice, each time with other unusual numbers.
Where the two answers differ, a number of the request became part of the plan: it becomes a `Slot`. A difference
anywhere else shows that the plan can't be shared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from prisma.plan.decode import decode
from prisma.plan.nodes import Node
from prisma.plan.values import Json, SlotMark

_WHOLE_NUMBER = re.compile(r"-?\d+")


class _NotShareable(Exception):
    """The two answers differ in something else than the numbers of the request."""


def decode_with_slots(plan_a: Json, plan_b: Json, pairs: Sequence[tuple[int, int]]) -> Node | None:
    """Return the plan with `Slot(i)` wherever one answer has `pairs[i][0]` and the other `pairs[i][1]`.

    A negative pair is looked for by its absolute value, because the compiler reverses the order and counts from the
    end; at run time, a `Slot` becomes the absolute value of the number. None when the plan can't be shared: the
    answers differ elsewhere, a number is missing in them, or the numbers can't be told apart.
    """
    merge = _Merge(pairs)
    # Pairs that are equal, or change their sign, can't be told apart.
    if len(merge.indexes) != len(pairs):
        return None
    try:
        merged = merge.walk(plan_a, plan_b, slot_allowed=False)
    except _NotShareable:
        return None
    # A number that is nowhere may have decided about the plan's form.
    return decode(merged) if len(merge.found) == len(pairs) else None


class _Merge:
    def __init__(self, pairs: Sequence[tuple[int, int]]) -> None:
        self.indexes = {(abs(a), abs(b)): index for index, (a, b) in enumerate(pairs) if (a < 0) == (b < 0)}
        self.found: set[int] = set()

    def walk(self, a: Json, b: Json, *, slot_allowed: bool) -> Json:
        if isinstance(a, dict) and isinstance(b, dict):
            return self._walk_objects(cast("dict[str, Json]", a), cast("dict[str, Json]", b))
        if isinstance(a, list) and isinstance(b, list):
            return self._walk_lists(cast("list[Json]", a), cast("list[Json]", b), slot_allowed=slot_allowed)
        return self._walk_leaves(cast("object", a), cast("object", b), slot_allowed=slot_allowed)

    def _walk_leaves(self, a: object, b: object, *, slot_allowed: bool) -> Json:
        if type(a) is type(b) and a == b:
            return a
        index = self.indexes.get((_number(a), _number(b))) if slot_allowed else None
        if index is None:
            raise _NotShareable
        self.found.add(index)
        return SlotMark(index)

    def _walk_objects(self, a: dict[str, Json], b: dict[str, Json]) -> Json:
        # The order of keys is part of the plan: the result's fields come in that order.
        if list(a) != list(b):
            raise _NotShareable
        slots = _slot_keys(a)
        return {key: self.walk(value, b[key], slot_allowed=key in slots) for key, value in a.items()}

    def _walk_lists(self, a: list[Json], b: list[Json], *, slot_allowed: bool) -> Json:
        if len(a) != len(b):
            raise _NotShareable
        return [self.walk(x, y, slot_allowed=slot_allowed) for x, y in zip(a, b, strict=True)]


def _slot_keys(parent: dict[str, Json]) -> tuple[str, ...]:
    """Return the keys whose values may be numbers of the request: a statement's arguments, a page's take and skip."""
    if parent.get("type") == "templateSql":
        return ("args",)
    if "cursor" in parent and "take" in parent and "skip" in parent:
        return ("take", "skip")
    return ()


def _number(leaf: object) -> int:
    """Return a leaf's number; -1, which is the absolute value of nothing, for any other leaf."""
    if isinstance(leaf, float) and leaf.is_integer():
        return int(leaf)
    if isinstance(leaf, int) and not isinstance(leaf, bool):
        return leaf
    # Arguments of statements are text.
    if isinstance(leaf, str) and _WHOLE_NUMBER.fullmatch(leaf):
        return int(leaf)
    return -1
