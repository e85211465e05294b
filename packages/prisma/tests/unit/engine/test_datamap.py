"""Rows → results: every type of field, as a column and inside the JSON of a joined relation."""

from __future__ import annotations

import gc
import json
import weakref
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from prisma.dialects.postgresql import POSTGRESQL
from prisma.engine.datamap import load_data_map
from prisma.engine.plan_error import PlanError
from prisma.plan.nodes import (
    AffectedRowsShape,
    DataMap,
    FieldShape,
    Node,
    ObjectShape,
    Operations,
    Process,
    Shape,
    Unit,
)

ENUMS = (("Role", (("admin", "ADMIN"), ("user", "USER"))),)
ID = "0b6c3e1a-3f0e-4b7e-9d7e-0d7f7a3f1c11"
MOMENT = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)


def field(type_: str, name: str = "x", arity: str = "optional") -> FieldShape:
    return FieldShape(name, arity, type_, "Role" if type_ == "enum" else None)


def shape(*fields: tuple[str, Shape], column: str | None = None, skip_nulls: bool = False) -> ObjectShape:
    return ObjectShape(column, skip_nulls, fields)


def decode(structure: Shape, value: Any, expr: Node | None = None) -> Any:
    return load_data_map(DataMap(expr or Unit(), structure, ENUMS), POSTGRESQL)(value)


# Type of the field, value of the column, value in the result.
COLUMNS: list[tuple[str, Any, Any]] = [
    ("string", "a", "a"),
    ("string", UUID(ID), ID),
    ("int", 5, 5),
    ("int", Decimal(5), 5),
    ("bigint", 2**62, 2**62),
    ("float", 1.5, 1.5),
    ("float", Decimal("1.5"), 1.5),
    ("float", 3, 3.0),
    ("decimal", Decimal("1.10"), Decimal("1.10")),
    ("decimal", 1.1, Decimal("1.1")),
    ("decimal", 3, Decimal(3)),
    ("boolean", True, True),
    ("datetime", datetime(2024, 1, 2, 3, 4, 5), MOMENT),
    ("datetime", MOMENT, MOMENT),
    ("datetime", date(2024, 1, 2), datetime(2024, 1, 2, tzinfo=UTC)),
    ("json", '{"a": 1.5}', {"a": 1.5}),
    ("json", "null", None),
    ("object", {"a": 1.5}, {"a": 1.5}),
    ("bytes", b"\x00\xff", b"\x00\xff"),
    ("enum", "admin", "ADMIN"),
    ("unsupported", (1, 2), (1, 2)),
]

# Type of the field, JSON text, value in the result.
JOINED: list[tuple[str, str, Any]] = [
    ("string", '"a"', "a"),
    ("int", "5", 5),
    ("bigint", '"9007199254740993"', 9007199254740993),
    ("float", "1.5", 1.5),
    ("float", "3", 3.0),
    ("float", '"Infinity"', float("inf")),
    ("float", "1" + "0" * 300, 1e300),
    ("decimal", "12345678901234567890.1234567891", Decimal("12345678901234567890.1234567891")),
    ("decimal", "3", Decimal(3)),
    ("boolean", "false", False),
    ("datetime", '"2024-01-02T03:04:05"', MOMENT),
    ("datetime", '"2024-01-02T05:04:05+02:00"', MOMENT),
    ("object", '{"a": [1.5, null]}', {"a": [1.5, None]}),
    ("bytes", r'"\\x00ff"', b"\x00\xff"),
    ("enum", '"user"', "USER"),
]


def typed(value: Any) -> tuple[Any, type]:
    return value, type(value)


@pytest.mark.parametrize(("type_", "column", "result"), COLUMNS)
def test_column(type_: str, column: Any, result: Any) -> None:
    assert typed(decode(shape(("x", field(type_))), {"x": column})["x"]) == typed(result)


@pytest.mark.parametrize("type_", sorted({type_ for type_, _, _ in COLUMNS}))
def test_null(type_: str) -> None:
    fields = shape(("one", field(type_)), ("many", field(type_, "y", "list")))
    assert decode(fields, {"x": None, "y": None}) == {"one": None, "many": []}


@pytest.mark.parametrize(("type_", "column", "result"), COLUMNS)
def test_list(type_: str, column: Any, result: Any) -> None:
    fields = shape(("x", field(type_, arity="list")))
    assert decode(fields, {"x": [column, None]}) == {"x": [result, None]}


@pytest.mark.parametrize("with_decimal", [False, True], ids=["", "beside a decimal"])
@pytest.mark.parametrize(("type_", "text", "result"), JOINED)
def test_joined(type_: str, text: str, result: Any, with_decimal: bool) -> None:
    inner = [("x", field(type_)), *([("d", field("decimal", "d"))] if with_decimal else [])]
    row = {"rel": f'{{"x": {text}, "d": 0.1}}'}
    assert repr(decode(shape(("rel", shape(*inner, column="rel"))), row)["rel"]["x"]) == repr(result)


