"""Comparisons of whole texts that ignore case."""

from __future__ import annotations

import pytest

from prisma.plan.nodes import ArgType, Execute, Fragment, Generator, Literal, Param, Parameter, Statement, Text, Value
from prisma.plan.passes.literal_ilike import compare_literally, escape_pattern

ONE, TWO = Param("%1"), Param("%2")


TEXT = ArgType("string", "TEXT", "scalar")


def _execute(sql: str, args: tuple[Value, ...]) -> Execute:
    pieces = sql.split("?")
    fragments: list[Fragment] = [Text(pieces[0])]
    for piece in pieces[1:]:
        fragments += (Parameter(), Text(piece))
    return Execute(Statement(tuple(fragments), args, (TEXT,) * len(args), chunkable=True))


def _of(arg: Value) -> Value:
    return Generator("pattern", (arg,))


# SQL with ? for placeholders, its arguments → the SQL, None for the same, and the arguments.
CASES: list[tuple[str, tuple[Value, ...], str | None, tuple[Value, ...]]] = [
    ('"a" ILIKE ?', (ONE,), None, (_of(ONE),)),
    ('"a" NOT ILIKE ? AND "b" = ?', (ONE, TWO), None, (_of(ONE), TWO)),
    ('"a" = ? OR "b" ILIKE ?', (ONE, TWO), None, (ONE, _of(TWO))),
    ('"a" ILIKE ?', (Literal('"a_b"'),), None, (Literal('"a\\_b"'),)),
    ("\"a\" ILIKE (? || '%')", (ONE,), None, (ONE,)),
    ("\"a\" ILIKE ('%' || ? || '%')", (ONE,), None, (ONE,)),
    ('"a" LIKE ?', (ONE,), None, (ONE,)),
    (
        '"t"."a" ILIKE "t"."b""c" AND "d" ILIKE ?',
        (ONE,),
        """"t"."a" ILIKE regexp_replace("t"."b""c", '([\\\\_%])', '\\\\\\1', 'g') AND "d" ILIKE ?""",
        (_of(ONE),),
    ),
    ("""'x ILIKE "y"' = ? AND "z ILIKE " ILIKE ?""", (ONE, TWO), None, (ONE, _of(TWO))),
]


@pytest.mark.parametrize(("sql", "args", "written", "filled"), CASES, ids=[sql for sql, *_ in CASES])
def test_statement(sql: str, args: tuple[Value, ...], written: str | None, filled: tuple[Value, ...]) -> None:
    assert compare_literally(_execute(sql, args)) == _execute(written or sql, filled)


def test_escape_pattern() -> None:
    assert escape_pattern("50%_\\") == "50\\%\\_\\\\"
