"""createMany by row templates: any number of rows gives the statements that the compiler gives for those rows."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from prisma.compiler.query_compiler import QueryCompiler
from prisma.dialects.postgresql import POSTGRESQL
from prisma.engine.effects import Begin, Commit, DescribeArrays, RunExecute, RunQuery
from prisma.engine.generators import Generators
from prisma.engine.program import Program
from prisma.engine.row_templates import Columns, RowTemplates
from prisma.plan.decode import decode

Column = tuple[str, str]

USER = [("email", "String"), ("name", "String"), ("role", "Enum")]
TOKEN = [("note", "String"), ("weight", "Int")]
POST = [("id", "Int"), ("title", "String"), ("labels", "String[]"), ("authorId", "Int"), ("price", "Float")]


def column_value(column: Column, number: int) -> Any:
    name, kind = column
    value = {"type": "List", "inner": {"type": kind[:-2]}} if kind.endswith("[]") else {"type": kind}
    placed = {"$type": "Param", "value": {"name": f"%{number}", **value}}
    return {name: {"set": placed} if kind.endswith("[]") else placed}


def request(model: str, action: str, rows: Sequence[Sequence[Column]], **arguments: Any) -> str:
    numbers = iter(range(1, 10_000))
    data = [{k: v for column in row for k, v in column_value(column, next(numbers)).items()} for row in rows]
    selection = {"count": True} if action == "createMany" else {"$scalars": True}
    if model == "Post" and action == "createManyAndReturn":
        selection |= {"author": {"selection": {"id": True}}}
    query = {"arguments": {"data": data, **arguments}, "selection": selection}
    return json.dumps({"modelName": model, "action": action, "query": query})


def effects(flow: Any) -> list[Any]:
    """Return the effects up to the end, answering as if nothing was there, and that no arrays can be had."""
    found: list[Any] = []
    answer = None
    while True:
        try:
            effect = flow.send(answer)
        except StopIteration:
            return found
        if isinstance(effect, DescribeArrays):
            answer = [None]
            continue
        found.append(effect)
        answer = 1 if isinstance(effect, RunExecute) else [] if isinstance(effect, RunQuery) else True


CASES = [
    pytest.param("User", "createMany", USER, [USER[:1]], {}, id="now, enum default"),
    pytest.param("User", "createMany", USER, [USER[:2], USER[:1]], {"skipDuplicates": True}, id="skip duplicates"),
    pytest.param("User", "createManyAndReturn", USER, [], {}, id="returning"),
    pytest.param("Token", "createManyAndReturn", TOKEN, [TOKEN[:1], TOKEN[1:]], {}, id="every generator"),
    pytest.param("Post", "createMany", POST, [POST[1:2], POST[:2], POST[1:3]], {}, id="null and DEFAULT"),
    pytest.param("Post", "createManyAndReturn", POST, [POST[1:2]], {}, id="with a relation"),
]


@pytest.mark.parametrize("count", [1, 2, 5, 30])
@pytest.mark.parametrize(("model", "action", "columns", "lacking", "arguments"), CASES)
def test_rows_render_as_compiled(
    model: str,
    action: str,
    columns: list[Column],
    lacking: list[list[Column]],
    arguments: dict[str, Any],
    count: int,
    compiler: QueryCompiler,
    fixed: Any,
) -> None:
    def plan(*rows: list[Column]) -> Any:
        return decode(compiler.compile(request(model, action, rows, **arguments)))

    templates = RowTemplates.extract(POSTGRESQL, plan(columns), *(plan(columns, few) for few in lacking))
    assert templates is not None

    # The first row has all columns, as the union of the rows must.
    shapes = [columns, *lacking]
    chosen = [number % len(shapes) for number in range(count)]
    numbers = iter(range(10_000))
    rows = [(index, [next(numbers) for _ in shapes[index]]) for index in chosen]
    values = [value for _, row in rows for value in row]
    compiled = Program.load(plan(*(shapes[index] for index in chosen)), POSTGRESQL)

    assert effects(templates.run(rows, fixed())) == effects(compiled.run(values, (), fixed()))


def test_rows_beyond_the_bind_limit_share_a_transaction(compiler: QueryCompiler, generators: Generators) -> None:
    templates = RowTemplates.extract(POSTGRESQL, decode(compiler.compile(request("Token", "createMany", [TOKEN]))))
    assert templates is not None
    found = effects(templates.run([(0, ["note", 1])] * 7000, generators))
    described = [(type(effect), len(effect.args)) if isinstance(effect, RunExecute) else effect for effect in found]
    # Ten columns a row: 3276 rows fill a statement.
    assert described == [Begin(), (RunExecute, 32760), (RunExecute, 32760), (RunExecute, 4480), Commit()]


@pytest.mark.parametrize(
    ("action", "answers", "result"),
    [
        ("createMany", [True, 3276, 1, None], {"count": 3277}),
        ("createManyAndReturn", [True, [{"note": "a"}], [{"note": "b"}], None], [{"note": "a"}, {"note": "b"}]),
    ],
)
def test_answers_of_several_statements_are_joined(
    action: str, answers: list[Any], result: Any, compiler: QueryCompiler, generators: Generators
) -> None:
    text = request("Token", action, [TOKEN]).replace('"$scalars"', '"note"')
    templates = RowTemplates.extract(POSTGRESQL, decode(compiler.compile(text)))
    assert templates is not None
    flow = templates.run([(0, ["note", 1])] * 3277, generators)
    next(flow)
    flow.send([None])
    for answer in answers[:-1]:
        flow.send(answer)
    with pytest.raises(StopIteration) as end:
        flow.send(answers[-1])
    assert end.value.value == result


def test_plans_of_other_forms_give_no_templates(compiler: QueryCompiler) -> None:
    full = decode(compiler.compile(request("Post", "createMany", [POST])))
    other_table = decode(compiler.compile(request("Token", "createMany", [TOKEN, TOKEN[:1]])))
    other_columns = decode(compiler.compile(request("Post", "createMany", [POST[:2], POST[1:2]])))
    other_form = decode(compiler.compile(request("Post", "createManyAndReturn", [POST, POST[1:2]])))
    nothing = decode(compiler.compile(request("Post", "createMany", [])))
    assert [RowTemplates.extract(POSTGRESQL, full, node) for node in (other_table, other_columns, other_form)] == [
        None
    ] * 3
    assert RowTemplates.extract(POSTGRESQL, nothing) is None


def test_wrong_number_of_values_is_refused(compiler: QueryCompiler, generators: Generators) -> None:
    templates = RowTemplates.extract(POSTGRESQL, decode(compiler.compile(request("Token", "createMany", [TOKEN]))))
    assert templates is not None
    with pytest.raises(ValueError, match="takes 2 values, got 1"):
        next(templates.run([(0, ["note"])], generators))


def templates_of(compiler: QueryCompiler, model: str, columns: list[Column], *lacking: list[Column]) -> RowTemplates:
    rows = [[columns], *([columns, few] for few in lacking)]
    skip = {"skipDuplicates": True} if model == "User" else {}
    plans = [decode(compiler.compile(request(model, "createMany", each, **skip))) for each in rows]
    templates = RowTemplates.extract(POSTGRESQL, *plans)
    assert templates is not None
    return templates


USER_HEAD = 'INSERT INTO "public"."users" ("email","name","role","created_at","updated_at")'


def test_many_rows_become_an_array_for_each_column(compiler: QueryCompiler, fixed: Any) -> None:
    templates = templates_of(compiler, "User", USER, USER[:2], [USER[0], USER[2]])
    rows = [(0, ["a", "A", "ADMIN"]), (1, ["b", "B"]), (2, ["c", "USER"]), *[(1, ["d", "D"])] * 5]
    flow = templates.run(rows, fixed())
    asked = next(flow)
    insert = flow.send([f"A{number}[]" for number in range(1, 6)])
    now = fixed().now()
    assert asked == DescribeArrays(
        f'{USER_HEAD} VALUES ($1, $2, CAST($3::text AS "public"."role_enum"), $4, $5) ON CONFLICT DO NOTHING'
    )
    assert insert == RunExecute(
        f'{USER_HEAD} SELECT "r"."c1", "r"."c2", CAST("r"."c3"::text AS "public"."role_enum"), $4::A4, $5::A5 '
        'FROM unnest($1::A1[], $2::A2[], $3::A3[]) AS "r"("c1", "c2", "c3") '
        "ON CONFLICT DO NOTHING",
        (
            ["a", "b", "c", *"ddddd"],
            ["A", "B", None, *"DDDDD"],
            ["ADMIN", "user", "USER", *["user"] * 5],
            now,
            now,
        ),
    )


def test_rows_of_one_kind_are_the_same_by_columns(compiler: QueryCompiler) -> None:
    generators = Generators(clock=lambda: datetime(2024, 5, 6, tzinfo=UTC), random_bytes=secrets.token_bytes)
    templates = templates_of(compiler, "Token", TOKEN)
    columns = Columns(10, [[f"note {number}" for number in range(10)], list(range(10))])
    types = [f"A{number}[]" for number in range(1, 11)]
    inserts: list[Any] = []
    for rows in (columns.rows(), columns):
        flow = templates.run(rows, generators)
        next(flow)
        inserts.append(flow.send(types))
    by_rows, by_columns = inserts
    assert by_columns.sql == by_rows.sql
    # Seven kinds of ids, each of them new for each row; one moment; and what was given.
    given = [len(set(column)) if isinstance(column, list) else 1 for column in by_columns.args]
    assert given == [10] * 7 + [1] + [10] * 2
    assert by_columns.args[7:] == by_rows.args[7:]
    assert [list(map(len, column)) for column in by_columns.args[:7]] == [
        list(map(len, column)) for column in by_rows.args[:7]
    ]


def test_a_row_that_needs_a_default_of_the_database_is_no_part_of_an_array(
    compiler: QueryCompiler, generators: Generators
) -> None:
    templates = templates_of(compiler, "Post", POST[:2], POST[1:2])
    (effect, *_) = effects(templates.run([(0, [1, "a"]), *[(1, ["b"])] * 9], generators))
    assert "DEFAULT" in effect.sql
