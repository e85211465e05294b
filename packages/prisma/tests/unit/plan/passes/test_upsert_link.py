"""The UPDATE that links a record of a nested upsert depends on keys only."""

from __future__ import annotations

import pytest

from prisma.plan.nodes import (
    ArgType,
    ArrayParameter,
    Execute,
    Fragment,
    Get,
    Let,
    Literal,
    Node,
    Param,
    Parameter,
    RowCountNeq,
    Statement,
    Text,
    Unique,
    Validate,
    Value,
)
from prisma.plan.passes.upsert_link import link_by_keys

INT = ArgType("int", None, "scalar")
ANY = ArrayParameter("= ANY({})")
SET = (Text("UPDATE p SET c = "), Parameter(), Text(" WHERE (p.id "), ANY)
PAIR = (
    Text("UPDATE p SET x = "),
    Parameter(),
    Text(", y = "),
    Parameter(),
    Text(" WHERE (p.a "),
    ANY,
    Text(" AND p.b "),
    ANY,
)
NEW, OLD, A, B = Param("3$id"), Param("0$id"), Param("0$a"), Param("0$b")
LINKS = "update inlined relation for 'P' record(s)"


def _link(
    fragments: tuple[Fragment, ...], args: tuple[Value, ...], operation: str = "a nested upsert", purpose: str = LINKS
) -> Let:
    context = (("model", "P"), ("operation", operation), ("neededFor", purpose))
    check = Unique(Validate(Get("0"), (RowCountNeq(0),), "MISSING_RELATED_RECORD", context))
    bound: tuple[tuple[str, Node], ...] = tuple((name, Get("0")) for name in ("0$id", "0$a", "0$b", "3$id"))
    return Let((("0", check), *bound), Execute(Statement(fragments, args, (INT,) * len(args), chunkable=False)))


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (_link((*SET, Text(" AND c.n IS NULL)")), (NEW, OLD)), _link((*SET, Text(")")), (NEW, OLD))),
        (
            _link(
                (*SET, Text(" AND (c.n "), ANY, Text(" AND c.m = "), Parameter(), Text("))")),
                (NEW, OLD, Param("%1"), Literal(5)),
            ),
            _link((*SET, Text(")")), (NEW, OLD)),
        ),
        (
            _link((*PAIR, Text(" AND c.n = "), Parameter(), Text(")")), (NEW, NEW, A, B, Param("%1"))),
            _link((*PAIR, Text(")")), (NEW, NEW, A, B)),
        ),
    ],
)
def test_conditions_on_the_other_table_go(link: Let, expected: Let) -> None:
    assert link_by_keys(link) == expected


@pytest.mark.parametrize(
    "node",
    [
        _link((*SET, Text(" AND c.n = "), Parameter(), Text(")")), (NEW, OLD, Literal(5)), operation="a nested update"),
        _link(
            (*SET, Text(" AND c.n = "), Parameter(), Text(")")),
            (NEW, OLD, Literal(5)),
            purpose="perform a nested update",
        ),
        _link((*SET, Text(" AND 1=1)")), (NEW, OLD)),
        Let((), Get("0")),
    ],
)
def test_other_nodes_stay(node: Let) -> None:
    assert link_by_keys(node) is node
