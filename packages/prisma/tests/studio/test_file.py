"""The page's procedures on a file of SQLite."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from prisma.drivers.sqlite.file_url import FileOptions
from prisma.studio.sqlite import SqliteStudio, database
from prisma.studio.sqlite.parameters import columns_of_parameters
from prisma.studio.sqlite.row_keys import with_row_keys

# Fixtures are typed loosely: with importlib mode a test module can't import from conftest.
Studio = Any

TABLES = """
CREATE TABLE kept (id INTEGER PRIMARY KEY, name TEXT NOT NULL, at DATETIME, ok BOOLEAN, amount DECIMAL, raw BLOB);
CREATE TABLE b_unique (x INTEGER, y INTEGER NOT NULL, z INTEGER NOT NULL, UNIQUE (y, z));
CREATE TABLE c_shortest (x INTEGER NOT NULL UNIQUE, y INTEGER NOT NULL, z INTEGER NOT NULL, UNIQUE (y, z));
CREATE TABLE d_nullable (x INTEGER UNIQUE);
CREATE TABLE e_partial (x INTEGER NOT NULL);
CREATE UNIQUE INDEX e ON e_partial (x) WHERE x > 0;
CREATE TABLE f_expression (x INTEGER NOT NULL);
CREATE UNIQUE INDEX f ON f_expression (abs(x));
INSERT INTO kept VALUES (1, 'é', 1700000000000, 1, 1.5, x'6162'), (9007199254740993, '', '2024-02-03', 0, NULL, NULL);
"""
# The part of the page's question about tables that reads the primary keys.
KEYS = """
SELECT "tl"."name" AS "name", (
    SELECT group_concat(agg.pk || agg.name) FROM (
        SELECT "txi"."name", "txi"."pk", "txi"."type" FROM pragma_table_xinfo("tl"."name") AS "txi" ORDER BY 2
    ) AS agg WHERE agg.pk > 0
) AS "key" FROM pragma_table_list() AS "tl" WHERE "tl".name LIKE '__%' AND "tl".name NOT LIKE 'sqlite%' ORDER BY 1
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "dev.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(TABLES)
    return path


@pytest.fixture
def studio(path: Path, serve: Any) -> Iterator[Studio]:
    """Studio on the file."""
    with serve(SqliteStudio(FileOptions(path=str(path), connection_limit=1))) as studio:
        yield studio


def test_the_page_is_told_its_database(studio: Studio) -> None:
    page = studio.http.get("/")
    assert ('{"adapter": "sqlite"}' in page.text, "script-src 'self' 'sha256-" in str(page.headers)) == (True, True)


def test_values_are_shown_as_they_are_stored(studio: Studio) -> None:
    rows = studio.query("SELECT *, 1e999 AS endless, '[1, 2]' AS list FROM kept ORDER BY id LIMIT ?", 5)
    first = {"id": 1, "name": "é", "at": 1700000000000, "ok": 1, "amount": 1.5, "raw": "\\x6162"}
    second = {"id": "9007199254740993", "name": "", "at": "2024-02-03", "ok": 0, "amount": None, "raw": None}
    assert rows == [None, [{**row, "endless": "inf", "list": "[1, 2]"} for row in (first, second)]]


def test_a_column_may_be_json(studio: Studio) -> None:
    query = {"sql": "SELECT '[1, 2]' AS list", "parameters": [], "transformations": {"list": "json-parse"}}
    assert studio.ask(procedure="query", query=query) == [None, [{"list": [1, 2]}]]


@pytest.mark.parametrize(
    ("column", "value", "stored"),
    [
        ("name", "\\x61", "\\x61"),
        ("raw", "\\x61", b"a"),
        ("raw", "no bytes", "no bytes"),
        ("ok", True, 1),
        ("at", 1700000000001, 1700000000001),
        ("at", "2024-02-03T04:05:06.789+00:00", "2024-02-03T04:05:06.789+00:00"),
        ("name", {"a": ["é"]}, '{"a": ["é"]}'),
        ("amount", "12.25", 12.25),
        ("raw", None, None),
    ],
)
def test_values_are_changed(studio: Studio, path: Path, column: str, value: object, stored: object) -> None:
    sql = f'update "kept" set "{column}" = ? where "id" = ? returning "id"'
    assert studio.query(sql, value, 1) == [None, [{"id": 1}]]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(f"SELECT {column} FROM kept WHERE id = 1").fetchall() == [(stored,)]


