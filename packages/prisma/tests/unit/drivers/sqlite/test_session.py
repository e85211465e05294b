"""Sessions of SQLite, on a real file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from prisma.dialects.dialect import TimestampFormat
from prisma.drivers.results import RawRows
from prisma.drivers.sqlite.file_url import FileOptions
from prisma.drivers.sqlite.scripts import statements
from prisma.drivers.sqlite.session import Session
from prisma.faults import DriverFault, FaultKind

TABLES = """
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, age INTEGER CHECK (age > 0));
CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL REFERENCES users (id), title TEXT,
    UNIQUE (author, title));
INSERT INTO users VALUES (1, 'ada', 36);
INSERT INTO posts VALUES (1, 1, 'a;b');
"""


@pytest.fixture
def options(tmp_path: Path) -> FileOptions:
    return FileOptions(path=str(tmp_path / "dev.db"), connection_limit=5, busy_timeout=0.05)


@pytest.fixture
def opened(options: FileOptions) -> Iterator[Callable[..., Session]]:
    sessions: list[Session] = []

    def open_session(**changes: Any) -> Session:
        session = Session(options.__replace__(**changes), may_create=True)
        sessions.append(session)
        return session

    yield open_session
    for session in sessions:
        session.close()


@pytest.fixture
def session(opened: Callable[..., Session]) -> Session:
    made = opened()
    made.script(TABLES)
    return made


def fault(work: Callable[..., object], *args: object) -> tuple[FaultKind, dict[str, object]]:
    with pytest.raises(DriverFault) as caught:
        work(*args)
    return caught.value.kind, {name: value for name, value in caught.value.fields.items() if name != "message"}


def test_a_new_file_has_a_write_ahead_log_and_foreign_keys(session: Session) -> None:
    found = [session.query_raw(f"PRAGMA {name}", ()).rows[0][0] for name in ("journal_mode", "foreign_keys")]
    assert found == ["wal", 1]


def test_the_journal_of_an_older_file_stays(options: FileOptions, opened: Callable[..., Session]) -> None:
    with closing(sqlite3.connect(options.path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    assert opened().query_raw("PRAGMA journal_mode", ()).rows == [("delete",)]


def test_a_missing_file_is_no_database(options: FileOptions) -> None:
    facts = {"database": Path(options.path).name, "path": options.path}
    assert fault(Session, options) == (FaultKind.DATABASE_DOES_NOT_EXIST, facts)


def test_a_file_that_is_no_database(options: FileOptions) -> None:
    Path(options.path).write_bytes(b"no database" * 100)
    assert fault(Session, options)[0] == FaultKind.DATABASE_NOT_REACHABLE


STORED: list[tuple[object, object]] = [
    (None, None),
    (True, 1),
    (2**63 - 1, 2**63 - 1),
    (1.5, 1.5),
    ("é\0z", "é\0z"),
    (b"\0\xff", b"\0\xff"),
    (bytearray(b"a"), b"a"),
    (Decimal("10.25"), 10.25),
    (UUID("12345678-1234-5678-1234-567812345678"), "12345678-1234-5678-1234-567812345678"),
    (datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC), -1),
    (datetime(2024, 2, 3, 4, 5, 6, 789_999, UTC), 1706933106789),
    (datetime(2024, 2, 3, 4, 5, 6, 789_999), 1706933106789),
    (datetime(2024, 2, 3, 6, 5, 6, tzinfo=timezone(timedelta(hours=2))), 1706933106000),
    (datetime(9999, 12, 31, 23, 59, 59, 999_000, UTC), 253402300799999),
]


@pytest.mark.parametrize(("value", "stored"), STORED)
def test_values_as_they_are_stored(session: Session, value: object, stored: object) -> None:
    assert session.query_raw("SELECT ?", (value,)).rows == [(stored,)]


def test_moments_as_text(opened: Callable[..., Session]) -> None:
    session = opened(timestamp_format=TimestampFormat.ISO_TEXT)
    moment = datetime(2024, 2, 3, 6, 5, 6, 789_999, tzinfo=timezone(timedelta(hours=2)))
    assert session.query_raw("SELECT ?", (moment,)).rows == [("2024-02-03T04:05:06.789+00:00",)]


FAULTS: list[tuple[str, tuple[object, ...], FaultKind, dict[str, object]]] = [
    (
        "INSERT INTO users VALUES (2, 'ada', 1)",
        (),
        FaultKind.UNIQUE_CONSTRAINT_VIOLATION,
        {"sqlstate": "SQLITE_CONSTRAINT_UNIQUE", "table": "users", "columns": ("email",), "column": "email"},
    ),
    (
        "INSERT INTO posts VALUES (2, 1, 'a;b')",
        (),
        FaultKind.UNIQUE_CONSTRAINT_VIOLATION,
        {
            "sqlstate": "SQLITE_CONSTRAINT_UNIQUE",
            "table": "posts",
            "columns": ("author", "title"),
            "column": "author",
        },
    ),
    (
        "INSERT INTO users VALUES (1, 'eve', 1)",
        (),
        FaultKind.UNIQUE_CONSTRAINT_VIOLATION,
        {"sqlstate": "SQLITE_CONSTRAINT_PRIMARYKEY", "table": "users", "columns": ("id",), "column": "id"},
    ),
    (
        "INSERT INTO users VALUES (2, NULL, 1)",
        (),
        FaultKind.NULL_CONSTRAINT_VIOLATION,
        {"sqlstate": "SQLITE_CONSTRAINT_NOTNULL", "table": "users", "columns": ("email",), "column": "email"},
    ),
    (
        "INSERT INTO posts VALUES (2, 7, 'x')",
        (),
        FaultKind.FOREIGN_KEY_CONSTRAINT_VIOLATION,
        {"sqlstate": "SQLITE_CONSTRAINT_FOREIGNKEY"},
    ),
    (
        "INSERT INTO users VALUES (2, 'eve', 0)",
        (),
        FaultKind.DATABASE_ERROR,
        {"sqlstate": "SQLITE_CONSTRAINT_CHECK"},
    ),
    ("SELECT * FROM missing", (), FaultKind.TABLE_DOES_NOT_EXIST, {"sqlstate": "SQLITE_ERROR", "table": "missing"}),
    ("SELECT missing FROM users", (), FaultKind.COLUMN_NOT_FOUND, {"sqlstate": "SQLITE_ERROR", "column": "missing"}),
    (
        "INSERT INTO users (name) VALUES (1)",
        (),
        FaultKind.COLUMN_NOT_FOUND,
        {"sqlstate": "SQLITE_ERROR", "column": "name"},
    ),
    ("SELEC", (), FaultKind.DATABASE_ERROR, {"sqlstate": "SQLITE_ERROR"}),
    ("SELECT ?", (2**63,), FaultKind.VALUE_OUT_OF_RANGE, {"sqlstate": "SQLITE_RANGE"}),
    ("SELECT ?", (Decimal("1e400"),), FaultKind.VALUE_OUT_OF_RANGE, {"sqlstate": "SQLITE_RANGE"}),
    (
        "SELECT sum(n) FROM (SELECT 9223372036854775807 AS n UNION ALL SELECT 1)",
        (),
        FaultKind.VALUE_OUT_OF_RANGE,
        {"sqlstate": "SQLITE_ERROR"},
    ),
    ("SELECT 'a' LIKE ?", ("x" * 50_001,), FaultKind.INVALID_INPUT_VALUE, {"sqlstate": "SQLITE_ERROR"}),
    ("SELECT ?", ("\ud800",), FaultKind.INVALID_INPUT_VALUE, {"sqlstate": "SQLITE_MISMATCH"}),
    ("SELECT ?", (object(),), FaultKind.INVALID_INPUT_VALUE, {"sqlstate": "SQLITE_MISMATCH"}),
    ("SELECT ?", (), FaultKind.DATABASE_ERROR, {"sqlstate": None}),
    ("SELECT '\0'", (), FaultKind.DATABASE_ERROR, {}),
]


@pytest.mark.parametrize(("sql", "args", "kind", "fields"), FAULTS)
def test_faults(
    session: Session, sql: str, args: tuple[object, ...], kind: FaultKind, fields: dict[str, object]
) -> None:
    assert fault(session.execute, sql, args) == (kind, fields)


def test_a_fault_leaves_the_transaction_open(session: Session) -> None:
    session.begin(None, None)
    session.execute("INSERT INTO users VALUES (2, 'eve', 1)", ())
    fault(session.execute, "INSERT INTO users VALUES (3, 'eve', 1)", ())
    session.commit()
    assert session.query_raw("SELECT id FROM users", ()).rows == [(1,), (2,)]


@pytest.mark.parametrize(("level", "settings"), [("ReadCommitted", None), (None, {"app.user": "1"})])
def test_no_other_isolation_and_no_settings(
    session: Session, level: str | None, settings: dict[str, str] | None
) -> None:
    assert fault(session.begin, level, settings) == (FaultKind.INVALID_INPUT_VALUE, {})


def test_raw_rows_have_the_types_of_their_values(session: Session) -> None:
    rows = session.query_raw("SELECT NULL AS n, 1 AS i, 1.5 AS f, 'a' AS s, x'00' AS b", ())
    assert rows == RawRows(
        names=("n", "i", "f", "s", "b"),
        types=("text", "int8", "float8", "text", "bytea"),
        rows=[(None, 1, 1.5, "a", b"\0")],
    )


def test_cursors_read_in_portions(session: Session) -> None:
    session.open_cursor("c", "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n", ())
    portions = [[row["i"] for row in session.fetch("c", 2)] for _ in range(2)]
    before = session.is_untidy
    session.tidy()
    assert (portions, before, session.is_untidy) == ([[1, 2], [3, 4]], True, False)


def test_a_second_writer_waits_and_gives_up(
    session: Session, opened: Callable[..., Session], options: FileOptions
) -> None:
    session.begin(None, None)
    refused = fault(opened().execute, "DELETE FROM posts", ())
    assert refused == (
        FaultKind.SOCKET_TIMEOUT,
        {"timeout": 0.05, "sqlstate": "SQLITE_BUSY", "path": options.path},
    )


def test_readers_do_not_wait_for_a_writer(session: Session, opened: Callable[..., Session]) -> None:
    session.begin(None, None)
    session.execute("DELETE FROM posts", ())
    assert opened().query_raw("SELECT count(*) FROM posts", ()).rows == [(1,)]


def test_writers_come_one_after_the_other(session: Session, opened: Callable[..., Session]) -> None:
    def count(mine: Session) -> None:
        for _ in range(25):
            mine.begin(None, None)
            age = mine.query("SELECT age FROM users", ())[0]["age"]
            mine.execute("UPDATE users SET age = ?", (age + 1,))
            mine.commit()

    threads = [threading.Thread(target=count, args=(opened(busy_timeout=30.0),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert session.query_raw("SELECT age FROM users", ()).rows == [(136,)]


ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def test_what_runs_can_be_interrupted(session: Session) -> None:
    timer = threading.Timer(0.05, session.interrupt)
    timer.start()
    interrupted = fault(session.query, ENDLESS, ())
    assert interrupted == (FaultKind.DATABASE_ERROR, {"sqlstate": "SQLITE_INTERRUPT"})


def test_who_waits_for_a_writer_can_be_interrupted(session: Session, opened: Callable[..., Session]) -> None:
    session.begin(None, None)
    waiting = opened(busy_timeout=60.0)
    timer = threading.Timer(0.05, waiting.interrupt)
    timer.start()
    assert fault(waiting.execute, "DELETE FROM posts", ())[0] == FaultKind.SOCKET_TIMEOUT


@pytest.mark.parametrize(
    ("sql", "is_tidy"), [("SELECT 1", True), ("PRAGMA foreign_keys = OFF", False), ("CREATE TEMP TABLE t (a)", False)]
)
def test_what_raw_sql_leaves_behind(session: Session, sql: str, is_tidy: bool) -> None:
    session.execute_raw(sql, ())
    assert session.tidy() is is_tidy


TRIGGER = "CREATE TRIGGER t AFTER INSERT ON users BEGIN UPDATE users SET age = 1; SELECT 1; END;"

SCRIPTS: list[tuple[str, list[str]]] = [
    ("", []),
    (" \n", []),
    ("SELECT 1", ["SELECT 1"]),
    ("SELECT ';'; SELECT 2;", ["SELECT ';';", " SELECT 2;"]),
    ("-- a; b\nSELECT 1;", ["-- a; b\nSELECT 1;"]),
    ("/* ; */ SELECT 1", ["/* ; */ SELECT 1"]),
    ("SELECT 1;\0; SELECT 2;", ["SELECT 1;\0; SELECT 2;"]),
    ("SELECT '\ud800'; SELECT 2;", ["SELECT '\ud800'; SELECT 2;"]),
    (f"{TRIGGER}\nSELECT 1;", [TRIGGER, "\nSELECT 1;"]),
]


@pytest.mark.parametrize(("script", "parts"), SCRIPTS)
def test_scripts_are_cut_into_statements(script: str, parts: list[str]) -> None:
    assert list(statements(script)) == parts


def refused(session: Session) -> dict[str, object]:
    """Fail in a transaction so that SQLite rolls it back on its own: the file may not grow."""
    session.query_raw("PRAGMA max_page_count = 6", ())
    session.begin(None, None)
    session.execute("INSERT INTO users VALUES (2, 'bob', 1)", ())
    return fault(session.execute, "INSERT INTO posts VALUES (2, 1, ?)", ["x" * 100_000])[1]


def test_after_a_rollback_by_sqlite_nothing_takes_effect(session: Session) -> None:
    full = refused(session)
    later = [
        fault(session.execute, "INSERT INTO users VALUES (3, 'eve', 1)", ()),
        fault(session.query, "SELECT 1", ()),
        fault(session.commit),
    ]
    session.rollback()
    session.execute("UPDATE users SET age = 37", ())
    assert (full["sqlstate"], later, session.query_raw("SELECT id, age FROM users", ()).rows) == (
        "SQLITE_FULL",
        [(FaultKind.DATABASE_ERROR, {"sqlstate": "SQLITE_ABORT_ROLLBACK"})] * 3,
        [(1, 37)],
    )


def test_a_reader_that_writes_too_late_may_try_again(session: Session, options: FileOptions) -> None:
    """Raw SQL may begin a transaction that only reads at first; another process writes meanwhile."""
    session.script("BEGIN")
    session.query_raw("SELECT * FROM users", ())
    with closing(sqlite3.connect(options.path, isolation_level=None)) as other:
        other.execute("UPDATE users SET age = 37")
    conflict = fault(session.execute, "UPDATE users SET age = 38", ())
    assert conflict == (FaultKind.TRANSACTION_WRITE_CONFLICT, {"sqlstate": "SQLITE_BUSY_SNAPSHOT"})


FORK = """
import os, sys
from prisma.drivers.sqlite.file_url import FileOptions
from prisma.drivers.sqlite.session import Session

