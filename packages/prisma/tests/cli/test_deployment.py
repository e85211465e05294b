"""`migrate deploy`, `status` and `resolve`: projects of all forms, and what is refused.

What they do at every step of a project's life is compared with the official command line, in `tests/differential/cli`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest

pytestmark = pytest.mark.long

# Fixtures are typed loosely: with importlib mode a test module can't import from conftest.
Project = Any
Query = Any

NO_NODE = {"PATH": ""}
TABLES = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


def add(project: Project, name: str, sql: str) -> None:
    project.write(f"migrations/{name}/migration.sql", sql)
    project.write("migrations/migration_lock.toml", 'provider = "postgresql"\n')


def words(text: str) -> list[str]:
    """Return the lines that are not empty."""
    return [line.strip() for line in text.splitlines() if line.strip()]


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
        place = f"unix:{unquote(absent.split('=')[1])}"
        source = f'Datasource "base": PostgreSQL database "{name}", schema "shop" at "{place}"'
        lines = ["Prisma schema loaded from db", source]
        done = project.run("migrate", "deploy", "--schema", "db", more=NO_NODE)
        assert (done.code, done.err, words(done.out)) == (
            0,
            "",
            [
                *lines,
                f"PostgreSQL database {name} created at {place}",
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


def test_of_several_servers_the_primary_is_taken(project: Project, cluster: Any) -> None:
    """The standbys come first in the URL; what is printed names all, without the password."""
    add(project, "1_first", 'CREATE TABLE "Elsewhere" (id int);')
    standbys = cluster.standbys
    ports = [*(member.port for member in standbys), cluster.primary.port]
    places = ",".join(f"127.0.0.1:{port}" for port in ports)
    login, _, rest = cluster.url("several").partition("@")
    project.use(f"{login}@{places}/{rest.partition('/')[2]}")
    try:
        done = project.run("migrate", "deploy", more=NO_NODE | {"DIRECT_DATABASE_URL": ""})
        assert (done.code, done.err, words(done.out)[1:3]) == (
            0,
            "",
            [
                f'Datasource "db": PostgreSQL database "several", schema "public" at "{places}"',
                f"PostgreSQL database several created at {places}",
            ],
        )
        assert cluster.primary.run(TABLES.replace("::text", ""), database="several") == "Elsewhere\n_prisma_migrations"
        refused = project.run(
            "migrate", "status", more={"DATABASE_URL": f"{login}@127.0.0.1:{ports[0]},127.0.0.1:{ports[1]}/several"}
        )
        assert refused.code == 1
        assert refused.err.count("the server is a standby") == 2
        assert cluster.primary.password not in refused.out + refused.err
    finally:
        cluster.primary.run("DROP DATABASE IF EXISTS several WITH (FORCE)")


def test_progress_is_shown_at_a_terminal_alone(project: Project, database: str) -> None:
    project.use(database)
    for number in range(10, 30):
        add(project, f"{number}_step", f"CREATE TABLE t{number} (id int);")
    with project.on_terminal("migrate", "deploy") as terminal:
        code = terminal.end()
    shown, left = terminal.shown, project.run("migrate", "deploy")
    steps = [f"Applying migration {number} of 20: {number + 9}_step" for number in range(1, 21)]
    assert (code, [step for step in steps if f"\x1b[2K{step}" not in shown]) == (0, [])
    assert f"{steps[-1]}\n\x1b[2K" in shown  # the decoder makes line feeds of carriage returns
    assert (left.code, left.err) == (0, "")
