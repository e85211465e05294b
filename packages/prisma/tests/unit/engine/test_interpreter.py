"""Every node of a plan: its effects and its value."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, get_args

import pytest

from prisma.dialects.postgresql import POSTGRESQL
from prisma.engine.interpreter import load
from prisma.engine.plan_error import PlanError
from prisma.engine.run import Run
from prisma.faults import DriverFault, FaultKind
from prisma.plan import nodes as n
from prisma.plan.nodes import Get, Literal, Param

Interpret = Callable[..., tuple[list[Any], Any]]

SOME = {
    "none": None,
    "empty": [],
    "one": {"id": 1, "a": "x"},
    "rows": [{"id": 1, "a": "x"}, {"id": 2, "a": "y"}, {"id": 2, "a": None}],
    "single": [{"id": 7}],
    "count": 3,
}


def value(content: Any) -> n.ValueNode:
    return n.ValueNode(Literal(content))


def statement(sql: str, *args: n.Value) -> n.Statement:
    fragments: list[n.Fragment] = [n.Text(sql)]
    for _ in args:
        fragments += [n.Text(" "), n.Parameter()]
    return n.Statement(tuple(fragments), args, (n.ArgType("int", None, "scalar"),) * len(args), chunkable=False)


NOTHING = n.Operations(None, None, False, None, ())
QUERY = n.Query(statement("Q", Param("%1")))

# Node, and what it evaluates to in the scope SOME; none of these has an effect.
PURE: list[tuple[n.Node, Any]] = [
    (value(5), 5),
    (n.ValueNode(n.ListValue((Literal(1), Param("%1")))), [1, "v"]),
    (n.Seq(()), None),
    (n.Seq((value(1), value(2))), 2),
    (Get("count"), 3),
    (n.Let((("x", value(1)), ("y", Get("x"))), Get("y")), 1),
    (n.Let((("count", value(1)),), Get("count")), 1),
    (n.Seq((n.Let((("count", value(1)),), n.Unit()), Get("count"))), 3),
    (n.Let((("one", n.MapField("id", Get("one"))),), Get("one")), 1),
    (n.GetFirstNonEmpty(("unbound", "none", "empty", "one", "rows")), SOME["one"]),
    (n.GetFirstNonEmpty(("unbound", "none", "empty")), []),
    (n.Sum(()), 0),
    (n.Sum((value(1), Get("count"))), 4),
    (n.Concat(()), []),
    (n.Concat((Get("single"), Get("one"), Get("empty"))), [{"id": 7}, SOME["one"]]),
    (n.Unique(Get("single")), {"id": 7}),
    (n.Unique(Get("empty")), None),
    (n.Unique(Get("one")), SOME["one"]),
    (n.Unique(Get("none")), None),
    (n.Required(Get("one")), SOME["one"]),
    (n.Reverse(value([1, 2])), [2, 1]),
    (n.Reverse(Get("none")), None),
    (n.MapField("id", Get("rows")), [1, 2, 2]),
    (n.MapField("a", Get("rows")), ["x", "y", None]),
    (n.MapField("id", Get("one")), 1),
    (n.MapField("b", Get("one")), None),
    (n.MapField("id", Get("none")), None),
    (n.Validate(Get("one"), (n.RowCountNeq(0),), "MISSING_RECORD", ()), SOME["one"]),
    (n.If(Get("rows"), n.RowCountNeq(0), value("then"), value("else")), "then"),
    (n.If(Get("empty"), n.RowCountNeq(0), value("then"), value("else")), "else"),
    (n.If(Get("one"), n.Never(), value("then"), value("else")), "else"),
    (n.Unit(), None),
    (n.Diff(Get("rows"), value([{"id": 2}]), ("id",)), [{"id": 1, "a": "x"}]),
    (n.Diff(Get("one"), Get("empty"), ("id",)), [SOME["one"]]),
    (n.Diff(Get("none"), Get("none"), ("id",)), []),
    (n.Diff(Get("none"), Get("empty"), ("id",)), [None]),
    (n.Process(Get("rows"), n.Operations(None, ("id",), True, None, ())), [{"id": 2, "a": "y"}, {"id": 1, "a": "x"}]),
    (n.Join(Get("none"), (n.JoinChild(QUERY, (), "f", True),), True), None),
    (n.InitializeRecord(n.Unit(), (("id", Literal(1)), ("v", Param("%1")))), {"id": 1, "v": "v"}),
    (n.DataMap(Get("count"), n.AffectedRowsShape(), ()), {"count": 3}),
    (n.DataMap(Get("one"), n.ObjectShape(None, False, (("i", n.FieldShape("id", "required", "int")),)), ()), {"i": 1}),
]


def map_record(operation: str, by: Any) -> n.MapRecord:
    return n.MapRecord(value({"x": 6, "y": 1}), (("x", n.FieldOperation(operation, Literal(by))),))


PURE += [
    (map_record("set", 2), {"x": 2, "y": 1}),
    (map_record("add", 2), {"x": 8, "y": 1}),
    (map_record("subtract", 2), {"x": 4, "y": 1}),
    (map_record("multiply", 2), {"x": 12, "y": 1}),
    (map_record("divide", 2), {"x": 3, "y": 1}),
    (map_record("divide", 0), {"x": None, "y": 1}),
    (n.MapRecord(Get("none"), (("x", n.FieldOperation("set", Literal(1))),)), {"x": 1}),
]

PARENTS = [{"id": 1}, {"id": 2}]
CHILDREN = [{"p": 1, "c": "a"}, {"p": 1, "c": "b"}, {"p": 9, "c": "z"}]


def join(on: tuple[tuple[str, str], ...] = (("id", "p"),), *, single: bool = False, strict: bool = True) -> n.Join:
    return n.Join(n.Query(statement("P")), (n.JoinChild(n.Query(statement("C")), on, "kids", single),), strict)


TWO = n.Transaction(n.Seq((n.Execute(statement("A")), n.Execute(statement("B")))))
ROWS = n.Statement(
    (n.Text("INSERT INTO l VALUES "), n.ParameterTupleList("(", ",", ")", ",")),
    (n.Generator("product", (Param("left"), Param("right"))),),
    (n.TupleArgType(()),),
    chunkable=True,
)

# Node, answers, effects, result.
EFFECTFUL: list[tuple[str, n.Node, list[Any], list[Any], Any]] = [
    ("query", QUERY, [[{"id": 1}]], [("Q $1", "v")], [{"id": 1}]),
    ("execute", n.Execute(statement("E")), [4], [("E",)], 4),
    (
        "the id of an inserted row",
        n.InitializeRecord(n.Unique(QUERY), (("n", Literal(1)), ("id", n.LastInsertId()))),
        [7],
        ["RunInsert"],
        {"n": 1, "id": 7},
    ),
    ("in order", n.Sum((n.Execute(statement("A")), n.Execute(statement("B")))), [1, 2], [("A",), ("B",)], 3),
    ("transaction", TWO, [True, 1, 2, None], ["Begin", ("A",), ("B",), "Commit"], 2),
    ("transaction inside another", TWO, [False, 1, 2], ["Begin", ("A",), ("B",)], 2),
    (
        "join",
        join(),
        [PARENTS, CHILDREN],
        [("P",), ("C",)],
        [{"id": 1, "kids": CHILDREN[:2]}, {"id": 2, "kids": []}],
    ),
    (
        "join, one child",
        join(single=True),
        [PARENTS, CHILDREN],
        [("P",), ("C",)],
        [{"id": 1, "kids": CHILDREN[1]}, {"id": 2, "kids": None}],
    ),
    (
        "join without keys",
        join(()),
        [PARENTS, CHILDREN[:1]],
        [("P",), ("C",)],
        [{"id": 1, "kids": CHILDREN[:1]}, {"id": 2, "kids": CHILDREN[:1]}],
    ),
    (
        "join on texts of keys",
        join(strict=False),
        [[{"id": "1"}], CHILDREN[:1]],
        [("P",), ("C",)],
        [{"id": "1", "kids": CHILDREN[:1]}],
    ),
    (
        "keys of rows as an array, once each",
        n.Query(
            n.Statement(
                (n.Text("id "), n.ArrayParameter("= ANY({})")),
                (Param("keys"),),
                (n.ArgType("int", None, "scalar"),),
                True,
            )
        ),
        [[]],
        [("id = ANY($1)", [2, 1, None])],
        [],
    ),
    (
        "pairs of keys",
        n.Execute(ROWS),
        [4],
        [("INSERT INTO l VALUES ($1,$2),($3,$4)", 5, 8, 5, 9)],
        4,
    ),
]


@pytest.mark.parametrize(("node", "result"), PURE, ids=[type(node).__name__ for node, _ in PURE])
def test_pure_node(node: n.Node, result: Any, interpret: Interpret) -> None:
    assert interpret(node, scope=SOME, values=["v"]) == ([], result)


@pytest.mark.parametrize(
    ("node", "answers", "effects", "result"), [case[1:] for case in EFFECTFUL], ids=[case[0] for case in EFFECTFUL]
)
def test_node_with_effects(
    node: n.Node, answers: list[Any], effects: list[Any], result: Any, interpret: Interpret
) -> None:
    scope = {"keys": [2, 1, 2, None], "left": 5, "right": [8, 9]}
    assert interpret(node, answers, scope=scope, values=["v"]) == (effects, result)


def test_the_record_of_an_upsert_is_gone_before_it_is_read(interpret: Interpret) -> None:
    with pytest.raises(PlanError) as gone:
        interpret(n.GetFirstNonEmpty(("unbound", "none")), [], scope={"none": None}, values=[])
    assert (gone.value.code, gone.value.meta) == ("P2025", {"operation": "an upsert"})


def test_every_node_is_tested() -> None:
    tested = {type(node) for node, _ in PURE} | {type(case[1]) for case in EFFECTFUL}
    assert tested == set(get_args(n.Node))


@pytest.mark.parametrize(
    "error",
    [DriverFault(FaultKind.DATABASE_ERROR, {}), asyncio.CancelledError(), RuntimeError()],
    ids=["fault", "cancelled", "bug"],
)
@pytest.mark.parametrize(
    ("opened", "effects"), [(True, ["Begin", "RunExecute", "Rollback"]), (False, ["Begin", "RunExecute"])]
)
def test_error_rolls_back_what_was_opened(
    error: BaseException, opened: bool, effects: list[str], generators: Any
) -> None:
    flow = load(TWO, POSTGRESQL)(Run((), (), generators), {})
    seen = [type(next(flow)).__name__, type(flow.send(opened)).__name__]

    def end() -> None:
        seen.append(type(flow.throw(error)).__name__)
        next(flow)

    with pytest.raises(type(error)) as caught:
        end()
    assert (seen, caught.value) == (effects, error)


def test_first_error_is_raised_when_the_rollback_fails_too(generators: Any) -> None:
    flow = load(TWO, POSTGRESQL)(Run((), (), generators), {})
    seen = [type(next(flow)).__name__, type(flow.send(True)).__name__]
    seen.append(type(flow.throw(DriverFault(FaultKind.DATABASE_ERROR, {}))).__name__)
    # The connection is gone: the first error is still the one that is raised.
    with pytest.raises(DriverFault) as caught:
        flow.throw(DriverFault(FaultKind.CONNECTION_CLOSED, {}))
    assert (seen, caught.value.kind) == (["Begin", "RunExecute", "Rollback"], FaultKind.DATABASE_ERROR)


def test_broken_rule_rolls_back(generators: Any) -> None:
    node = n.Transaction(n.Validate(n.Query(statement("Q")), (n.Never(),), "MISSING_RECORD", (("operation", "x"),)))
    flow = load(node, POSTGRESQL)(Run((), (), generators), {})
    seen = [type(next(flow)).__name__, type(flow.send(True)).__name__, type(flow.send([])).__name__]
    with pytest.raises(PlanError) as caught:
        next(flow)
    assert (seen, caught.value.code) == (["Begin", "RunQuery", "Rollback"], "P2025")


def test_fault_of_the_commit_is_raised(generators: Any) -> None:
    flow = load(n.Transaction(n.Unit()), POSTGRESQL)(Run((), (), generators), {})
    seen = [type(next(flow)).__name__, type(flow.send(True)).__name__]
    with pytest.raises(DriverFault):
        flow.throw(DriverFault(FaultKind.FOREIGN_KEY_CONSTRAINT_VIOLATION, {}))
    assert seen == ["Begin", "Commit"]


def test_closed_run_yields_no_more(generators: Any) -> None:
    flow = load(TWO, POSTGRESQL)(Run((), (), generators), {})
    next(flow)
    flow.send(True)
    flow.close()
    assert list(flow) == []


@pytest.mark.parametrize(
    ("node", "problem"),
    [
        (Get("nobody"), "nothing is bound to the name 'nobody'"),
        (n.ValueNode(Param("nobody")), "nothing is bound to the name 'nobody'"),
        (n.Unique(value([1, 2])), "2 records where at most one can be"),
        (n.Required(value([])), "a required value is missing"),
        (n.Required(value(None)), "a required value is missing"),
        (n.ValueNode(n.Generator("dice", ())), "unknown generator 'dice'"),
        (n.InitializeRecord(n.Unit(), (("id", n.LastInsertId()),)), "the id of an inserted row is asked of a node"),
        (n.Validate(n.Unit(), (n.Never(),), "OTHER", ()), "unknown error 'OTHER'"),
        (n.Execute(ROWS), "a list of rows is empty"),
    ],
)
def test_plan_that_contradicts_itself(node: n.Node, problem: str, interpret: Interpret) -> None:
    with pytest.raises(PlanError) as caught:
        interpret(node, scope={"left": [], "right": []})
    assert (caught.value.code, problem in str(caught.value)) == (None, True)


def test_steps_hold_nothing_of_a_run(interpret: Interpret) -> None:
    node = n.Let(
        (("rows", n.Query(statement("P"))),), n.Process(Get("rows"), n.Operations(None, ("id",), False, None, ()))
    )
    assert [interpret(node, [rows])[1] for rows in ([{"id": 1}], [{"id": 2}])] == [[{"id": 1}], [{"id": 2}]]


def test_now_is_one_moment_of_a_run(generators: Any) -> None:
    node = n.Seq((n.Execute(statement("A", n.Generator("now", ()), n.Generator("now", ()))),))
    flow = load(node, POSTGRESQL)(Run((), (), generators), {})
    effect: Any = next(flow)
    first, second = effect.args
    assert (first is second, first.microsecond) == (True, 123000)
