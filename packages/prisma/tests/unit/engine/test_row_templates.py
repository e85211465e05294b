"""Row templates: how an INSERT is split. (tests/plans compares their statements with the compiler's.)"""

from __future__ import annotations

from typing import Any

import pytest

from prisma.dialects.postgresql import POSTGRESQL
from prisma.engine.generators import Generators
from prisma.engine.row_templates import RowTemplates
from prisma.plan import nodes as n
from prisma.plan.nodes import Literal, Param

INT = n.ArgType("int", None, "scalar")


def insert(sql: str, *args: n.Value) -> n.Execute:
    """Return an INSERT; `?` stands for a placeholder."""
    chunks = sql.split("?")
    fragments: list[n.Fragment] = [n.Text(chunks[0])]
    for chunk in chunks[1:]:
        fragments += [n.Parameter(), n.Text(chunk)]
    return n.Execute(n.Statement(tuple(fragments), args, (INT,) * len(args), chunkable=True))


P1, P2, P3 = Param("%1"), Param("%2"), Param("%3")


@pytest.mark.parametrize(
    ("plan", "rows", "sql", "args"),
    [
        pytest.param(
            insert('INSERT INTO "a" ("b","c") VALUES (?,?)', P1, P2), [(0, "xy"), (0, "zw")],
            'INSERT INTO "a" ("b","c") VALUES ($1,$2), ($3,$4)', ("x", "y", "z", "w"), id="plain",
        ),
        pytest.param(
            insert('INSERT INTO "a) VALUES (" VALUES (?) ON CONFLICT DO NOTHING', P1), [(0, "x"), (0, "y")],
            'INSERT INTO "a) VALUES (" VALUES ($1), ($2) ON CONFLICT DO NOTHING', ("x", "y"), id="names like SQL",
        ),
        pytest.param(
            insert('INSERT INTO "a" VALUES (null,CAST(?::text AS "e)%d"),\')\') RETURNING "a"."(", "b%"', P1),
            [(0, "x")],
            'INSERT INTO "a" VALUES (null,CAST($1::text AS "e)%d"),\')\') RETURNING "a"."(", "b%"', ("x",),
            id="parentheses and percent signs in quotes",
        ),
        pytest.param(
            insert('INSERT INTO "a" VALUES (?,?,?)', P2, Literal(5), P1), [(0, "xy")],
            'INSERT INTO "a" VALUES ($1,$2,$3)', ("y", 5, "x"), id="other order, literal",
        ),
        pytest.param(
            insert('INSERT INTO "a" VALUES (?,?)', P1, P1), [(0, "x")],
            'INSERT INTO "a" VALUES ($1,$2)', ("x", "x"), id="a value twice",
        ),
    ],
)  # fmt: skip
def test_rows(plan: n.Node, rows: list[Any], sql: str, args: tuple[Any, ...], generators: Generators) -> None:
    templates = RowTemplates.extract(POSTGRESQL, plan)
    assert templates is not None
    effect: Any = next(templates.run(rows, generators))
    assert (effect.sql, effect.args) == (sql, args)


def test_no_rows_need_no_statement(generators: Generators) -> None:
    templates = RowTemplates.extract(
        POSTGRESQL, n.DataMap(insert("INSERT INTO a VALUES (?)", P1), n.AffectedRowsShape(), ())
    )
    assert templates is not None
    with pytest.raises(StopIteration) as end:
        next(templates.run([], generators))
    assert end.value.value == {"count": 0}


GOOD = insert("INSERT INTO a VALUES (?)", P1)


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(n.Unit(), id="no insert"),
        pytest.param(n.Seq((GOOD, GOOD)), id="two inserts"),
        pytest.param(insert("UPDATE a SET b = ?", P1), id="no insert at all"),
        pytest.param(insert("INSERT INTO a SELECT ?", P1), id="no values"),
        pytest.param(insert("INSERT INTO a VALUES (DEFAULT)"), id="no parameters"),
        pytest.param(insert("INSERT INTO a VALUES (?), (?)", P1, P2), id="two rows"),
        pytest.param(insert("INSERT INTO a VALUES (?", P1), id="open parenthesis"),
        pytest.param(insert("INSERT INTO a VALUES (?) LIMIT ?", P1, P2), id="parameter behind the rows"),
        pytest.param(insert("INSERT INTO a VALUES ('?')", P1), id="parameter in quotes"),
        pytest.param(insert("INSERT INTO a VALUES (?,?)", P1, P3), id="gap in the parameters"),
        pytest.param(insert("INSERT INTO a VALUES (?)", Param("0$id")), id="bound name"),
        pytest.param(insert("INSERT INTO a VALUES (?)", n.Slot(0)), id="slot"),
        pytest.param(n.Let((("x", n.ValueNode(P1)),), GOOD), id="request's value elsewhere"),
        pytest.param(
            n.Execute(
                n.Statement((n.Text("INSERT INTO a VALUES "), n.ParameterTuple("", ",", "")), (P1,), (INT,), True)
            ),
            id="list",
        ),
    ],
)
def test_other_forms(plan: n.Node) -> None:
    assert RowTemplates.extract(POSTGRESQL, plan) is None


def test_pair_whose_parameters_do_not_follow() -> None:
    good = insert("INSERT INTO a VALUES (?,?), (?,null)", P1, P2, P3)
    bad = insert("INSERT INTO a VALUES (?,?), (?,null)", P1, P2, P2)
    full = insert("INSERT INTO a VALUES (?,?)", P1, P2)
    assert [RowTemplates.extract(POSTGRESQL, full, pair) is not None for pair in (good, bad)] == [True, False]
