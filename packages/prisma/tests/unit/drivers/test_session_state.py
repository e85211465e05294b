"""Which raw SQL makes a session need a reset."""

from __future__ import annotations

import pytest

from prisma.drivers.session_state import changes_session

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
    "BEGIN",
    "START TRANSACTION",
    "PREPARE p AS SELECT 1",
    "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
    "DO $$ BEGIN END $$",
    "UPDATE t SET n = 1; SET jit = off",
    "INSERT INTO t SELECT set_config('a.b', 'c', false)",
    "DELETE FROM t WHERE pg_try_advisory_lock(n)",
]

HARMLESS = [
    "SELECT 1",
    'SELECT "set", "start" FROM "begin"',
    "SELECT settings, offset_, starts FROM reset_log",
    "UPDATE t SET n = 1;",
    "INSERT INTO t VALUES (1) ON CONFLICT (n) DO UPDATE SET n = 2",
    "DELETE FROM t WHERE id = $1",
    "CREATE TABLE t (n int)",
    "VACUUM t",
    "SET LOCAL search_path TO x",
    "set  local role admin",
    "SELECT set_config('a.b', $1, true)",
    "SELECT set_config('role', $1, TRUE), set_config( 'a.b' , 'c' , true )",
]


@pytest.mark.parametrize(("sql", "expected"), [*((sql, True) for sql in CHANGING), *((sql, False) for sql in HARMLESS)])
def test_changes_session(sql: str, expected: bool) -> None:
    assert changes_session(sql) is expected


def test_long_statements_are_looked_at_as_well() -> None:
    padding = " " * 5000
    assert (changes_session(f"SELECT 1{padding}"), changes_session(f"SET{padding}a.b = 1")) == (False, True)
