"""Comparisons of whole texts that ignore case."""

from __future__ import annotations

import pytest

from prisma.plan.nodes import Fragment, Generator, Literal, Param, Parameter, Text, Value
from prisma.plan.passes.literal_ilike import escaped, with_whole_texts

ONE, TWO = Param("%1"), Param("%2")


def _fragments(sql: str) -> tuple[Fragment, ...]:
    pieces = sql.split("?")
    fragments: list[Fragment] = [Text(pieces[0])]
    for piece in pieces[1:]:
        fragments += (Parameter(), Text(piece))
    return tuple(fragments)


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
    assert with_whole_texts(_fragments(sql), args) == (_fragments(written or sql), filled)


def test_escaped() -> None:
    assert escaped("50%_\\") == "50\\%\\_\\\\"
