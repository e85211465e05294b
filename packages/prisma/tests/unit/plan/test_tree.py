"""Walking and rebuilding plans."""

from __future__ import annotations

from typing import Any

from prisma.plan import nodes as n
from prisma.plan.nodes import Get, Let, Literal, Seq, Unit, ValueNode
from prisma.plan.tree import map_nodes, map_statements, rebuild, walk

PLAN = Let((("a", ValueNode(Literal(1))),), Seq((Get("a"), Unit())))


def test_walk_goes_into_everything() -> None:
    assert list(walk(PLAN)) == [
        PLAN, ValueNode(Literal(1)), Literal(1), Seq((Get("a"), Unit())), Get("a"), Unit(),
    ]  # fmt: skip


def test_rebuild_changes_what_it_is_told_to() -> None:
    def change(item: Any) -> Any:
        return Get("b") if isinstance(item, ValueNode) else item

    assert rebuild(PLAN, change) == Let((("a", Get("b")),), Seq((Get("a"), Unit())))


STATEMENT = n.Statement((n.Text("SELECT 1"),), (), (), chunkable=False)
OTHER = n.Statement((n.Text("SELECT 2"),), (), (), chunkable=False)
JOINED = n.Join(n.Query(STATEMENT), (n.JoinChild(n.Unique(n.Query(STATEMENT)), (), "posts", False),), True)


def test_map_statements() -> None:
    changed = map_statements(n.Let((("0", JOINED),), n.Execute(STATEMENT)), lambda _: OTHER)
    inner = n.Join(n.Query(OTHER), (n.JoinChild(n.Unique(n.Query(OTHER)), (), "posts", False),), True)
    assert changed == n.Let((("0", inner),), n.Execute(OTHER))


def test_map_nodes_changes_inner_nodes_first() -> None:
    seen: list[str] = []

    def note(node: n.Node) -> n.Node:
        seen.append(type(node).__name__)
        return node

    assert map_nodes(JOINED, note) is JOINED
    assert seen == ["Query", "Query", "Unique", "Join"]
