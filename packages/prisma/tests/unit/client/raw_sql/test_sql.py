"""`sql`, `join`, `raw` and `empty`: the text and the values of the result."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from prisma import empty, join, raw, sql
from prisma.client.raw_sql.sql import Sql, statement

SPLICED = sql("a = {} AND b = {name}", 1, name="x")

MADE: list[tuple[Sql, str, tuple[Any, ...]]] = [
    (sql("SELECT 1"), "SELECT 1", ()),
    (SPLICED, "a = $1 AND b = $2", (1, "x")),
    (
        sql("SELECT {} FROM t WHERE {} AND {}", 0, SPLICED, 2),
        "SELECT $1 FROM t WHERE a = $2 AND b = $3 AND $4",
        (0, 1, "x", 2),
    ),
    (sql("WHERE {c} OR {c}", c=SPLICED), "WHERE a = $1 AND b = $2 OR a = $3 AND b = $4", (1, "x", 1, "x")),
    (sql("id IN ({})", join([1, 2, 3])), "id IN ($1, $2, $3)", (1, 2, 3)),
    (join([SPLICED, sql("c")], " OR ", "(", ")"), "(a = $1 AND b = $2 OR c)", (1, "x")),
    (sql("SELECT 1{}", empty), "SELECT 1", ()),
    (sql("ORDER BY {} LIMIT {}", raw('"name" DESC'), 5), 'ORDER BY "name" DESC LIMIT $1', (5,)),
    (sql("'{{}}'::jsonb = {}", "'; DROP TABLE t"), "'{}'::jsonb = $1", ("'; DROP TABLE t",)),
    (sql("{}", [1, 2]), "$1", ([1, 2],)),
    (sql("{}", None), "$1", (None,)),
]


@pytest.mark.parametrize(("fragment", "text", "values"), MADE)
def test_fragments(fragment: Sql, text: str, values: tuple[Any, ...]) -> None:
    assert (fragment.text, str(fragment), fragment.values) == (text, text, values)


def test_template_strings() -> None:
    # What `t"WHERE {x} AND {y}"` is from Python 3.14 on.
    parts = [SimpleNamespace(value=value, expression="x", conversion=None, format_spec="") for value in (1, SPLICED)]
    template = SimpleNamespace(strings=("WHERE ", " AND ", ""), interpolations=tuple(parts))
    assert (sql(template).text, sql(template).values) == ("WHERE $1 AND a = $2 AND b = $3", (1, 1, "x"))


REFUSED: list[tuple[Any, type[Exception], str]] = [
    (lambda: sql("{} {}", 1), TypeError, "got 1 values for more"),
    (lambda: sql("{}", 1, 2), TypeError, "does not name"),
    (lambda: sql("{a}", a=1, b=2), TypeError, "does not name"),
    (lambda: sql("{a}"), TypeError, "no value for `{a}`"),
    (lambda: sql("{a.b}", a=1), TypeError, "no value for `{a.b}`"),
    (lambda: sql("{!r}", 1), ValueError, "can't be formatted"),
    (lambda: sql("{a:x}", a=1), ValueError, "can't be formatted"),
    (lambda: sql("a = $1 AND {}", 1), ValueError, "numbers parameters itself"),
    (lambda: join([]), ValueError, "at least one part"),
    (lambda: statement(SPLICED, (1,), "postgresql"), TypeError, "brings its values along"),
]


@pytest.mark.parametrize(("make", "error", "said"), REFUSED)
def test_wrong_fragments(make: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error) as caught:
        make()
    assert said in str(caught.value)


def test_repr_hides_values() -> None:
    assert repr(sql("a = {}", "secret")) == "Sql(strings=('a = ', ''))"