def test_the_columns_of_parameters() -> None:
    questions = {
        'insert into "a" ("b", "c""d") values (?, ?), (?, ?)': 4,
        'insert into "a" ("b", "c") values (?, 1)': 1,
        'update "a" set "b" = ?, "c" = ? where ("d" = ? or "d" = ?)': 4,
        'delete from "a" where "b" in (?, ?)': 2,
    }
    assert [columns_of_parameters(sql, number) for sql, number in questions.items()] == [
        ["b", 'c"d', "b", 'c"d'],
        [None],
        ["b", "c", "d", "d"],
        [None, None],
    ]


def test_rows_without_primary_key_have_the_shortest_unique_key(studio: Studio) -> None:
    assert with_row_keys(KEYS) != KEYS
    assert studio.query(KEYS) == [
        None,
        [
            {"name": "b_unique", "key": "1y,2z"},
            {"name": "c_shortest", "key": "1x"},
            {"name": "d_nullable", "key": None},
            {"name": "e_partial", "key": None},
            {"name": "f_expression", "key": None},
            {"name": "kept", "key": "1id"},
        ],
    ]


def test_transactions_are_done_as_a_whole(studio: Studio) -> None:
    queries = [{"sql": f"INSERT INTO b_unique VALUES (1, {y}, 1) RETURNING y", "parameters": []} for y in (1, 2)]
    assert studio.ask(procedure="transaction", queries=queries) == [None, [[{"y": 1}], [{"y": 2}]]]
    more = [{"sql": "INSERT INTO b_unique VALUES (1, 3, 1)", "parameters": []}, queries[0]]
    (error,) = studio.ask(procedure="transaction", queries=more)
    assert error == {
        "name": "SqliteError",
        "message": "UNIQUE constraint failed: b_unique.y, b_unique.z",
        "code": "SQLITE_CONSTRAINT_UNIQUE",
    }
    assert studio.query("SELECT count(*) AS n FROM b_unique") == [None, [{"n": 2}]]


def test_no_transaction_stays_open(studio: Studio) -> None:
    (error,) = studio.query("BEGIN")
    assert ("can't stay open" in error["message"], studio.query("DELETE FROM d_nullable")) == (True, [None, []])


def test_results_beyond_the_limit_are_refused(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MAX_RESULT", 2**20)
    (error,) = studio.query("SELECT hex(randomblob(1000000)) AS text")
    assert "larger than 1 MiB" in error["message"]


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT * FROM kept; SELECT 1", []),
        ("-- 😀\nSELECT * FROM absent", [("error", "absent", "no such table: absent")]),
        ("SELECT 1;\nSELECT absent FROM kept", [("error", "absent", "no such column: absent")]),
        ("SELEC 1", [("info", "SELEC 1", None)]),
        ("SELECT 1 FROM WHERE", [("error", "WHERE", 'near "WHERE": syntax error')]),
        ("DELETE FROM kept", []),
        ("", []),
    ],
)
def test_sql_is_checked(studio: Studio, sql: str, found: list[tuple[str, str, str | None]]) -> None:
    answer = studio.ask(procedure="sql-lint", sql=sql, schemaVersion="1")
    units = sql.encode("utf-16-le")
    entries = [
        (entry["severity"], units[entry["from"] * 2 : entry["to"] * 2].decode("utf-16-le"), entry["message"])
        for entry in answer[1]["diagnostics"]
    ]
    assert [(severity, part) for severity, part, _ in entries] == [(severity, part) for severity, part, _ in found]
    assert all(wanted in (None, said) for (*_, said), (*_, wanted) in zip(entries, found, strict=True))
    assert studio.query("SELECT count(*) AS n FROM kept") == [None, [{"n": 2}]]


def test_a_statement_ends_when_studio_ends(studio: Studio) -> None:
    asked: list[Any] = []
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    asking = threading.Thread(target=lambda: asked.append(studio.query(endless)))
    asking.start()
    while not asked:
        studio.server.callers.stop()
        asking.join(0.02)
    assert [answer[0]["code"] for answer in asked] == ["SQLITE_INTERRUPT"]
