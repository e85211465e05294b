from __future__ import annotations

from typing import Any

import pytest

from prisma.drivers.mysql.placeholders import with_values
from prisma.faults import DriverFault

EVIL = "' OR 1=1 -- "
LITERAL = "''' OR 1=1 -- '"

WRITTEN = [
    ("SELECT ?", True, (1,), "SELECT  1 "),
    ("SELECT '?', \"?\", `?`, ? /* ? */ -- ?\n# ?\n", True, (1,), "SELECT '?', \"?\", `?`,  1  /* ? */ -- ?\n# ?\n"),
    ("SELECT 'it''s ?', ?", True, (1,), "SELECT 'it''s ?',  1 "),
    ("SELECT '\\'?', ?", True, (1,), "SELECT '\\'?',  1 "),
    ("SELECT '\\', ?", False, (1,), "SELECT '\\',  1 "),
    ("SELECT `a``?`, ?;  ", True, (1,), "SELECT `a``?`,  1 ;  "),
    # A value is never part of what stands beside it.
    ("SELECT X?", True, ("41",), "SELECT X '41' "),
    ("SELECT a--?", True, (1,), "SELECT a-- 1 "),
    ("SELECT ?", True, (EVIL,), f"SELECT  {LITERAL} "),
    ("SELECT ?, ?", True, ("?", "?"), "SELECT  '?' ,  '?' "),
]


@pytest.mark.parametrize(("sql", "escapes", "values", "written"), WRITTEN)
def test_values_take_the_place_of_question_marks(
    sql: str, escapes: bool, values: tuple[Any, ...], written: str
) -> None:
    assert with_values(sql, values, escapes=escapes) == written


@pytest.mark.parametrize(
    ("sql", "escapes", "values", "message"),
    [
        ("SELECT ?", True, (), "1 parameters (?), and 0 values"),
        ("SELECT 1", True, (1,), "0 parameters (?), and 1 values"),
        ("SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SELECT ?", True, (1,), "one by one"),
        ("SELECT 'a ?", True, (1,), "' without an end"),
        ("SELECT '\\' ?", True, (1,), "' without an end"),
        ('SELECT "a ?', True, (1,), '" without an end'),
        ("SELECT `a ?", True, (1,), "` without an end"),
        ("SELECT /* ?", True, (1,), "/* without an end"),
    ],
)
def test_statements_that_take_no_values(sql: str, escapes: bool, values: tuple[Any, ...], message: str) -> None:
    with pytest.raises(DriverFault) as caught:
        with_values(sql, values, escapes=escapes)
    assert message in str(caught.value.fields["message"])
