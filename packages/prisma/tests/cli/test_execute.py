"""`db execute`: what a script leaves in the database, and what the command says about one that fails."""

from __future__ import annotations

import asyncio
import signal
import subprocess
from typing import Any

import pytest

from servers import PATIENCE

pytestmark = pytest.mark.long

# Fixtures are typed loosely: with importlib mode a test module can't import from conftest.
Project = Any
Query = Any

NO_NODE = {"PATH": ""}
TABLES = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
RUNNING = "SELECT count(*)::int FROM pg_stat_activity WHERE query LIKE 'SELECT pg\\_sleep(100)%' AND state = 'active'"
SECRET = "s3cret"
FUNCTION = (
    "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n"
    "  RAISE EXCEPTION 'no' USING DETAIL = 'why', HINT = 'how';\nEND $$;\nSELECT f();"
)


@pytest.fixture(autouse=True)
def usual_database(project: Project, database: str) -> None:
    """The schema's URL is the database, and the variable of its directUrl is not set."""
    project.use(database)


@pytest.mark.parametrize(
    ("script", "tables"),
    [
        pytest.param("\ufeffCREATE TABLE a (id int); DO $$ BEGIN PERFORM 1; END $$;\n", ["a"], id="statements"),
        pytest.param("-- nothing\n", [], id="comment"),
        pytest.param("VACUUM", [], id="no transaction"),
        pytest.param("SELECT repeat('x', 1000) FROM generate_series(1, 100000)", [], id="rows"),
    ],
)
async def test_scripts(project: Project, database: str, query: Query, script: str, tables: list[str]) -> None:
    project.write("script.sql", script)
    done = project.run("db", "execute", "--file", "script.sql", more=NO_NODE)
    assert (done.code, done.out, done.err) == (0, "Script executed successfully.\n", "")
    assert await query(database, TABLES) == tables


async def test_line_ends_of_the_standard_input_stay(project: Project, database: str, query: Query) -> None:
    (project.folder / "script.sql").write_bytes("CREATE TABLE a AS SELECT 'é\r\n' AS x".encode())
    with (project.folder / "script.sql").open("rb") as script:
        process = await asyncio.create_subprocess_exec(
            *project.command("db", "execute", "--stdin"),
            cwd=project.folder,
            env=project.full_environment(NO_NODE),
            stdin=script,
        )
        code = await process.wait()
    assert (code, await query(database, "SELECT x FROM a")) == (0, ["é\r\n"])


@pytest.mark.parametrize(
    ("script", "tables", "lines"),
    [
        pytest.param(
            f"CREATE TABLE a (id int);\nSELECT 'é',\n  '{SECRET}' AS x, nothing FROM a;",
            [],
            [
                'Raw query failed. Code: `42703`. Message: `column "nothing" does not exist`',
                "POSITION: line 3, column 18",
            ],
            id="one transaction",
        ),
        pytest.param(
            "BEGIN; CREATE TABLE a (id int); COMMIT; CREATE TABLE b (id int); SELECT 1/0",
            ["a"],
            ["Raw query failed. Code: `22012`. Message: `division by zero`"],
            id="transactions of its own",
        ),
        pytest.param(
            f"CREATE TABLE a (id text UNIQUE); INSERT INTO a VALUES ('{SECRET}'), ('{SECRET}')",
            [],
            ['Raw query failed. Code: `23505`. Message: `duplicate key value violates unique constraint "a_id_key"`'],
            id="values",
        ),
        pytest.param(
            FUNCTION,
            [],
            [
                "Raw query failed. Code: `P0001`. Message: `no`",
                "DETAIL: why",
                "HINT: how",
                "WHERE: PL/pgSQL function f() line 3 at RAISE",
            ],
            id="function",
        ),
        pytest.param(
            f"DO $$ BEGIN EXECUTE 'SELECT ''{SECRET}'' FROM nothing'; END $$",
            [],
            [
                'Raw query failed. Code: `42P01`. Message: `relation "nothing" does not exist`',
                "WHERE: PL/pgSQL function inline_code_block line 1 at EXECUTE",
            ],
            id="SQL in SQL",
        ),
    ],
)
async def test_refused_scripts(
    project: Project, database: str, query: Query, script: str, tables: list[str], lines: list[str]
) -> None:
    done = project.run("db", "execute", "--stdin", "--schema", "schema.prisma", stdin=script, more=NO_NODE)
    assert (done.code, done.out, done.err.splitlines()) == (1, "", ["Error: P2010", "", *lines])
    assert (SECRET in done.err, await query(database, TABLES)) == (False, tables)


