"""createMany by row templates: any number of rows gives the statements that the compiler gives for those rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from prisma.compiler.query_compiler import QueryCompiler
from prisma.engine.effects import Begin, Commit, RunExecute, RunQuery
from prisma.engine.generators import Generators
from prisma.engine.insertion import RowTemplates
from prisma.engine.program import Program
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
    """Return the effects up to the end, answering as if nothing was there."""
    found: list[Any] = []
    answer = None
    while True:
        try:
            effect = flow.send(answer)
        except StopIteration:
            return found
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

    templates = RowTemplates.extract(plan(columns), *(plan(columns, few) for few in lacking))
    assert templates is not None

    # The first row has all columns, as the union of the rows must.
    shapes = [columns, *lacking]
    chosen = [number % len(shapes) for number in range(count)]
    numbers = iter(range(10_000))
    rows = [(index, [next(numbers) for _ in shapes[index]]) for index in chosen]
    values = [value for _, row in rows for value in row]
    compiled = Program.load(plan(*(shapes[index] for index in chosen)))

    assert effects(templates.run(rows, fixed())) == effects(compiled.run(values, (), fixed()))


def test_rows_beyond_the_bind_limit_share_a_transaction(compiler: QueryCompiler, generators: Generators) -> None:
    templates = RowTemplates.extract(decode(compiler.compile(request("Token", "createMany", [TOKEN]))))
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
    templates = RowTemplates.extract(decode(compiler.compile(text)))
    assert templates is not None
    flow = templates.run([(0, ["note", 1])] * 3277, generators)
    next(flow)
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
    assert [RowTemplates.extract(full, node) for node in (other_table, other_columns, other_form)] == [None] * 3
    assert RowTemplates.extract(nothing) is None


def test_wrong_number_of_values_is_refused(compiler: QueryCompiler, generators: Generators) -> None:
    templates = RowTemplates.extract(decode(compiler.compile(request("Token", "createMany", [TOKEN]))))
    assert templates is not None
    with pytest.raises(ValueError, match="takes 2 values, got 1"):
        templates.run([(0, ["note"])], generators)
