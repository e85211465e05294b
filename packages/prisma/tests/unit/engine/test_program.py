"""Programs: plans of one statement, and the generator form of every plan."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest

from prisma.dialects.postgresql import POSTGRESQL
from prisma.engine.effects import RunQuery
from prisma.engine.generators import Generators
from prisma.engine.plan_error import PlanError
from prisma.engine.program import Program
from prisma.engine.single_statement import load_single
from prisma.plan import nodes as n
from prisma.plan.nodes import Get, Literal, Param

INT = n.ArgType("int", None, "scalar")


def statement(*args: n.Value, fragment: n.Fragment | None = None) -> n.Statement:
    fragments: list[n.Fragment] = [n.Text("Q")]
    for _ in args:
        fragments += [n.Text(" "), fragment or n.Parameter()]
    return n.Statement(tuple(fragments), args, (INT,) * len(args), chunkable=False)


def query(*args: n.Value) -> n.Query:
    return n.Query(statement(*args))


def validated(expr: n.Node) -> n.Validate:
    return n.Validate(expr, (n.RowCountNeq(0),), "MISSING_RECORD", (("operation", "an update"),))


def written(expr: n.Node, *, returned: str = "0") -> n.Let:
    """The form of updates and deletes."""
    check = n.Let((("0", validated(Get("0"))),), n.Unit())
    return n.Let((("0", expr),), n.Seq((check, Get(returned))))


def generator(name: str, *args: Any) -> n.Generator:
    return n.Generator(name, tuple(Literal(arg) for arg in args))


SHAPE = n.ObjectShape(None, False, (("i", n.FieldShape("id", "required", "int")),))
REVERSE = n.Operations(None, None, True, None, ())

# Plan, rows, result.
SINGLE: list[tuple[n.Node, Any, Any]] = [
    (query(), [{"id": 1}], [{"id": 1}]),
    (n.Unique(query()), [{"id": 1}], {"id": 1}),
    (n.Unique(query()), [], None),
    (n.Required(n.Unique(query())), [{"id": 1}], {"id": 1}),
    (n.DataMap(n.Unique(query()), SHAPE, ()), [{"id": 1}], {"i": 1}),
    (n.DataMap(n.Process(query(), REVERSE), SHAPE, ()), [{"id": 1}, {"id": 2}], [{"i": 2}, {"i": 1}]),
    (n.DataMap(n.Unique(validated(query())), SHAPE, ()), [{"id": 1}], {"i": 1}),
    (n.DataMap(written(n.Unique(query())), SHAPE, ()), [{"id": 1}], {"i": 1}),
    (n.DataMap(n.Execute(statement()), n.AffectedRowsShape(), ()), 3, {"count": 3}),
]


@pytest.mark.parametrize(("plan", "answer", "result"), SINGLE)
def test_single_statement(plan: n.Node, answer: Any, result: Any, generators: Generators) -> None:
    program = Program.load(plan, POSTGRESQL)
    single = program.single
    assert single is not None
    flow = program.run((), (), generators)
    effect = next(flow)
    with pytest.raises(StopIteration) as end:
        flow.send(answer)
    assert (single.sql, single.returns_rows, single.finish(answer)) == ("Q", isinstance(effect, RunQuery), result)
    assert end.value.value == result


ROWS = n.ParameterTupleList("(", ",", ")", ",")

MORE: list[n.Node] = [
    n.Transaction(query()),
    n.Seq((query(), query())),
    n.Seq(()),
    n.Concat(()),
    n.Sum((n.Execute(statement()),)),
    n.Let((("x", query()),), query(Param("x"))),
    n.Let((("x", query()),), Get("x")),
    n.Let((("0", query()),), n.Seq((n.Let((("0", validated(Get("1"))),), n.Unit()), Get("0")))),
    written(query(), returned="1"),
    n.Process(query(), n.Operations(None, ("id",), False, None, ())),
    n.Query(statement(Literal([]), fragment=ROWS)),
    n.Join(query(), (), True),
    query(Param("free")),
    query(n.Generator("product", (Param("a"), Param("b")))),
]


@pytest.mark.parametrize("plan", MORE)
def test_more_than_a_single_statement(plan: n.Node) -> None:
    assert Program.load(plan, POSTGRESQL).single is None


BOUND: list[tuple[n.Value, Any]] = [
    (Param("%2"), "b"),
    (Literal(5), 5),
    (Literal(None), None),
    (n.Slot(0), 7),
    (n.Slot(1), 9),
    (n.ListValue((Param("%1"), Literal(1))), ["a", 1]),
    (n.Generator("product", (Param("%3"), Literal(3))), [(1, 3), (2, 3)]),
]


@pytest.mark.parametrize(("value", "argument"), BOUND)
def test_bind(value: n.Value, argument: Any, generators: Generators) -> None:
    single = Program.load(query(value, Param("%1")), POSTGRESQL).single
    assert single is not None
    assert single.bind(("a", "b", [1, 2]), (7, -9), generators) == (argument, "a")


@pytest.mark.parametrize(("value", "argument"), [(Param("%1"), [1, 2]), (Param("%2"), ["x"]), (Literal([3]), [3])])
def test_bind_arrays(value: n.Value, argument: Any, generators: Generators) -> None:
    single = Program.load(n.Query(statement(value, fragment=n.ArrayParameter("= ANY({})"))), POSTGRESQL).single
    assert single is not None
    assert (single.sql, single.bind(([1, 2], "x"), (), generators)) == ("Q = ANY($1)", (argument,))


def test_values_made_for_a_row_are_made_once(generators: Generators) -> None:
    made = (("@generated$row0$id", n.ValueNode(generator("uuid", 4))), ("at", n.ValueNode(generator("now"))))
    single = Program.load(
        n.Let(made, query(Param("@generated$row0$id"), Param("at"), Param("@generated$row0$id"), generator("now"))),
        POSTGRESQL,
    ).single
    assert single is not None
    first, second = (single.bind((), (), generators) for _ in range(2))
    assert (first[0] is first[2], first[1] is first[3], first[0] == second[0]) == (True, True, False)


@pytest.mark.parametrize(
    ("name", "args", "length"),
    [("uuid", [7], 36), ("cuid", [1], 25), ("cuid", [2], 24), ("ulid", [], 26), ("nanoid", [], 21), ("nanoid", [8], 8)],
)
def test_bind_generators(name: str, args: list[int], length: int, generators: Generators) -> None:
    single = Program.load(query(generator(name, *args)), POSTGRESQL).single
    assert single is not None
    [value] = single.bind((), (), generators)
    assert len(value) == length


def test_rule_of_a_single_statement() -> None:
    single = Program.load(written(n.Unique(query())), POSTGRESQL).single
    assert single is not None
    with pytest.raises(PlanError) as caught:
        single.finish([])
    assert caught.value.code == "P2025"


TAGS = n.ObjectShape("tags", False, (("i", n.FieldShape("id", "required", "int")),))
JOINED = n.ObjectShape(None, False, (("tags", TAGS),))


def limited(*args: n.Value) -> n.Query:
    fragments = (n.Text("Q "), n.Parameter(), n.Text(" LIMIT "), n.Parameter(), n.Text(" OFFSET "), n.Parameter())
    return n.Query(n.Statement(fragments, args, (INT,) * 3, chunkable=False))


def test_a_limit_that_comes_again_is_part_of_the_text(generators: Generators) -> None:
    single = Program.load(n.DataMap(limited(Param("%1"), n.Slot(0), n.Slot(1)), JOINED, ()), POSTGRESQL).single
    assert single is not None
    assert single.by_limit is not None
    ran: list[tuple[str, tuple[Any, ...]]] = []
    for numbers in ([20, 5], [20, 6], [10, 5], [20, 5], *([number, 0] for number in (*range(30, 40), *range(30, 40)))):
        chosen = single.by_limit(numbers)
        ran.append((chosen.sql, chosen.bind(["a"], numbers, generators)))
    general = "Q $1 LIMIT $2 OFFSET $3"
    assert ran == [
        (general, ("a", 20, 5)),
        ("Q $1 LIMIT 20 OFFSET $2", ("a", 6)),
        (general, ("a", 10, 5)),
        ("Q $1 LIMIT 20 OFFSET $2", ("a", 5)),
        *((general, ("a", number, 0)) for number in range(30, 40)),
        # Eight at most.
        *((f"Q $1 LIMIT {number} OFFSET $2", ("a", 0)) for number in range(30, 37)),
        *((general, ("a", number, 0)) for number in range(37, 40)),
    ]


def test_a_number_that_only_looks_like_one_stays_a_parameter() -> None:
    class Loud(int):
        def __format__(self, spec: str) -> str:
            return "1; DROP TABLE users"

    single = Program.load(n.DataMap(limited(Param("%1"), n.Slot(0), n.Slot(1)), JOINED, ()), POSTGRESQL).single
    assert single is not None
    assert single.by_limit is not None
    assert {single.by_limit([Loud(20), 5]).sql for _ in range(3)} == {"Q $1 LIMIT $2 OFFSET $3"}


@pytest.mark.parametrize(
    ("args", "shape"),
    [((Param("%1"), n.Slot(0), n.Slot(1)), SHAPE), ((n.Slot(0), Literal(1), n.Slot(1)), JOINED)],
    ids=["no related rows", "a limit of the plan's own"],
)
def test_other_limits_stay_as_they_are(args: tuple[n.Value, ...], shape: n.ObjectShape) -> None:
    single = Program.load(n.DataMap(limited(*args), shape, ()), POSTGRESQL).single
    assert single is not None
    assert single.by_limit is None


def test_a_program_is_loaded_when_it_is_first_used() -> None:
    plan = n.DataMap(query(), SHAPE, ())
    with patch("prisma.engine.program.load_single", wraps=load_single) as load:
        made = Program.load(plan, POSTGRESQL)
        before = load.call_count
        assert made.single is made.single
    assert (before, load.call_count) == (0, 1)
    with pytest.raises(AttributeError, match="nothing"):
        made.nothing  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue]
