"""A transaction that inserts a row and reads it again becomes one statement."""

from __future__ import annotations

import pytest

from prisma.plan.nodes import (
    ArgType,
    DataMap,
    FieldShape,
    Fragment,
    Generator,
    Get,
    InitializeRecord,
    Let,
    Literal,
    MapField,
    Node,
    ObjectShape,
    Param,
    Parameter,
    Query,
    RowCountNeq,
    Statement,
    Text,
    Transaction,
    Unique,
    Validate,
    Value,
    ValueNode,
)
from prisma.plan.passes.inserted_row import return_inserted_rows

INT = ArgType("int", "INT", "scalar")
INSERT = "INSERT INTO `db`.`a, b` (`x`,`id`) VALUES (?,?)"
SELECT = "SELECT `db`.`a, b`.`id`, `db`.`a, b`.`x.y` FROM `db`.`a, b` WHERE `db`.`a, b`.`id` = ? LIMIT ? OFFSET ?"
RETURNING = f"{INSERT} RETURNING `id`, `x.y`"
KEY = (Param("0$id"), Literal(1), Literal(0))
SHAPE = ObjectShape(
    serialized_name=None,
    fields=(("id", FieldShape(db_name="id", arity="required", type="int", enum=None)),),
    skip_nulls=False,
)
MADE = ("@made", ValueNode(Generator("now", ())))


def statement(sql: str, args: tuple[Value, ...], *, chunkable: bool = True) -> Statement:
    first, *rest = sql.split("?")
    fragments: list[Fragment] = [Text(first)]
    for piece in rest:
        fragments += [Parameter(), *([Text(piece)] if piece else [])]
    return Statement(tuple(fragments), args, (INT,) * len(args), chunkable)


def plan(
    insert: str = INSERT, select: str = SELECT, key: tuple[Value, ...] = KEY, *, field: str = "id", makes: bool = False
) -> Node:
    made: Node = InitializeRecord(Unique(Query(statement(insert, (Literal(1), Literal(2))))), (("id", Literal(2)),))
    record = Unique(Validate(Get("0"), (RowCountNeq(0),), "MISSING_RECORD", ()))
    read = Let((("0", record), ("0$id", MapField(field, Get("0")))), Unique(Query(statement(select, key))))
    return Transaction(DataMap(Let((("0", Let((MADE,), made) if makes else made),), read), SHAPE, ()))


@pytest.mark.parametrize("makes", [False, True])
def test_a_row_that_is_read_again(makes: bool) -> None:
    written = statement(INSERT, (Literal(1), Literal(2)))
    returning = Statement((*written.fragments, Text(" RETURNING `id`, `x.y`")), written.args, written.arg_types, False)
    query = Unique(Query(returning))
    assert return_inserted_rows(plan(makes=makes)) == DataMap(Let((MADE,), query) if makes else query, SHAPE, ())


@pytest.mark.parametrize(
    "other",
    [
        plan(insert=INSERT.replace("INSERT", "INSERT IGNORE")),
        plan(insert=INSERT.replace("`a, b`", "`c`")),
        plan(select=SELECT.replace("`db`.`a, b`.`x.y`", "`db`.`c`.`x`")),
        plan(select=SELECT.replace("`db`.`a, b`.`x.y`", "COUNT(*)")),
        plan(select=SELECT.replace(" OFFSET ", " OFF ")),
        plan(key=(Literal(7), Literal(1), Literal(0))),
        plan(key=(Param("0$id"), Literal(2), Literal(0))),
        plan(key=(Param("1$id"), Literal(1), Literal(0))),
        plan(field="x"),
        DataMap(Unique(Query(statement(SELECT, KEY))), SHAPE, ()),
    ],
)
def test_other_plans_stay(other: Node) -> None:
    assert return_inserted_rows(other) is other
