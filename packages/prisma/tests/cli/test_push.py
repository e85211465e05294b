"""`prisma db push`: what it does, says and asks, and how it ends; in the words of Prisma's own command (6.19.3)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from prisma.cli.consent import AGENTS

pytestmark = pytest.mark.long

# Fixtures are typed loosely: with importlib mode a test module can't import from conftest.
Project = Any
Query = Callable[..., Awaitable[list[Any]]]

TABLES = "SELECT concat(schemaname, '.', tablename) FROM pg_tables WHERE schemaname !~ '^(pg_|information)' ORDER BY 1"
COLUMNS = "SELECT column_name::text FROM information_schema.columns WHERE table_name = 'Author' ORDER BY 1"
NOBODY = {variable: "" for _, variable, _ in AGENTS}
HEAD = """\
Prisma schema loaded from schema.prisma
Datasource "db": PostgreSQL database "DATABASE", schema "public" at "PLACE"

"""
DONE = "\n🚀  Your database is now in sync with your Prisma schema. Done in TIME\n"
IN_SYNC = "\nThe database is already in sync with the Prisma schema.\n"
LOSS = """\

⚠️  There might be data loss when applying the changes:

  • You are about to drop the column `name` on the `Author` table, which still contains 1 non-null values.


"""
NO_FLAG = (
    "Error: Use the --accept-data-loss flag to ignore the data loss warnings like prisma db push --accept-data-loss\n"
)
UNEXECUTABLE = (
    "Error: \n"
    """\
⚠️ We found changes that cannot be executed:

  • Added the required column `age` to the `Author` table without a default value. \
There are 1 rows in this table, it is not possible to execute this step.

