"""Plans of the compiler, decoded into nodes."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest

from prisma.plan import nodes
from prisma.plan.decode import PlanFormatError, decode
from prisma.plan.nodes import ArgType, Get, Literal, Param, Unit
from prisma.plan.values import decode_value

GET = {"type": "get", "args": {"name": "0"}}
UNIT = {"type": "unit"}
NUMBERED = {"prefix": "$", "hasNumbering": True}
INT = {"arity": "scalar", "scalarType": "int", "dbType": "INTEGER"}


def param(name: str) -> dict[str, Any]:
    return {"prisma__type": "param", "prisma__value": {"name": name, "type": "Int"}}


def call(name: str, *args: Any) -> dict[str, Any]:
    return {"prisma__type": "generatorCall", "prisma__value": {"name": name, "args": list(args), "returnType": "X"}}


def statement(fragments: list[Any], args: list[Any], arg_types: list[Any], **other: Any) -> dict[str, Any]:
    form = {"placeholderFormat": NUMBERED, "chunkable": True, **other}
    return {"type": "templateSql", "fragments": fragments, "args": args, "argTypes": arg_types, **form}


def chunk(text: str) -> dict[str, str]:
    return {"type": "stringChunk", "chunk": text}


SELECT = statement([chunk("SELECT "), {"type": "parameter"}], [param("%1")], [INT])
SELECT_NODE = nodes.Statement(
    (nodes.Text("SELECT "), nodes.Parameter()), (Param("%1"),), (ArgType("int", "INTEGER", "scalar"),), chunkable=True
)
NOTHING = {"pagination": None, "distinct": None, "reverse": False, "linkingFields": None, "nested": {}}

NODES: list[tuple[str, Any, nodes.Node]] = [
    ("value", 5.0, nodes.ValueNode(Literal(5))),
    ("seq", [GET, UNIT], nodes.Seq((Get("0"), Unit()))),
    ("get", {"name": "x"}, Get("x")),
    ("let", {"bindings": [{"name": "a", "expr": GET}], "expr": UNIT}, nodes.Let((("a", Get("0")),), Unit())),
    ("getFirstNonEmpty", {"names": ["a", "b"]}, nodes.GetFirstNonEmpty(("a", "b"))),
    ("query", SELECT, nodes.Query(SELECT_NODE)),
    ("execute", SELECT, nodes.Execute(SELECT_NODE)),
    (
        "query",
        {"type": "rawSql", "sql": "SELECT $1", "args": ["7"], "argTypes": [INT]},
        nodes.Query(
            nodes.Statement(
                (nodes.Text("SELECT $1"),), (Literal(7),), (ArgType("int", "INTEGER", "scalar"),), chunkable=False
            )
        ),
    ),
    ("sum", [GET], nodes.Sum((Get("0"),))),
    ("concat", [], nodes.Concat(())),
    ("unique", GET, nodes.Unique(Get("0"))),
    ("required", GET, nodes.Required(Get("0"))),
    ("reverse", GET, nodes.Reverse(Get("0"))),
    ("mapField", {"field": "id", "records": GET}, nodes.MapField("id", Get("0"))),
    (
        "join",
        {
            "parent": GET,
            "children": [{"child": UNIT, "on": [["id", "a_id"]], "parentField": "@nested$a", "isRelationUnique": True}],
            "canAssumeStrictEquality": True,
        },
        nodes.Join(Get("0"), (nodes.JoinChild(Unit(), (("id", "a_id"),), "@nested$a", True),), True),
    ),
    ("transaction", GET, nodes.Transaction(Get("0"))),
    (
        "dataMap",
        {
            "expr": GET,
            "enums": {"Role": {"admin": "ADMIN"}},
            "structure": {
                "type": "object",
                "serializedName": None,
                "skipNulls": True,
                "fields": {
                    "r": {
                        "type": "field",
                        "dbName": "role",
                        "fieldType": {"arity": "list", "type": "enum", "name": "Role"},
                    },
                    "b": {
                        "type": "field",
                        "dbName": "b",
                        "fieldType": {"arity": "optional", "type": "bytes", "encoding": "hex"},
                    },
                },
            },
        },
        nodes.DataMap(
            Get("0"),
            nodes.ObjectShape(
                None,
                True,
                (
                    ("r", nodes.FieldShape("role", "list", "enum", "Role", None)),
                    ("b", nodes.FieldShape("b", "optional", "bytes", None, "hex")),
                ),
            ),
            (("Role", (("admin", "ADMIN"),)),),
        ),
    ),
    (
        "dataMap",
        {"expr": GET, "enums": {}, "structure": {"type": "affectedRows"}},
        nodes.DataMap(Get("0"), nodes.AffectedRowsShape(), ()),
    ),
    (
        "validate",
        {
            "expr": GET,
            "rules": [
                {"type": "rowCountEq", "args": 2.0},
                {"type": "rowCountNeq", "args": 0.0},
                {"type": "affectedRowCountEq", "args": 1.0},
                {"type": "never"},
            ],
            "errorIdentifier": "MISSING_RECORD",
            "context": {"operation": "a query", "expectedRows": 2.0},
        },
        nodes.Validate(
            Get("0"),
            (nodes.RowCountEq(2), nodes.RowCountNeq(0), nodes.AffectedRowCountEq(1), nodes.Never()),
            "MISSING_RECORD",
            (("operation", "a query"), ("expectedRows", 2)),
        ),
    ),
    (
        "if",
        {"value": GET, "rule": {"type": "never"}, "then": UNIT, "else": GET},
        nodes.If(Get("0"), nodes.Never(), Unit(), Get("0")),
    ),
    ("unit", None, Unit()),
    ("diff", {"from": GET, "to": UNIT, "fields": ["id"]}, nodes.Diff(Get("0"), Unit(), ("id",))),
    (
        "process",
        {
            "expr": GET,
            "operations": {
                "pagination": {"cursor": {"id": param("%1")}, "take": 2.0, "skip": None},
                "distinct": ["a"],
                "reverse": True,
                "linkingFields": ["a_id"],
                "nested": {"posts": NOTHING},
            },
        },
        nodes.Process(
            Get("0"),
            nodes.Operations(
                nodes.Pagination((("id", Param("%1")),), Literal(2), None),
                ("a",),
                True,
                ("a_id",),
                (("posts", nodes.Operations(None, None, False, None, ())),),
            ),
        ),
    ),
    (
        "initializeRecord",
        {"expr": GET, "fields": {"id": {"type": "lastInsertId"}, "n": {"type": "value", "value": 1.0}}},
        nodes.InitializeRecord(Get("0"), (("id", nodes.LastInsertId()), ("n", Literal(1)))),
    ),
    (
        "mapRecord",
        {"expr": GET, "fields": {"n": {"type": "add", "value": param("%1")}}},
        nodes.MapRecord(Get("0"), (("n", nodes.FieldOperation("add", Param("%1"))),)),
    ),
]


@pytest.mark.parametrize(("type_", "args", "node"), NODES, ids=[type_ for type_, _, _ in NODES])
def test_node(type_: str, args: Any, node: nodes.Node) -> None:
    assert decode({"type": type_, "args": args}) == node


def test_every_node_class_is_decoded_somewhere() -> None:
    assert {type(node) for _, _, node in NODES} == set(get_args(nodes.Node))


@pytest.mark.parametrize(
    ("scalar_type", "written", "value"),
    [
        ("int", "-7", -7),
        ("bigint", "9007199254740993", 9007199254740993),
        ("int", 3.0, 3),
        ("float", "1.5", 1.5),
        ("decimal", "1.10", Decimal("1.10")),
        ("boolean", True, True),
        ("string", "5", "5"),
        ("enum", "USER", "USER"),
        ("uuid", "0b6c", "0b6c"),
        ("json", '{"a":1}', '{"a":1}'),
        ("unknown", "x", "x"),
        ("datetime", "2024-01-02T03:04:05.678Z", datetime(2024, 1, 2, 3, 4, 5, 678000, UTC)),
        ("bytes", "AAH/", b"\x00\x01\xff"),
        ("int", None, None),
        ("int", ["1", "2"], [1, 2]),
        ("string", [], []),
    ],
)
def test_literal(scalar_type: str, written: Any, value: object) -> None:
    decoded = decode_value(written, ArgType(scalar_type, None, "scalar"))
    assert (decoded, type(getattr(decoded, "value", None))) == (Literal(value), type(value))


@pytest.mark.parametrize(
    ("written", "node"),
    [
        (param("%1"), Param("%1")),
        ([param("%1"), 2.0], nodes.ListValue((Param("%1"), Literal(2)))),
        (call("nanoid", 8.0), nodes.Generator("nanoid", (Literal(8),))),
        (
            call("product", param("0$id"), param("1$id")),
            nodes.Generator("product", (Param("0$id"), Param("1$id"))),
        ),
    ],
)
def test_value(written: Any, node: nodes.Value) -> None:
    assert decode_value(written) == node


@pytest.mark.parametrize(
    ("plan", "problem"),
    [
        ({"type": "teleport"}, "unknown node 'teleport'"),
        ({"type": "query", "args": {**SELECT, "type": "mongo"}}, "unknown query 'mongo'"),
        ({"type": "query", "args": statement([{"type": "hole"}], [], [])}, "unknown SQL fragment 'hole'"),
        (
            {"type": "query", "args": {**SELECT, "placeholderFormat": {"prefix": ":", "hasNumbering": False}}},
            "placeholders of the form ':'",
        ),
        ({"type": "value", "args": {"prisma__type": "thing"}}, "unknown value 'thing'"),
        (
            {"type": "if", "args": {"value": UNIT, "rule": {"type": "maybe"}, "then": UNIT, "else": UNIT}},
            "unknown rule 'maybe'",
        ),
        (
            {"type": "dataMap", "args": {"expr": UNIT, "enums": {}, "structure": {"type": "cube"}}},
            "unknown result shape",
        ),
        ({"type": "get", "args": {}}, "KeyError at 'name'"),
        ({}, "KeyError at 'type'"),
    ],
)
def test_unreadable_plan(plan: Any, problem: str) -> None:
    with pytest.raises(PlanFormatError) as caught:
        decode(plan)
    assert caught.value.problem.startswith(problem)
    assert str(caught.value).endswith("Its WebAssembly file belongs to another version; reinstall prisma.")
