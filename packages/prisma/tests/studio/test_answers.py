"""The page's procedures, on a real database."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from prisma.studio.postgresql import database
from prisma.studio.postgresql.row_keys import with_row_keys
from servers import PATIENCE

if TYPE_CHECKING:
    from servers.bouncer import PgBouncer
    from servers.tcp import TcpServer
    from servers.tls import TlsServer

Studio = Any
Running = Any

# The part of the page's question about tables that reads the primary keys.
KEYS = """
select cls.relname as name, string_agg(att.attname, ',' order by array_position(pk_con.conkey, att.attnum)) as key
from pg_catalog.pg_class as cls
join pg_catalog.pg_attribute as att on att.attrelid = cls.oid
left join "pg_catalog"."pg_constraint" as "pk_con" on "pk_con"."contype" = 'p' and "pk_con"."conrelid" = "cls"."oid"
    and "att"."attnum" = any("pk_con"."conkey")
where cls.relkind = 'r' and cls.relnamespace = 'public'::regnamespace and pk_con.conkey is not null
group by cls.relname order by cls.relname
"""
TABLES = """DO $$ BEGIN
    CREATE TABLE a_primary_key (x int UNIQUE, y int, z int, PRIMARY KEY (z, y));
    CREATE TABLE b_unique (x int, y int NOT NULL, z int NOT NULL, UNIQUE (y, z));
    CREATE TABLE c_shortest (x int NOT NULL, y int NOT NULL, z int NOT NULL, UNIQUE (y, z), UNIQUE (x) INCLUDE (y));
    CREATE TABLE d_nullable (x int UNIQUE);
    CREATE TABLE e_partial (x int NOT NULL);
    CREATE UNIQUE INDEX ON e_partial (x) WHERE x > 0;
    CREATE TABLE f_expression (x int NOT NULL);
    CREATE UNIQUE INDEX ON f_expression (abs(x));
    CREATE TABLE g_deferred (x int NOT NULL UNIQUE DEFERRABLE);