session = Session(FileOptions(path=sys.argv[1], connection_limit=1), may_create=True)
session.script("CREATE TABLE t (text)")
# Small, so that rows of the transaction are in the log already.
session.query_raw("PRAGMA cache_size = 5", ())
session.begin(None, None)
for _ in range(1000):
    session.execute("INSERT INTO t VALUES (?)", ("x" * 500,))
child = os.fork()
if child == 0:
    sys.exit(0)
os.waitpid(child, 0)
session.execute("INSERT INTO t VALUES ('last')", ())
session.commit()
print(session.query_raw("SELECT count(*), integrity_check FROM t, pragma_integrity_check", ()).rows)
session.close()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked on POSIX")
def test_a_forked_process_that_ends_leaves_the_transaction_alone(options: FileOptions) -> None:
    arguments = [sys.executable, "-W", "error", "-c", FORK, options.path]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[(1001, 'ok')]\n", "")


def test_a_transaction_that_its_own_sql_ended_is_over(session: Session) -> None:
    session.begin(None, None)
    session.execute("INSERT INTO users VALUES (2, 'bob', 1)", ())
    session.execute_raw("ROLLBACK", ())
    session.commit()
    assert session.query_raw("SELECT id FROM users", ()).rows == [(1,)]


def test_a_reading_transaction_lets_others_write(session: Session, opened: Callable[..., Session]) -> None:
    session.begin_to_read(None)
    before = session.query("SELECT count(*) FROM users", ())[0][0]
    opened().execute("INSERT INTO users VALUES (2, 'bob', 1)", ())
    inside = session.query("SELECT count(*) FROM users", ())[0][0]
    session.commit()
    assert (before, inside, session.query("SELECT count(*) FROM users", ())[0][0]) == (1, 1, 2)


@pytest.mark.parametrize("value", [float("nan"), Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity")])
def test_numbers_that_are_none_are_refused(session: Session, value: object) -> None:
    assert fault(session.query, "SELECT ?", [value])[0] == FaultKind.VALUE_OUT_OF_RANGE
