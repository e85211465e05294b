"""Numbered parameters of raw SQL: each number means its value."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from prisma.drivers.sqlite.numbered import by_number
from prisma.faults import DriverFault


@pytest.mark.parametrize(
    ("sql", "values", "row"),
    [
        ("SELECT ?, ?", (1, 2), (1, 2)),
        ("SELECT $1, $2", (1, 2), (1, 2)),
        ("SELECT $2, $1", (1, 2), (2, 1)),
        ("SELECT $1, $1", (1,), (1, 1)),
        ("SELECT $10, $1", tuple(range(10)), (9, 0)),
        ("SELECT $1::int AS one", (1,), (1,)),
        ("SELECT '$1', ?", (2,), ("$1", 2)),
        ("SELECT 'it''s $2', $1", (1,), ("it's $2", 1)),
        ('SELECT 1 AS "$1", $1', (2,), (1, 2)),
        ("SELECT $1 -- $2", (1,), (1,)),
        ("SELECT /* $2 */ $1", (1,), (1,)),
        ("SELECT '$1'", (), ("$1",)),
    ],
)
def test_each_number_has_its_value(sql: str, values: tuple[int, ...], row: tuple[object, ...]) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        assert connection.execute(sql, by_number(sql, values)).fetchone() == row
    connection.close()


@pytest.mark.parametrize("sql", ["SELECT $1, $3", "SELECT $0, $1"])
def test_numbers_without_a_value_are_refused(sql: str) -> None:
    with pytest.raises(DriverFault, match="start at"):
        by_number(sql, (1, 2))