async def test_the_database_of_a_url_and_its_schema(project: Project, database: str, query: Query) -> None:
    """Neither the project's schema nor its variables are looked at."""
    (project.folder / "schema.prisma").unlink()
    project.use("postgresql://nobody@127.0.0.1:1/nothing")
    await query(database, 'CREATE SCHEMA "Shop"')
    url = f"{database}&schema=Shop&connection_limit=3"
    done = project.run("db", "execute", "--stdin", "--url", url, stdin="CREATE TABLE a (id int)", more=NO_NODE)
    tables = await query(database, "SELECT schemaname::text FROM pg_tables WHERE tablename = 'a'")
    assert (done.code, tables) == (0, ["Shop"]), done


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param([], "Either --stdin or --file must be provided.\nSee `prisma db execute -h`", id="no script"),
        pytest.param(
            ["--stdin", "--file", "a.sql"],
            "--stdin and --file cannot be used at the same time. Only 1 must be provided.\nSee `prisma db execute -h`",
            id="two scripts",
        ),
        pytest.param(
            ["--stdin", "--url", "x", "--schema", "y"],
            "--url and --schema cannot be used at the same time. Only 1 must be provided.\nSee `prisma db execute -h`",
            id="two databases",
        ),
        pytest.param(["--file", "a.sql"], "Provided --file at a.sql doesn't exist.", id="no file"),
        pytest.param(
            ["--file", "."], "An error occurred while reading the provided --file at .: Is a directory.", id="folder"
        ),
        pytest.param(["--what"], "unknown or unexpected option: --what\nSee: prisma db execute --help", id="option"),
        pytest.param(
            ["--stdin", "--url", f"sqlserver://ada:{SECRET}@h/x"],
            "The database URL starts with sqlserver://, and this program knows PostgreSQL, SQLite, MySQL and "
            "CockroachDB.\n"
            "Give a URL of the form postgresql://user:password@localhost:5432/database",
            id="provider",
        ),
        pytest.param(
            ["--stdin", "--url", f"postgresql://ada:{SECRET}@127.0.0.1:1/x"],
            "P1001\n\nCan't reach database server at `127.0.0.1:1`",
            id="server",
        ),
    ],
)
def test_refusals(project: Project, words: list[str], message: str) -> None:
    done = project.run("db", "execute", *words, more=NO_NODE)
    assert (done.code, done.out, done.err) == (1, "", f"Error: {message}\n")


def test_a_script_that_is_no_text(project: Project) -> None:
    (project.folder / "script.sql").write_bytes(b"SELECT '\xff'")
    done = project.run("db", "execute", "--file", "script.sql", more=NO_NODE)
    message = "An error occurred while reading the provided --file at script.sql: it is not UTF-8."
    assert (done.code, done.err) == (1, f"Error: {message}\n")


async def test_an_interrupt_cancels_the_script_on_the_server(project: Project, database: str, query: Query) -> None:
    project.write("script.sql", "SELECT pg_sleep(100)")
    process = await asyncio.create_subprocess_exec(
        *project.command("db", "execute", "--file", "script.sql"),
        cwd=project.folder,
        env=project.full_environment(NO_NODE),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        while await query(database, RUNNING) != [1]:  # noqa: ASYNC110 (the server does not tell)
            await asyncio.sleep(0.02)
        process.send_signal(signal.SIGINT)
        said = await process.communicate()
    # The line end follows the ^C that a terminal shows.
    assert (process.returncode, said, await query(database, RUNNING)) == (130, (b"", b"\n"), [0])
