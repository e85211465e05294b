"""`migrate deploy`, `status` and `resolve` in Python, compared with the official CLI: output, exit codes and rows.

Each start of the official CLI costs seconds, so one walk through a project's life compares them at every step: in two
databases with the same history so far, ours and theirs do the same step, and change places after it.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
from collections.abc import AsyncGenerator, Callable
from typing import Any
from urllib.parse import unquote

import pytest

pytestmark = pytest.mark.long

# Fixtures are typed loosely: with importlib mode a test module can't import from conftest.
Project = Any
Query = Any

NO_NODE = {"PATH": ""}
OFFICIAL = (
    "import sys; from prisma.cli.official.database import run_on_schema; "
    "sys.exit(run_on_schema('migrate ' + sys.argv[1], sys.argv[2:]).exit_code)"
)
# The official CLI's logs hold a stack trace of its engine.
ROWS = """
SELECT concat_ws(' ', migration_name, checksum, finished_at IS NOT NULL, rolled_back_at IS NOT NULL,
    applied_steps_count, coalesce(logs <> '', false), length(id))
FROM _prisma_migrations ORDER BY started_at
"""
COLUMNS = """
SELECT concat_ws(' ', column_name, data_type, character_maximum_length, is_nullable, column_default)
FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position
"""
TABLES = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
# Parts of the output that name the program, or that differ in every run.
NOT_COMPARED = re.compile(
    r"^(?:Loaded Prisma config from .*|Prisma config detected.*)$| using driver adapter .*$| at \".*\"$"
    r"|(?<=database )\"test_\w+\"|started at .* UTC",
    re.MULTILINE,
)
FIRST = (
    "CREATE TABLE a (id int PRIMARY KEY);\nDO $$ BEGIN INSERT INTO a VALUES (1); INSERT INTO a VALUES (2); END $$;\n"
)
WRONG = "CREATE TABLE b (a int REFERENCES a);\nINSERT INTO b VALUES (3);\n"


def add(project: Project, name: str, sql: str) -> None:
    project.write(f"migrations/{name}/migration.sql", sql)
    project.write("migrations/migration_lock.toml", 'provider = "postgresql"\n')


def remove(project: Project, name: str) -> None:
    shutil.rmtree(project.folder / "migrations" / name)


def words(text: str) -> list[str]:
    """Return the lines that are not empty."""
    return [line.strip() for line in NOT_COMPARED.sub("", text).splitlines() if line.strip()]


def nothing(_: Project) -> None:
    pass


def two(project: Project) -> None:
    add(project, "1_first", FIRST)
    add(project, "2 with spaces", "CREATE INDEX CONCURRENTLY a_id ON a (id);\n")


def wrong(project: Project) -> None:
    add(project, "3_wrong", WRONG)


def repaired(project: Project) -> None:
    add(project, "3_wrong", "CREATE TABLE b (a int);\n")


def added(project: Project) -> None:
    add(project, "4_added", "CREATE TABLE b (id int);\n")


def edited(project: Project) -> None:
    add(project, "1_first", FIRST + "-- edited\n")


def diverged(project: Project) -> None:
    remove(project, "2 with spaces")
    add(project, "2b_late", "CREATE TABLE late (id int);\n")
    add(project, "5_more", "CREATE TABLE more (id int);\n")


# What happens to the project, and the command behind it.
Step = tuple[Callable[[Project], None], str]
STEPS: tuple[Step, ...] = (
    (nothing, "status"),
    (two, "status"),
    (nothing, "deploy"),
    (edited, "deploy"),
    (wrong, "deploy"),
    (nothing, "deploy"),
    (nothing, "status"),
    (nothing, "resolve --rolled-back 3_wrong"),
    (repaired, "deploy"),
    (nothing, "resolve --rolled-back 3_wrong"),
    (added, "resolve --applied 4_added"),
    (nothing, "resolve --applied 4_added"),
    (diverged, "status"),
    (nothing, "deploy"),
)


@pytest.fixture
async def databases(database: str, query: Query) -> AsyncGenerator[list[str]]:
    """The URLs of two empty databases."""
    second = database.replace("/test_", "/test_second_")
    name = second.split("/")[3].split("?")[0]
    await query(database, f'CREATE DATABASE "{name}"')
    yield [database, second]
    await query(database, f'DROP DATABASE "{name}" WITH (FORCE)')


async def outcome(project: Project, query: Query, command: list[str], database: str) -> tuple[Any, ...]:
    """Run a command on a database, and return its output and the resulting rows."""
    done = await asyncio.to_thread(project.start, command, more={"DATABASE_URL": database})
    tables = await query(database, TABLES)
    rows = await query(database, ROWS) + await query(database, COLUMNS) if "_prisma_migrations" in tables else []
    return done.code, words(done.out), words(done.err), rows, tables


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("official_cli")
async def test_same_output_and_effect_as_the_official_cli(project: Project, databases: list[str], query: Query) -> None:
    seen: list[tuple[Any, ...]] = []
    for change, command in STEPS:
        change(project)
        words_of = command.split()
        ours, theirs = await asyncio.gather(
            outcome(project, query, project.command("migrate", *words_of), databases[0]),
            outcome(project, query, [sys.executable, "-c", OFFICIAL, *words_of], databases[1]),
        )
        assert ours == theirs, (change.__name__, command)
        seen.append((ours[0], (ours[1] + ours[2])[-1]))
        databases.reverse()
    assert [code for code, _ in seen] == [1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0]


@pytest.mark.usefixtures("official_cli")
async def test_the_refusal_of_a_database_with_tables_is_the_official_one(
    project: Project, database: str, query: Query
) -> None:
    project.use(database)
    await query(database, "CREATE TABLE kept (id int)")
    add(project, "1_first", "SELECT 1;\n")
    ours = project.run("migrate", "deploy", more=NO_NODE)
    theirs = project.start([sys.executable, "-c", OFFICIAL, "deploy"])
    assert (ours.code, words(ours.out), words(ours.err)) == (theirs.code, words(theirs.out), words(theirs.err))
    assert (ours.code, words(ours.err)[0], await query(database, TABLES)) == (1, "Error: P3005", ["kept"])


async def test_a_folder_of_schema_files_a_new_database_and_no_node(
    project: Project, database: str, query: Query
) -> None:
    """Migrations are next to the file with the datasource, `.env` is read, and the history is in the URL's schema."""
    absent = database.replace("/test_", "/absent_")
    name = absent.split("/")[3].split("?")[0]
    (project.folder / "schema.prisma").unlink()
    project.write("db/base/main.prisma", 'datasource base {\n  provider = "postgresql"\n  url = env("SOME_URL")\n}\n')
    project.write("db/thing.prisma", "model Thing {\n  id Int @id\n}\n")
    project.write("db/base/migrations/1_first/migration.sql", 'CREATE TABLE "Thing" (id int);\n')
    project.write(".env", f'SOME_URL="{absent}&schema=shop&connection_limit=3"\n')
    try:
        lines = ["Prisma schema loaded from db", f'Datasource "base": PostgreSQL database "{name}", schema "shop"']
        done = project.run("migrate", "deploy", "--schema", "db", more=NO_NODE)
        assert (done.code, done.err, words(done.out)) == (
            0,
            "",
            [
                *lines,
                f"PostgreSQL database {name} created at unix:{unquote(absent.split('=')[1])}",
                "1 migration found in prisma/migrations",
                "The following migration(s) have been applied:",
                "migrations/",
                "└─ 1_first/",
                "└─ migration.sql",
                "All migrations have been successfully applied.",
            ],
        )
        done = project.run("migrate", "status", f"--schema={project.folder / 'db'}", "word", more=NO_NODE)
        assert (done.code, done.err, words(done.out)) == (
            0,
            "",
            [*lines, "1 migration found in prisma/migrations", "Database schema is up to date!"],
        )
        assert await query(
            absent, "SELECT concat(schemaname, '.', tablename) FROM pg_tables WHERE tablename = 'Thing'"
        ) == ["shop.Thing"]
    finally:
        await query(database, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--foo"], "unknown or unexpected option: --foo"),
        (["--config", "prisma.config.ts"], "--config is not supported"),
        (["--schema", "nope.prisma"], "There is no schema at nope.prisma"),
        ([], "P1001\n\nCan't reach database server at `127.0.0.1:1`"),
    ],
    ids=["option", "config", "schema", "server"],
)
@pytest.mark.parametrize("command", ["deploy", "status"])
def test_refusals(project: Project, command: str, arguments: list[str], words: str) -> None:
    project.use("postgresql://ada:s3cret@127.0.0.1:1/x")
    done = project.run("migrate", command, *arguments, more=NO_NODE)
    assert (done.code, words in done.err, "s3cret" in done.out + done.err, "Traceback" in done.err) == (
        1,
        True,
        False,
        False,
    ), done


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--applied or --rolled-back must be part"),
        (["--applied=a", "--rolled-back=b"], "Pass either --applied or --rolled-back"),
        (["--applied", "no"], "P3017\n\nThe migration no could not be found"),
        (["--rolled-back", "no"], "P3011\n\nMigration `no` cannot be rolled back because it was never applied"),
    ],
    ids=["nothing", "both", "unknown", "never applied"],
)
def test_what_can_not_be_resolved(project: Project, database: str, arguments: list[str], words: str) -> None:
    project.use(database)
    done = project.run("migrate", "resolve", *arguments, more=NO_NODE)
    assert (done.code, words in done.err, "Traceback" in done.err) == (1, True, False), done


async def test_a_database_from_before_gets_its_history(project: Project, database: str, query: Query) -> None:
    project.use(database)
    await query(database, "CREATE TABLE kept (id int)")
    add(project, "1_first", "CREATE TABLE kept (id int);\n")
    add(project, "2_second", "CREATE TABLE new (id int);\n")
    resolved = project.run("migrate", "resolve", "--applied", "1_first", more=NO_NODE)
    deployed = project.run("migrate", "deploy", more=NO_NODE)
    assert (resolved.code, resolved.out.splitlines()[-1]) == (0, "Migration 1_first marked as applied.")
    assert (deployed.code, await query(database, TABLES)) == (0, ["_prisma_migrations", "kept", "new"])
