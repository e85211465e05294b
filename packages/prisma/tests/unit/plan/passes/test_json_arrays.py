"""Which statements get related rows as JSON arrays, and which parts stay unchanged."""

from __future__ import annotations

from typing import Any

import pytest

from prisma.dialects.postgresql import POSTGRESQL
from prisma.engine.datamap import load_data_map
from prisma.plan import nodes as n
from prisma.plan.passes.json_arrays import columns, send_rows_as_arrays

ID = n.FieldShape("id", "required", "int")
TAGS = n.ObjectShape("tags", False, (("name", n.FieldShape("it's", "required", "string")),))
POSTS = n.ObjectShape("posts", False, (("title", n.FieldShape("title", "optional", "string")), ("id", ID)))
NESTED = n.ObjectShape("posts", False, (("tags", TAGS), ("id", ID)))

ONE = (
    """SELECT COALESCE(JSONB_AGG("__prisma_data__"), '[]') FROM (SELECT JSONB_BUILD_OBJECT('title', "t"."a,""b('", """
    """'id', CAST("t"."id" AS text)) AS "__prisma_data__" FROM "JSONB_AGG(" WHERE 'JSONB_AGG(' = 'a')"""
)
ONE_AS_ARRAYS = (
    """SELECT COALESCE(JSON_AGG("__prisma_data__"), '[]') FROM (SELECT JSON_BUILD_ARRAY(0, CAST("t"."id" AS text), """
    """"t"."a,""b('") AS "__prisma_data__" FROM "JSONB_AGG(" WHERE 'JSONB_AGG(' = 'a')"""
)
TWO = (
    """SELECT JSONB_BUILD_OBJECT('id', "t"."id", 'tags', "x"."__prisma_data__") AS "__prisma_data__", """
    """(SELECT JSONB_BUILD_OBJECT('it''s', "u"."n") AS "__prisma_data__")"""
)
TWO_AS_ARRAYS = (
    """SELECT JSON_BUILD_ARRAY(0, "t"."id", "x"."__prisma_data__") AS "__prisma_data__", """
    """(SELECT JSON_BUILD_ARRAY(0, "u"."n") AS "__prisma_data__")"""
)


def query(text: str) -> n.Query:
    return n.Query(n.Statement((n.Text(text),), (), (), False))


def root(*relations: n.ObjectShape) -> n.ObjectShape:
    return n.ObjectShape(
        None, False, (("id", ID), *((relation.serialized_name or "", relation) for relation in relations))
    )


def sql(plan: n.Node) -> str:
    while not isinstance(plan, n.Query):
        plan = plan.expr  # pyright: ignore[reportAttributeAccessIssue]
    (fragment,) = plan.statement.fragments
    assert isinstance(fragment, n.Text)
    return fragment.chunk


@pytest.mark.parametrize(
    ("text", "shape", "changed"),
    [(ONE, root(POSTS), ONE_AS_ARRAYS), (TWO, root(NESTED), TWO_AS_ARRAYS)],
    ids=["names and texts like calls", "relations in relations"],
)
def test_objects_become_arrays(text: str, shape: n.ObjectShape, changed: str) -> None:
    plan = send_rows_as_arrays(n.DataMap(n.Process(n.Unique(query(text)), n.REVERSAL), shape, ()))
    assert isinstance(plan, n.DataMap)
    assert (sql(plan), isinstance(plan.expr, n.Process)) == (changed, True)


SORTED = n.Operations(None, ("id",), False, None, ())
LEFT_AS_THEY_ARE: dict[str, n.Node] = {
    "no data map": n.Unique(query(ONE)),
    "no relations": n.DataMap(query("SELECT 1"), root(), ()),
    "other columns than those that are read": n.DataMap(query(ONE), root(NESTED), ()),
    "rows that are looked into": n.DataMap(n.Process(query(ONE), SORTED), root(POSTS), ()),
    "a join of two queries": n.DataMap(n.Join(query(ONE), (), True), root(POSTS), ()),
    "objects put together": n.DataMap(
        query(ONE.replace("AS text))", "AS text)) || JSONB_BUILD_OBJECT('b', 1)")), root(POSTS), ()
    ),
    "a name twice": n.DataMap(query(ONE.replace("'title'", "'id'")), root(POSTS), ()),
}


@pytest.mark.parametrize("plan", LEFT_AS_THEY_ARE.values(), ids=LEFT_AS_THEY_ARE)
def test_left_as_it_is(plan: n.Node) -> None:
    assert send_rows_as_arrays(plan) is plan


def test_columns_of_the_same_row_are_in_the_layout() -> None:
    inner = n.ObjectShape(None, False, (("all", n.FieldShape("_count", "required", "int")),))
    assert columns(n.ObjectShape("x", False, (("b", inner), ("a", ID), ("tags", TAGS)))) == ("_count", "id", "tags")


@pytest.mark.parametrize(
    ("column", "result"),
    [
        ('[[0, 1, "a"], [0, 2, null]]', [{"title": "a", "id": 1}, {"title": None, "id": 2}]),
        ('[0, 1, "a"]', {"title": "a", "id": 1}),
        ("[]", []),
        ("[null]", [None]),
        ("null", None),
        (None, None),
    ],
)
def test_decoded(column: Any, result: Any) -> None:
    plan = send_rows_as_arrays(n.DataMap(query(ONE), root(POSTS), ()))
    assert isinstance(plan, n.DataMap)
    assert load_data_map(plan, POSTGRESQL)({"id": 7, "posts": column}) == {"id": 7, "posts": result}


def test_relations_in_relations_are_decoded() -> None:
    plan = send_rows_as_arrays(n.DataMap(query(TWO), root(NESTED), ()))
    assert isinstance(plan, n.DataMap)
    rows = {"id": 7, "posts": '[[0, 1, [[0, "a"], [0, "b"]]], [0, 2, []]]'}
    posts = [{"tags": [{"name": "a"}, {"name": "b"}], "id": 1}, {"tags": [], "id": 2}]
    assert load_data_map(plan, POSTGRESQL)(rows) == {"id": 7, "posts": posts}