def test_big_integers_inside_json_are_the_text_of_an_array() -> None:
    fields = shape(("rel", shape(("x", field("bigint", arity="list")), column="rel")))
    assert decode(fields, {"rel": '{"x": "{1,9007199254740993}"}'}) == {"rel": {"x": [1, 9007199254740993]}}


POST = shape(("id", field("int", "id")), column="posts")


@pytest.mark.parametrize(
    ("column", "result"),
    [
        ('[{"id": 1}, {"id": 2}]', [{"id": 1}, {"id": 2}]),
        ([{"id": 1}], [{"id": 1}]),
        ('{"id": 1}', {"id": 1}),
        ({"id": 1}, {"id": 1}),
        ("[]", []),
        ("null", None),
        (None, None),
        ("[null]", [None]),
    ],
)
def test_relation(column: Any, result: Any) -> None:
    assert decode(shape(("posts", POST)), {"posts": column}) == {"posts": result}


def test_nulls_are_skipped_where_the_shape_says_so() -> None:
    fields = shape(("id", field("int", "id")), skip_nulls=True)
    assert decode(fields, [{"id": 1}, None]) == [{"id": 1}]


def test_relation_in_a_relation() -> None:
    tags = shape(("name", field("string", "name")), column="tags")
    posts = shape(("id", field("int", "id")), ("tags", tags), column="posts")
    row = {"posts": '[{"id": 1, "tags": [{"name": "a"}]}]'}
    assert decode(shape(("posts", posts)), row) == {"posts": [{"id": 1, "tags": [{"name": "a"}]}]}


def test_object_of_the_same_row() -> None:
    fields = shape(("_count", shape(("_all", field("int", "_count$_all")))), ("id", field("int", "id")))
    assert decode(fields, {"id": 1, "_count$_all": 3}) == {"_count": {"_all": 3}, "id": 1}


@pytest.mark.parametrize(
    ("value", "result"),
    [(None, None), ([], []), ([{"b": 1, "a": 2}], [{"x": 2, "y": 1}]), ('[{"a": 1, "b": 2}]', [{"x": 1, "y": 2}])],
)
def test_root(value: Any, result: Any) -> None:
    decoded = decode(shape(("x", field("int", "a")), ("y", field("int", "b"))), value)
    # Not only equal: the fields come in the order of the shape.
    assert json.dumps(decoded) == json.dumps(result)


def test_other_roots() -> None:
    assert (decode(AffectedRowsShape(), 3), decode(field("string"), UUID(ID))) == ({"count": 3}, ID)


def test_names_are_never_code() -> None:
    name = "a'] + __import__('os').getcwd() + r['\\"
    assert decode(shape((name, field("int", name))), {name: 1}) == {name: 1}


def test_relations_that_were_processed_keep_floats() -> None:
    posts = shape(("data", field("object", "data")), ("ratio", field("float", "ratio")), column="posts")
    nothing = Operations(None, None, False, None, ())
    process = Process(Unit(), Operations(None, None, False, None, (("posts", nothing),)))
    row = {"posts": [{"data": {"a": Decimal("0.1")}, "ratio": Decimal("0.5")}]}
    assert repr(decode(shape(("posts", posts)), row, process)) == "{'posts': [{'data': {'a': 0.1}, 'ratio': 0.5}]}"


@pytest.mark.parametrize(
    ("type_", "row", "problem"),
    [
        ("enum", {"x": "root"}, "the value 'root' does not belong to the enum 'Role'"),
        ("int", {"y": 1}, "the database's answer has no column 'x'"),
        ("int", {"x": "many"}, "the field 'x' has an unexpected form"),
        ("decimal", {"x": "many"}, "the field 'x' has an unexpected form"),
        ("datetime", {"x": "someday"}, "the field 'x' has an unexpected form"),
        ("json", {"x": "{"}, "the field 'x' has an unexpected form"),
        ("bytes", {"x": "\\xzz"}, "the field 'x' has an unexpected form"),
    ],
)
def test_inconsistent_data(type_: str, row: Any, problem: str) -> None:
    with pytest.raises(PlanError) as caught:
        decode(shape(("x", field(type_))), row)
    assert (caught.value.code, problem in caught.value.message) == ("P2023", True)


@pytest.mark.parametrize(
    "structure",
    [
        shape(("x", field("cube"))),
        shape(("x", FieldShape("x", "optional", "enum", "Nobody"))),
        shape(("x", AffectedRowsShape())),
    ],
)
def test_shape_that_contradicts_itself(structure: Shape) -> None:
    with pytest.raises(PlanError) as caught:
        decode(structure, [])
    assert caught.value.code is None


def test_plans_with_alike_results_share_a_decoder() -> None:
    def load(name: str, *types: str) -> Any:
        fields = tuple((f"f{place}", field(type_, name)) for place, type_ in enumerate(types))
        return load_data_map(DataMap(Unit(), shape(*fields), ENUMS), POSTGRESQL)

    first = load("x", "int", "enum")
    assert (load("x", "int", "enum") is first, load("x", "int", "int") is first, load("y", "int", "enum") is first) == (
        True,
        False,
        False,
    )
    # It goes with the last plan that has it.
    gone = weakref.ref(first)
    del first
    gc.collect()
    assert gone() is None
