"""Which raw SQL makes a session need a reset."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from prisma.drivers.postgresql.session_state import MAX_READ_LENGTH, changes_session

STATEMENT = re.compile(r"(SELECT|INSERT|UPDATE|DELETE|WITH) ")
PLANS = Path(__file__).parents[3] / "plans" / "recorded"

CHANGING = [
    "SET search_path TO x",
    "  set role admin",
    "SELECT set_config('a.b', $1, false)",
    "SELECT set_config('a.b', $1, $2)",
    "SELECT set_config('a.b', $1, true), set_config('a.b', $1, false)",
    "SELECT set_config('a', 'b, true)', false)",
    "SELECT set_config('a', 'it''s, true)', false)",
    "SELECT set_config('a', f(1, true), false)",
    "SET LOCAL a.b = 1; SET a.b = 2",
    "SET SESSION a.b = 1",
    "SELECT pg_advisory_lock(1)",
    "select pg_try_advisory_lock_shared(1)",
    "LISTEN channel",
    "CREATE TEMP TABLE t (n int)",
    "CREATE TEMPORARY VIEW v AS SELECT 1",
    "PREPARE p AS SELECT 1",
    "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
    "DO $$ BEGIN END $$",
    "UPDATE t SET n = 1; SET jit = off",
    "INSERT INTO t SELECT set_config('a.b', 'c', false)",
    "DELETE FROM t WHERE pg_try_advisory_lock(n)",
    'SELECT "set_config"($1, $2, false)',
    "SELECT U&\"set\\005fconfig\"('a', 'b', false)",
    'SELECT pg_catalog . "pg_advisory_lock" /* */ (1)',
    "SET local.x = 1",
    "SET constraints.x = 1",
    "UPDATE pg_settings SET setting = 'x'",
    "SELECT my_function(1)",
    "SELECT 1 +=+ 2",
    "SELECT 1 OPERATOR(pg_catalog.+) set_config('a', 'b', false)",
    "SELECT 'C:\\', set_config('a', ' || 'b', false)",
    "SELECT * INTO t FROM u",
    "EXECUTE p",
    "CREATE TABLE t (n int)",
    "VACUUM t",
    "SELECT 'no end",
]

HARMLESS = [
    "SELECT 1",
    'SELECT "set", "start" FROM "begin"',
    "SELECT settings, offset_, starts FROM reset_log",
    "UPDATE t SET n = 1;",
    "INSERT INTO t VALUES (1) ON CONFLICT (n) DO UPDATE SET n = 2",
    "DELETE FROM t WHERE id = $1",
    "WITH a AS (SELECT 1) INSERT INTO t VALUES (1) ON CONFLICT (n) DO UPDATE SET n = 2",
    "SELECT 'it''s set_config(1)' -- SET x = 1",
    "BEGIN; UPDATE t SET n = 1; COMMIT",
    "START TRANSACTION READ ONLY",
    "",
    " ; -- nothing",
    "SET LOCAL search_path TO x",
    "set  local role admin",
    "SELECT set_config('a.b', $1, true)",
    "SELECT set_config('role', $1, TRUE), set_config( 'a.b' , 'c' , true )",
]


@pytest.mark.parametrize(("sql", "expected"), [*((sql, True) for sql in CHANGING), *((sql, False) for sql in HARMLESS)])
def test_changes_session(sql: str, expected: bool) -> None:
    assert changes_session(sql) is expected


def _statements(value: object) -> Iterator[str]:
    """Yield the SQL in a recorded plan."""
    if isinstance(value, str) and STATEMENT.match(value):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _statements(each)


def test_what_the_client_itself_sends_is_plain() -> None:
    statements = [
        sql for path in PLANS.glob("*.json") for sql in _statements(json.loads(path.read_text(encoding="utf-8")))
    ]
    assert ([sql for sql in statements if changes_session(sql)], len(statements) > 300) == ([], True)


@pytest.mark.parametrize(("length", "expected"), [(MAX_READ_LENGTH, False), (MAX_READ_LENGTH + 1, True)])
def test_a_reset_costs_less_than_reading_long_texts(length: int, expected: bool) -> None:
    assert changes_session("SELECT 1".ljust(length)) is expected
