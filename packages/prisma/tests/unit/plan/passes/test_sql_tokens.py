"""Tokens of the compiler's SQL."""

from __future__ import annotations

import pytest

from prisma.plan.passes.sql_tokens import quoted, read_items, read_tokens, unquoted


@pytest.mark.parametrize(
    ("sql", "tokens"),
    [
        ("SELECT f(a, 'b)') FROM \"c(\"", ["SELECT f", "(", "a", ",", " ", "'b)'", ")", " FROM ", '"c("']),
        ("'it''s' || \"a\"\"b\"", ["'it''s'", " || ", '"a""b"']),
        ("f(`a``)`, `,", ["f", "(", "`a``)`", ",", " ", "`", ","]),
        ("('a", ["(", "'", "a"]),
        ("", []),
    ],
)
def test_tokens(sql: str, tokens: list[str]) -> None:
    assert read_tokens(sql) == tokens


@pytest.mark.parametrize(
    ("sql", "items", "rest"),
    [
        ("a, f(b, c), ')' ) d", ["a", " f(b, c)", " ')' "], " d"),
        (")", [""], ""),
    ],
)
def test_items(sql: str, items: list[str], rest: str) -> None:
    tokens = read_tokens(sql)
    found = read_items(tokens, 0)
    assert found is not None
    assert (found[0], "".join(tokens[found[1] :])) == (items, rest)


def test_items_without_an_end() -> None:
    assert read_items(read_tokens("a, (b)"), 0) is None


def test_quoted() -> None:
    assert quoted('a"b', "c") == '"a""b"."c"'
    assert [unquoted(quoted('a`"b', quote=quote)) for quote in '"`'] == ['a`"b'] * 2