You may use the --force-reset flag to drop the database before push like prisma db push --force-reset
All data will be lost.
"""
)
RESET = 'The PostgreSQL database "DATABASE" schema "public" at "PLACE" was successfully reset.\n'
ROW = """INSERT INTO "Author" (name) VALUES ('Ann')"""


def told(text: str) -> str:
    """What a command wrote, without what differs from run to run."""
    text = re.sub(r'"(unix:|/)[^"]*"', '"PLACE"', re.sub(r"(test|absent)_\w{12}", "DATABASE", text))
    return re.sub(r"Done in \S+", "Done in TIME", text)


def push(project: Project, *words: str, more: dict[str, str] | None = None) -> tuple[int, str, str]:
    done = project.run("db", "push", "--skip-generate", *words, more=NOBODY | (more or {}))
    return done.code, told(done.out), told(done.err)


def change_schema(project: Project, line: str) -> None:
    path = project.folder / "schema.prisma"
    path.write_text(path.read_text().replace("  name String\n", line))


async def test_from_nothing_to_data_loss(project: Project, database: str, query: Query) -> None:
    project.use(database)
    assert [push(project, more={"PATH": ""}), push(project)] == [(0, HEAD + DONE, ""), (0, HEAD + IN_SYNC, "")]
    await query(database, ROW)
    change_schema(project, "  name String\n  age Int\n")
    assert push(project) == (1, HEAD, UNEXECUTABLE)
    change_schema(project, "")
    project.write("schema.prisma", (project.folder / "schema.prisma").read_text().replace("  age Int\n", ""))
    assert push(project) == (1, HEAD + LOSS, NO_FLAG)
    assert await query(database, COLUMNS) == ["id", "name"]
    assert push(project, "--accept-data-loss") == (0, HEAD + LOSS + DONE, "")
    assert await query(database, COLUMNS) == ["id"]


@pytest.mark.parametrize(
    ("answer", "code", "words", "columns"),
    [
        ("y\n", 0, "in sync", ["id"]),
        ("n\n", 130, "Push cancelled.", ["id", "name"]),
        ("\x03", 130, "Push cancelled.", ["id", "name"]),
    ],
)
async def test_on_a_terminal_it_asks(
    project: Project, database: str, query: Query, answer: str, code: int, words: str, columns: list[str]
) -> None:
    project.use(database)
    await query(database, 'CREATE TABLE "Author" (id SERIAL PRIMARY KEY, name TEXT NOT NULL)')
    await query(database, ROW)
    change_schema(project, "")
    with project.on_terminal("db", "push", "--skip-generate") as terminal:
        terminal.expect("Do you want to ignore the warning(s)? [y/N] ")
        terminal.type(answer)
        terminal.expect(words)
        assert (terminal.end(), await query(database, COLUMNS)) == (code, columns)


async def test_force_reset_empties_first(project: Project, database: str, query: Query) -> None:
    project.use(database)
    await query(database, "CREATE TABLE leftover (id int)")
    refused = push(project, "--force-reset", more={"CLAUDECODE": "1"})
    assert (refused[0], "invoked by Claude Code" in refused[2], await query(database, TABLES)) == (
        1,
        True,
        ["public.leftover"],
    )
    assert push(project, "--force-reset") == (0, HEAD + RESET + DONE, "")
    assert await query(database, TABLES) == ["public.Author"]


async def test_force_reset_empties_every_schema(project: Project, database: str, query: Query) -> None:
    text = (project.folder / "schema.prisma").read_text()
    text = text.replace('provider  = "postgresql"', 'provider  = "postgresql"\n  schemas = ["two", "one"]')
    project.write("schema.prisma", text.replace("  name String\n", '  name String\n  @@schema("two")\n'))
    project.use(database)
    await query(database, "CREATE SCHEMA one CREATE TABLE leftover (id int)")
    await query(database, "CREATE TABLE public.kept (id int)")
    code, out, err = push(project, "--force-reset")
    assert (code, 'schemas "one, two" at "PLACE" were successfully reset.' in out) == (0, True), (out, err)
    assert await query(database, TABLES) == ["public.kept", "two.Author"]


async def test_the_database_and_the_schema_are_created(project: Project, database: str, query: Query) -> None:
    absent = database.replace("/test_", "/absent_")
    project.use(f"{absent}&schema=app")
    try:
        code, out, err = push(project)
        assert (code, "PostgreSQL database DATABASE created at" in out, err) == (0, True, ""), out
        assert await query(absent, TABLES) == ["app.Author"]
    finally:
        await query(database, f'DROP DATABASE IF EXISTS "{absent.split("/")[3].split("?")[0]}" WITH (FORCE)')


async def test_two_at_the_same_time(project: Project, database: str, query: Query) -> None:
    absent = database.replace("test_", "absent_")
    project.use(absent)
    try:
        with project.on_terminal("db", "push", "--skip-generate") as other:
            done = project.run("db", "push", "--skip-generate")
            code = other.end()
        assert (done.code, code, await query(absent, TABLES)) == (0, 0, ["public.Author"]), done.err + other.shown
    finally:
        await query(database, f'DROP DATABASE IF EXISTS "{absent.split("/")[3].split("?")[0]}" WITH (FORCE)')


def test_one_connection_does(project: Project, database: str) -> None:
    project.use(database)
    name = database.split("/")[3].split("?")[0]
    words = ("db", "push", "--skip-generate")
    assert [project.connections(*words) for _ in range(2)] == [(0, [name], False)] * 2


async def test_a_missing_database_is_created_from_another(project: Project, database: str, query: Query) -> None:
    absent = database.replace("test_", "absent_")
    name = absent.split("/")[3].split("?")[0]
    project.use(absent)
    try:
        found = project.connections("db", "push", "--skip-generate")
    finally:
        await query(database, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    assert found == (0, [name, "postgres", name], False)


async def test_others_are_locked_out_while_a_question_waits(project: Project, database: str, query: Query) -> None:
    project.use(database)
    await query(database, 'CREATE TABLE "Author" (id SERIAL PRIMARY KEY, name TEXT NOT NULL)')
    await query(database, ROW)
    change_schema(project, "")
    with project.on_terminal("db", "push", "--skip-generate") as terminal:
        terminal.expect("Do you want to ignore the warning(s)? [y/N] ")
        assert await query(database, "SELECT pg_try_advisory_lock(72707369)") == [False]


async def test_a_connection_that_is_lost(project: Project, database: str, query: Query) -> None:
    project.use(database)
    await query(database, 'CREATE TABLE "Author" (id SERIAL PRIMARY KEY, name TEXT NOT NULL)')
    await query(database, ROW)
    change_schema(project, "")
    with project.on_terminal("db", "push", "--skip-generate") as terminal:
        terminal.expect("Do you want to ignore the warning(s)? [y/N] ")
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        assert await query(database, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}") == [True]
        terminal.type("y\n")
        terminal.expect("P1017\n\nServer has closed the connection.")
        assert terminal.end() == 1


async def test_a_wrong_schema_touches_no_database(project: Project, database: str) -> None:
    project.use("postgresql://nobody@127.0.0.1:1/nothing")
    change_schema(project, "  name Nothing\n")
    done = project.run("db", "push")
    assert (done.code, done.err.startswith("Error: P1012\n"), "Can't reach" in done.err) == (1, True, False), done


async def test_the_client_is_generated(project: Project, database: str) -> None:
    project.use(database)
    done = project.run("db", "push")
    assert (done.code, "✔ Generated Prisma Client" in done.out, (project.folder / "client/models.py").exists()) == (
        0,
        True,
        True,
    ), done


@pytest.mark.parametrize("word", ["--bogus", "--config=prisma.config.ts"])
def test_options_that_are_not_known(project: Project, word: str) -> None:
    done = project.run("db", "push", word)
    assert (done.code, done.out, word.partition("=")[0] in done.err) == (1, "", True), done
