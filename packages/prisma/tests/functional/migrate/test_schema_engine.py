"""The schema engine on a real server: its answers, its errors, its shadow databases, interrupts."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from prisma.column_types import ColumnType
from prisma.drivers.postgresql.psycopg.conninfo import conninfo
from prisma.drivers.postgresql.schema_engine.connection import EngineConnection
from prisma.drivers.postgresql.schema_engine.database import EngineDatabase
from prisma.drivers.postgresql.schema_engine.offline import OfflineDatabase
from prisma.drivers.postgresql.url import parse_url
from prisma.faults import DriverFault, FaultKind, ShadowRefused
from prisma.schema_engine import SchemaEngine, SchemaEngineError, SchemaEnginePanic, targets
from prisma.schema_engine.answers import DataLoss, Difference, HistoryDiagnosis, Push
from prisma.schema_engine.engine import NO_FILTERS

DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n'
SCHEMA = [("schema.prisma", f"{DATASOURCE}\nmodel Author {{\n  id   Int    @id\n  name String\n}}\n")]
SQL = """\
CREATE TABLE "Author" (
    "id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "Author_pkey" PRIMARY KEY ("id")
);
"""
SCRIPT = f'-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS "public";\n\n-- CreateTable\n{SQL}'
SHADOWS = "SELECT count(*) FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow_db_%'"


def changed(field: str) -> list[tuple[str, str]]:
    return [("schema.prisma", SCHEMA[0][1].replace("name String", field))]


def listed(*scripts: str):
    names = [(f"2025010{number}000000_step", "migration.sql", script) for number, script in enumerate(scripts, 1)]
    return targets.migration_list("migrations", ("migration_lock.toml", 'provider = "postgresql"\n'), names)


def ask(url: str, sql: str):
    with conninfo(parse_url(url)) as text, psycopg.connect(text, autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


def do(url: str, sql: str) -> None:
    with conninfo(parse_url(url)) as text, psycopg.connect(text, autocommit=True) as connection:
        connection.execute(sql.encode())


@pytest.fixture
def place(database: str) -> Iterator[EngineDatabase]:
    with EngineDatabase(parse_url(database)) as place:
        yield place
    assert ask(database, SHADOWS) == [(0,)]


@pytest.fixture
def engine(place: EngineDatabase) -> Iterator[SchemaEngine]:
    with SchemaEngine(place, SCHEMA) as engine:
        yield engine


def test_pushing(engine, database):
    first = engine.schema_push(SCHEMA, force=False)
    again = engine.schema_push(SCHEMA, force=False)
    do(database, """INSERT INTO "Author" VALUES (1, 'Ann')""")
    required = engine.schema_push(changed("name String\n  age Int"), force=False)
    lossy = engine.schema_push(changed(""), force=False)
    forced = engine.schema_push(changed(""), force=True)
    assert [first, again, required, lossy, forced] == [
        Push(1, (), ()),
        Push(0, (), ()),
        Push(
            0,
            (),
            (REQUIRED,),
        ),
        Push(0, (LOSS,), ()),
        Push(1, (LOSS,), ()),
    ]


REQUIRED = (
    "Added the required column `age` to the `Author` table without a default value. "
    "There are 1 rows in this table, it is not possible to execute this step."
)
LOSS = "You are about to drop the column `name` on the `Author` table, which still contains 1 non-null values."


def test_comparing(engine):
    migrations = targets.migrations(listed(f"-- CreateTable\n{SQL}"))
    files = targets.schema_files(SCHEMA)
    assert [
        engine.diff(targets.EMPTY, files, script=True, exit_code=True),
        engine.diff(migrations, files, script=True, exit_code=True),
        engine.diff(targets.live_database(SCHEMA, "."), files, script=False, exit_code=False),
    ] == [
        Difference(2, SCRIPT),
        Difference(0, "-- This is an empty migration.\n"),
        Difference(0, "\n[+] Added tables\n  - Author\n"),
    ]


def test_comparing_without_a_database():
    with SchemaEngine(OfflineDatabase()) as engine:
        files = targets.schema_files(SCHEMA)
        assert engine.diff(targets.EMPTY, files, script=True, exit_code=False) == Difference(0, SCRIPT)


def test_developing(engine):
    empty = listed()
    assert engine.dev_diagnostic(empty) is None
    loss = engine.evaluate_data_loss(empty, SCHEMA)
    made = engine.create_migration(empty, SCHEMA, name="first", draft=False)
    assert (loss, bool(re.fullmatch(r"\d{14}_first", made.name)), made.script) == (
        DataLoss(1, (), ()),
        True,
        f"-- CreateTable\n{SQL}",
    )


def test_a_drift_is_a_reason_to_reset(engine, database):
    do(database, "CREATE TABLE stray (id int)")
    assert (engine.dev_diagnostic(listed(SQL)) or "").startswith("Drift detected: Your database schema is not in sync")


def test_diagnosing_a_history(engine):
    assert engine.diagnose_migration_history(listed(SQL), use_shadow=False) == HistoryDiagnosis(
        has_history=False,
        edited=(),
        failed=(),
        unapplied=("20250101000000_step",),
        missing=(),
        last_common=None,
    )


def test_reading(engine, database):
    do(database, SQL)
    do(database, """CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE "Book" (id uuid PRIMARY KEY, mood mood[])""")
    found = engine.introspect([("schema.prisma", DATASOURCE)], folder=".")
    book = "model Book {\n  id   String @id @db.Uuid\n  mood mood[]\n}\n\nenum mood {\n  sad\n  ok\n}\n"
    assert found.files == (("schema.prisma", f"{SCHEMA[0][1]}\n{book}"),)


def test_resetting_empties_every_schema(database):
    datasource = DATASOURCE.replace("}", '  schemas = ["one", "two"]\n}')
    models = 'model A {\n  id Int @id\n  @@schema("one")\n}\nmodel B {\n  id Int @id\n  @@schema("two")\n}\n'
    files = [("schema.prisma", datasource + models)]
    tables = "SELECT table_schema FROM information_schema.tables WHERE table_schema IN ('one', 'two') ORDER BY 1"
    with EngineDatabase(parse_url(database)) as place, SchemaEngine(place, files) as engine:
        engine.schema_push(files, force=False)
        before = ask(database, tables)
        engine.reset()
    assert (before, ask(database, tables)) == ([("one",), ("two",)], [])


def test_a_broken_schema(engine):
    with pytest.raises(SchemaEngineError) as caught:
        engine.schema_push([("schema.prisma", f"{DATASOURCE}model A {{\n}}\n")], force=False)
    assert (caught.value.code, "Error validating model" in caught.value.message) == ("P1012", True)


FAILED = (
    "Migration `20250101000000_step` failed to apply cleanly to the shadow database. \nError:\n"
    'external connector error\nNo such table: nowhere\nrelation "nowhere" does not exist'
)


def test_a_broken_migration(engine):
    with pytest.raises(SchemaEngineError) as caught:
        engine.dev_diagnostic(listed("SELECT * FROM nowhere"))
    cause = caught.value.__cause__
    assert isinstance(cause, DriverFault)
    assert (caught.value.code, caught.value.message, cause.fields["sqlstate"]) == (
        "P3006",
        FAILED,
        "42P01",
    )


def test_an_engine_goes_on_after_an_error(engine):
    with pytest.raises(SchemaEngineError):
        engine.dev_diagnostic(listed("SELECT * FROM nowhere"))
    assert engine.schema_push(SCHEMA, force=False) == Push(1, (), ())


def test_a_panic_ends_the_engine(engine):
    for method, arguments in (("debugPanic", ()), ("reset", ({},))):
        with pytest.raises(SchemaEnginePanic):
            engine._answer(f"schemaengine_{method}", engine._handle, *arguments)


def test_a_malformed_call(engine):
    with pytest.raises(SchemaEnginePanic, match="unknown variant `nowhere`"):
        engine.diff({"tag": "nowhere"}, targets.EMPTY, script=True, exit_code=False)


def test_the_shadow_database_of_the_user_is_emptied(server, database):
    server.run("CREATE DATABASE given_shadow")
    shadow = server.url("given_shadow")
    try:
        do(shadow, "CREATE SCHEMA old; CREATE TABLE old.t (id int); CREATE TABLE stray (id int)")
        with (
            EngineDatabase(parse_url(database), parse_url(shadow)) as place,
            SchemaEngine(place, SCHEMA) as engine,
        ):
            found = engine.diff(
                targets.migrations(listed(SQL)), targets.schema_files(SCHEMA), script=True, exit_code=True
            )
        left = ask(shadow, "SELECT table_name FROM information_schema.tables WHERE table_schema IN ('old', 'public')")
    finally:
        server.run("DROP DATABASE given_shadow WITH (FORCE)")
    assert (found, left) == (Difference(0, "-- This is an empty migration.\n"), [("Author",)])


def test_the_database_itself_is_no_shadow_database(database):
    with pytest.raises(DriverFault, match="The shadow database is the database itself"):
        EngineDatabase(parse_url(database), parse_url(f"{database}&schema=other"))


def test_a_user_who_may_not_create_databases(server, database):
    server.run("CREATE ROLE humble LOGIN")
    try:
        do(database, "GRANT ALL ON SCHEMA public TO humble")
        options = parse_url(database.replace("postgres@", "humble@"))
        with EngineDatabase(options) as place, SchemaEngine(place, SCHEMA) as engine:
            with pytest.raises(ShadowRefused) as caught:
                engine.dev_diagnostic(listed(SQL))
            pushed = engine.schema_push(SCHEMA, force=False)
    finally:
        do(database, "DROP OWNED BY humble CASCADE")
        server.run("DROP ROLE humble")
    assert (caught.value.fields["sqlstate"], pushed) == ("42501", Push(1, (), ()))


def test_a_database_that_is_missing(database):
    with (
        EngineDatabase(parse_url(database).__replace__(database="nowhere")) as place,
        pytest.raises(DriverFault) as caught,
    ):
        SchemaEngine(place)
    assert caught.value.kind is FaultKind.DATABASE_DOES_NOT_EXIST


def test_the_schema_of_the_url_is_created_for_shadow_databases_too(database):
    options = parse_url(f"{database}&schema=app")
    with EngineDatabase(options, may_create_schema=True) as place, SchemaEngine(place, SCHEMA) as engine:
        reason = engine.dev_diagnostic(listed(SQL))
        engine.schema_push(SCHEMA, force=False)
    tables = ask(database, "SELECT table_schema, table_name FROM information_schema.tables WHERE table_name = 'Author'")
    assert (reason, tables) == (None, [("app", "Author")])


def interrupt_when(url: str, condition: str, number: int = signal.SIGINT) -> threading.Thread:
    """Send a signal to this process once a session runs what the condition says."""

    running = f"SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND {condition}"

    def watch() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if ask(url, running):
                os.kill(os.getpid(), number)
                return

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


@pytest.mark.parametrize(("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)])
def test_an_interrupt_ends_the_statement_and_drops_the_shadow_database(place, engine, database, number, error):
    thread = interrupt_when(database, "query LIKE '%pg_sleep%'", number)
    with pytest.raises(error):
        engine.dev_diagnostic(listed("SELECT pg_sleep(50)"))
    thread.join()
    running = ask(
        database,
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(50)%' AND pid <> pg_backend_pid()",
    )
    assert (running, ask(database, SHADOWS), engine.schema_push(SCHEMA, force=False)) == ([], [(0,)], Push(1, (), ()))


def apply(engine: SchemaEngine):
    return engine.call("applyMigrations", {"migrationsList": listed(SQL), "filters": NO_FILTERS})


def test_a_lock_that_another_session_holds(engine, database, monkeypatch):
    monkeypatch.setattr("prisma.drivers.postgresql.schema_engine.connection.LOCK_SECONDS", 1)
    with conninfo(parse_url(database)) as text, psycopg.connect(text, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(72707369)")
        with pytest.raises(SchemaEngineError) as caught:
            apply(engine)
    cause = caught.value.__cause__
    assert isinstance(cause, DriverFault)
    assert cause.fields["sqlstate"] == "55P03"


def test_without_the_lock(database):
    with (
        conninfo(parse_url(database)) as text,
        psycopg.connect(text, autocommit=True) as other,
        EngineDatabase(parse_url(database), lock=False) as place,
        SchemaEngine(place, SCHEMA) as engine,
    ):
        other.execute("SELECT pg_advisory_lock(72707369)")
        assert apply(engine) == {"appliedMigrationNames": ["20250101000000_step"]}


VALUES = {
    "1::int2": (ColumnType.INT32, 1),
    "1::int8": (ColumnType.INT64, "1"),
    "1.5::float4": (ColumnType.FLOAT, 1.5),
    "1.5::float8": (ColumnType.DOUBLE, 1.5),
    "1.50::numeric": (ColumnType.NUMERIC, "1.50"),
    "true": (ColumnType.BOOLEAN, True),
    """'r'::"char" """: (ColumnType.CHARACTER, "r"),
    "'a'::name": (ColumnType.TEXT, "a"),
    "NULL::text": (ColumnType.TEXT, None),
    "'2025-01-02'::date": (ColumnType.DATE, "2025-01-02"),
    "'2025-01-02 03:04:05.6'::timestamp": (ColumnType.DATETIME, "2025-01-02T03:04:05.6+00:00"),
    "'2025-01-02 03:04:05+02'::timestamptz": (ColumnType.DATETIME, "2025-01-02T01:04:05+00:00"),
    "'{}'::json": (ColumnType.JSON, "{}"),
    "ARRAY[1, NULL]": (ColumnType.INT32_ARRAY, [1, None]),
    """ARRAY['a"b\\c', 'NULL', NULL, 'd,e', '', '{}']""": (
        ColumnType.TEXT_ARRAY,
        ['a"b\\c', "NULL", None, "d,e", "", "{}"],
    ),
    "'{}'::name[]": (ColumnType.TEXT_ARRAY, []),
    "'{a,b}'::name[]": (ColumnType.TEXT_ARRAY, ["a", "b"]),
}


def test_values_from_the_server(database):
    connection = EngineConnection(parse_url(database))
    try:
        table = connection.query_raw("SELECT " + ", ".join(VALUES), ())
    finally:
        connection.dispose()
    assert dict(zip(VALUES, zip(table.types, table.rows[0], strict=True), strict=True)) == VALUES


def test_values_to_the_server(database):
    connection = EngineConnection(parse_url(database))
    try:
        table = connection.query_raw(
            "SELECT $1::bool::text, $2::int::text, $3, $4::text[]::text, $5::bytea::text, $6::float8::text, $7::int",
            [True, 5.0, "ä'", ['a"b\\c', None, "d,e"], b"\x00\xff", 1.5, None],
        )
    finally:
        connection.dispose()
    assert table.rows == [["true", "5", "ä'", '{"a\\"b\\\\c",NULL,"d,e"}', "\\x00ff", "1.5", None]]


def test_a_type_that_the_engine_has_no_kind_for(database):
    connection = EngineConnection(parse_url(database))
    try:
        with pytest.raises(DriverFault, match="The type with the number 600 can't be read here"):
            connection.query_raw("SELECT '(1,2)'::point", ())
    finally:
        connection.dispose()
