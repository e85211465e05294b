"""Walking and rebuilding plans."""

from __future__ import annotations

from typing import Any

from prisma.plan.nodes import Get, Let, Literal, Seq, Unit, ValueNode
from prisma.plan.tree import rebuild, walk

PLAN = Let((("a", ValueNode(Literal(1))),), Seq((Get("a"), Unit())))


def test_walk_goes_into_everything() -> None:
    assert list(walk(PLAN)) == [
        PLAN, ValueNode(Literal(1)), Literal(1), Seq((Get("a"), Unit())), Get("a"), Unit(),
    ]  # fmt: skip


def test_rebuild_changes_what_it_is_told_to() -> None:
    def change(item: Any) -> Any:
        return Get("b") if isinstance(item, ValueNode) else item

    assert rebuild(PLAN, change) == Let((("a", Get("b")),), Seq((Get("a"), Unit())))