END $$"""


def test_rows_without_primary_key_have_the_shortest_unique_key(studio: Studio) -> None:
    studio.query(TABLES)
    assert with_row_keys(KEYS) != KEYS
    assert studio.query(KEYS) == [
        None,
        [
            {"name": "a_primary_key", "key": "z,y"},
            {"name": "b_unique", "key": "y,z"},
            {"name": "c_shortest", "key": "x"},
        ],
    ]


def test_errors_have_the_servers_words(studio: Studio) -> None:
    studio.query("CREATE TABLE note (id int PRIMARY KEY, text text NOT NULL)")
    assert studio.query("INSERT INTO note VALUES (1, 'a') RETURNING id") == [None, [{"id": 1}]]
    assert studio.query("INSERT INTO note VALUES ($1, $2)", 1, "a") == [
        {
            "name": "PostgresError",
            "message": 'duplicate key value violates unique constraint "note_pkey"\nKey (id)=(1) already exists.',
            "code": "23505",
        }
    ]
    unknown = studio.ask(procedure="query-insights")
    assert unknown == [{"name": "Error", "message": "Studio for PostgreSQL has no procedure 'query-insights'."}]


def test_a_transaction_happens_as_a_whole_or_not_at_all(studio: Studio) -> None:
    studio.query("CREATE TABLE note (id int PRIMARY KEY, text text)")

    def insert(*ids: int) -> Any:
        queries = [{"sql": "INSERT INTO note VALUES ($1) RETURNING id", "parameters": [id_]} for id_ in ids]
        return studio.ask(procedure="transaction", queries=queries)

    done, refused = insert(1, 2), insert(3, 1)
    assert (done, refused[0]["code"]) == ([None, [[{"id": 1}], [{"id": 2}]]], "23505")
    assert studio.query("SELECT count(*)::int4 AS count FROM note") == [None, [{"count": 2}]]


def test_nothing_stays_in_a_session(studio: Studio) -> None:
    studio.query("CREATE TABLE note (id int)")
    opened = studio.query("BEGIN")
    assert (opened[0]["name"], "can't stay open" in opened[0]["message"]) == ("Error", True)
    for sql in ("SET statement_timeout = 1", "CREATE TEMP TABLE kept (id int)", "SELECT pg_advisory_lock(1)"):
        assert studio.query(sql)[0] is None
    left = "SELECT current_setting('statement_timeout') AS timeout, to_regclass('kept')::text AS kept, "
    left += "(SELECT count(*)::int4 FROM pg_locks WHERE locktype = 'advisory') AS locks"
    assert studio.query(left) == [None, [{"timeout": "0", "kept": None, "locks": 0}]]


def test_names_without_schema_are_those_of_the_schema_that_is_chosen(studio: Studio) -> None:
    studio.query('CREATE SCHEMA "b c"')
    studio.query('CREATE TABLE "b c".note AS SELECT 2 AS id')
    studio.query("CREATE TABLE other AS SELECT 3 AS id")
    asked = "SELECT note.id + other.id AS sum FROM note, other"
    chosen = studio.query(asked, schema="b c")
    assert chosen == [None, [{"sum": 5}]]
    assert [studio.query(asked)[0]["code"], studio.query(asked, schema='b"; --')[0]["code"]] == ["42P01", "42P01"]
    assert studio.query("VACUUM other", schema="b c") == [None, []]


def lint(studio: Studio, sql: str, **more: Any) -> list[tuple[str, str, str | None]]:
    """Return the severity, the text below the wave line, and the code."""
    error, result = studio.ask(procedure="sql-lint", sql=sql, schemaVersion="v", **more)
    assert (error, result["schemaVersion"]) == (None, "v")
    units = sql.encode("utf-16-le")
    return [
        (one["severity"], units[one["from"] * 2 : one["to"] * 2].decode("utf-16-le"), one.get("code"))
        for one in result["diagnostics"]
    ]


def test_sql_is_checked_while_it_is_typed(studio: Studio) -> None:
    studio.query("CREATE TABLE note (id int PRIMARY KEY)")
    studio.query("CREATE SCHEMA other")
    studio.query("CREATE TABLE other.only_there (id int)")
    checked = {
        sql: lint(studio, sql, schema="other")
        for sql in (
            "",
            "SELECT 1; ; SELECT id FROM note;",
            "SELECT id FROM only_there",
            "DELETE FROM note",
            "SELECT '🚀', nam FROM note",
            "SELECT 1;\n  SELECT * FROM nowhere WHERE x",
            "SELECT FROM WHERE",
            "SELECT 'open",
            "CREATE TABLE x (id int)",
            "SELECT $1",
            "WITH x AS (INSERT INTO note VALUES (1) RETURNING id) SELECT * FROM x",
        )
    }
    assert checked == {
        "": [],
        "SELECT 1; ; SELECT id FROM note;": [],
        "SELECT id FROM only_there": [],
        "DELETE FROM note": [],
        "SELECT '🚀', nam FROM note": [("error", "nam", "42703")],
        "SELECT 1;\n  SELECT * FROM nowhere WHERE x": [("error", "nowhere", "42P01")],
        "SELECT FROM WHERE": [("error", "WHERE", "42601")],
        "SELECT 'open": [("error", "'open", "42601")],
        "CREATE TABLE x (id int)": [("info", "CREATE TABLE x (id int)", None)],
        "SELECT $1": [("error", "SELECT $1", "08P01")],
        "WITH x AS (INSERT INTO note VALUES (1) RETURNING id) SELECT * FROM x": [],
    }
    assert studio.query("SELECT * FROM note") == [None, []]
    assert lint(studio, "SELECT 1 " + "+ 1" * 20_000)[0][0] == "info"


def test_results_beyond_the_limit_are_refused(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MAX_RESULT", 2**20)
    refused = studio.query("SELECT repeat('x', 1000), generate_series(1, 1000000000)")
    assert (refused[0]["code"], refused[0]["message"]) == (
        "54000",
        "The rows are larger than 1 MiB, so the statement was cancelled: ask for fewer rows or columns.",
    )
    studio.query("CREATE TABLE note (text text)")
    studio.query("INSERT INTO note SELECT repeat('x', 1000) FROM generate_series(1, 2000)")
    both = {"procedure": "transaction", "queries": [{"sql": "UPDATE note SET text = text || 'y' RETURNING text"}] * 2}
    assert studio.ask(**both)[0]["code"] == "54000"
    assert studio.query("SELECT count(*)::int4 AS count FROM note WHERE text ~ 'y'") == [None, [{"count": 0}]]


def test_a_statement_that_has_run_before_its_result_was_refused_says_so(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.query("CREATE TABLE note (text text)")
    monkeypatch.setattr(database, "MAX_RESULT", 200)
    refused = studio.query("INSERT INTO note SELECT repeat('x', 50) FROM generate_series(1, 5) RETURNING text")
    monkeypatch.undo()
    assert refused[0]["message"].startswith("The statement has run, but its rows are larger than"), refused
    assert studio.query("SELECT count(*)::int4 AS count FROM note") == [None, [{"count": 5}]]


def ask_and_hang_up(studio: Studio, sql: str) -> None:
    body = b'{"procedure": "query", "query": {"sql": "' + sql.encode() + b'"}}'
    with socket.create_connection(studio.server.server_address, timeout=PATIENCE) as caller:
        caller.sendall(
            b"POST /bff HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s"
            % (
                studio.server.server_address[1],
                studio.server.access.set_cookie.partition(";")[0].encode(),
                len(body),
                body,
            )
        )
        until(studio, "SELECT count(*)::int4 AS n FROM pg_stat_activity WHERE query = '" + sql + "'", 1)


def until(studio: Studio, sql: str, number: int) -> None:
    """Ask again and again until the answer is the number."""
    end = time.monotonic() + 30
    while studio.query(sql)[1][0]["n"] != number:
        assert time.monotonic() < end, sql


def test_a_statement_is_cancelled_when_its_browser_goes_away(studio: Studio) -> None:
    ask_and_hang_up(studio, "SELECT pg_sleep(1000)")
    running = (
        "SELECT count(*)::int4 AS n FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
    )
    until(studio, running, 0)


def test_a_long_statement_leaves_room_for_others(studio: Studio) -> None:
    answers: list[Any] = []
    long = threading.Thread(target=lambda: answers.append(studio.query("SELECT pg_sleep(1000)")))
    long.start()
    active = "SELECT count(*)::int4 AS n FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
    until(studio, active, 1)
    studio.query("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'")
    long.join()
    assert [answer[0]["code"] for answer in answers] == ["57014"]


def test_it_goes_on_after_the_server_was_restarted(run: Running, tcp_server: TcpServer) -> None:
    with run(tcp_server.url("postgres")) as studio:
        assert studio.query("SELECT 1 AS one") == [None, [{"one": 1}]]
        tcp_server.stop()
        away = studio.query("SELECT 1 AS one")
        tcp_server.start()
        again = studio.query("SELECT 1 AS one")
    assert (away[0]["name"], again) == ("Error", [None, [{"one": 1}]]), away


def test_through_pgbouncer(run: Running, pgbouncer: PgBouncer, database: str) -> None:
    with run(database) as direct:
        direct.query("CREATE SCHEMA other")
        direct.query("CREATE TABLE other.note AS SELECT 2 AS id")
    name = database.partition("?")[0].rpartition("/")[2]
    with run(pgbouncer.url(name, pgbouncer="true")) as studio:
        found = [studio.query("SELECT id + $1 AS sum FROM note", 1, schema="other") for _ in range(2)]
        assert (found, studio.query("SELECT id FROM note")[0]["code"]) == ([[None, [{"sum": 3}]]] * 2, "42P01")


def test_it_connects_as_the_url_says(run: Running, tls_server: TlsServer) -> None:
    with run(tls_server.url("postgres", sslmode="require", statement_timeout="3456")) as studio:
        asked = (
            "SELECT ssl, current_setting('statement_timeout') AS timeout FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        )
        assert studio.query(asked) == [None, [{"ssl": True, "timeout": "3456ms"}]]


def test_the_urls_schema_is_chosen_first(run: Running, database: str) -> None:
    with run(f"{database}&schema=te%20nant") as studio:
        assert studio.http.get(studio.server.access.address).headers["location"] == "/#schema=te%20nant"
        assert studio.query("SHOW search_path", schema="te nant") == [None, [{"search_path": '"te nant"'}]]
