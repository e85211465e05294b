"""SQLSTATE codes, and the facts in a server's report."""

from __future__ import annotations

import inspect
import re

import pytest
from asyncpg import exceptions

from prisma.drivers.postgresql.asyncpg.translation import KIND_BY_TYPE
from prisma.drivers.postgresql.sqlstates import KIND_BY_SQLSTATE, KNOWN_CLASSES, key_columns, kind_of, name_at
from prisma.faults import FaultKind


def test_every_exception_of_asyncpg_is_mapped() -> None:
    """Fails when asyncpg has a new exception that the tables do not know."""
    mapped_types = tuple(type_ for type_, _ in KIND_BY_TYPE)
    strangers: list[str] = []
    for name, each in inspect.getmembers(exceptions, inspect.isclass):
        if not issubclass(each, BaseException):
            continue
        sqlstate = getattr(each, "sqlstate", None)
        known = sqlstate[:2] in KNOWN_CLASSES if sqlstate else each in mapped_types
        if not known:
            strangers.append(name)
    assert strangers == []


def test_the_table_holds_sqlstates_of_known_classes() -> None:
    wrong = [
        code for code in KIND_BY_SQLSTATE if not re.fullmatch("[0-9A-Z]{5}", code) or code[:2] not in KNOWN_CLASSES
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("sqlstate", "kind"),
    [
        ("23505", FaultKind.UNIQUE_CONSTRAINT_VIOLATION),
        ("23514", FaultKind.DATABASE_ERROR),
        ("57P03", FaultKind.DATABASE_NOT_REACHABLE),
        ("ZZ999", FaultKind.DATABASE_ERROR),
    ],
)
def test_kinds(sqlstate: str, kind: FaultKind) -> None:
    assert kind_of(sqlstate) is kind


@pytest.mark.parametrize(
    ("detail", "columns"),
    [
        ("Key (email)=(a@x) already exists.", ("email",)),
        ('Key (a, "B c")=(1, 2) already exists.', ("a", "B c")),
        ("Key (lower(name), \"Age\")=(ann, 5) already exists.", ("lower(name)", "Age")),
        ("Key (a)=(x)=(y) already exists.", ("a",)),
        ("Schlüssel »(a, b)=(1, 2)« existiert bereits.", ("a", "b")),
        ("Failing row contains (1, null).", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_columns_of_a_key(detail: str, columns: tuple[str, ...]) -> None:
    assert key_columns(detail) == columns


@pytest.mark.parametrize(
    ("sql", "position", "parts"),
    [
        ('SELECT 1 FROM "public"."no ""table" WHERE 1', 15, ("public", 'no "table')),
        ("SELECT 1 FROM shop . nothing", 15, ("shop", "nothing")),
        ('SELECT "t0"."Nick" FROM t', 8, ("t0", "Nick")),
        ("SELECT ünicode$1", 8, ("ünicode$1",)),
        ("SELECT 1", 8, ()),
        ("SELECT 1", 99, ()),
    ],
)
def test_names_in_a_statement(sql: str, position: int, parts: tuple[str, ...]) -> None:
    assert name_at(sql, position) == parts
