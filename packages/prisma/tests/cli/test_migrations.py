"""The official CLI behind ours, on a real database.

Each test walks one way through several commands, as every start of Node costs a second.
"""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.long

# Fixtures are typed loosely: with importlib mode a test module can't import from conftest.
Project = Any
Query = Any

TABLES = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
COLUMNS = "SELECT column_name::text FROM information_schema.columns WHERE table_name = 'Author' ORDER BY 1"
SHADOWS = r"SELECT datname::text FROM pg_database WHERE datname LIKE 'prisma\_migrate\_shadow%'"
APPLIED = "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY 1"
SEED = "from pathlib import Path\nimport sys\nPath('seeded').write_text(' '.join(sys.argv[1:]))\n"
PYPROJECT = '[tool.prisma]\nseed = "python seed.py"\n'


def change_schema(project: Project, line: str) -> None:
    path = project.folder / "schema.prisma"
    path.write_text(path.read_text().replace("  name String\n", f"  name String\n  {line}\n"))


def add_migration(project: Project, name: str, sql: str) -> None:
    project.write(f"migrations/{name}/migration.sql", sql)
    project.write("migrations/migration_lock.toml", 'provider = "postgresql"\n')


async def test_migrate_dev_twice_leaves_the_database_with_what_it_should_hold(
    project: Project, database: str, query: Query
) -> None:
    """Naive adapters run the migrations of the shadow database in the real one, and can't drop the shadow database."""
    project.use(database)
    before = await query(database, SHADOWS)
    first = project.run("migrate", "dev", "--name", "first")
    assert (first.code, await query(database, TABLES)) == (0, ["Author", "_prisma_migrations"]), first
    change_schema(project, "born Int?")
    second = project.run("migrate", "dev", "--name", "second")
    assert second.code == 0, second
    assert await query(database, COLUMNS) == ["born", "id", "name"]
    assert [name.split("_", 1)[1] for name in await query(database, APPLIED)] == ["first", "second"]
    assert await query(database, SHADOWS) == before
    assert (project.folder / "client" / "models.py").exists()
    assert "WARNING" not in first.out + second.out


async def test_migrate_dev_creates_the_database_applies_what_is_pending_and_seeds(
    project: Project, database: str, query: Query
) -> None:
    """The engine can't weigh changes after it applied pending migrations, unless it is made to look again."""
    add_migration(
        project, "20240101000000_first", 'CREATE TABLE "Author" (id SERIAL PRIMARY KEY, name TEXT NOT NULL);\n'
    )
    project.write("pyproject.toml", PYPROJECT)
    project.write("seed.py", SEED)
    change_schema(project, "born Int?")
    absent = database.replace("/test_", "/absent_")
    project.use(absent)
    try:
        done = project.run("migrate", "dev", "--name", "second", "--skip-generate")
        assert (done.code, await query(absent, COLUMNS)) == (0, ["born", "id", "name"]), done
        assert "database absent_" in done.out
        assert (project.folder / "seeded").read_text() == ""
        assert not (project.folder / "client").exists()
    finally:
        await query(database, f'DROP DATABASE IF EXISTS "{absent.split("/")[3].split("?")[0]}" WITH (FORCE)')


async def test_deploy_status_and_resolve(project: Project, database: str, query: Query) -> None:
    """A migration is one simple query: blocks with semicolons are whole, and CONCURRENTLY is outside a transaction."""
    project.use("postgresql://nobody@127.0.0.1:1/nothing")
    project.environment["DIRECT_DATABASE_URL"] = database
    block = (
        "DO $$ BEGIN PERFORM 1; PERFORM 2; END $$;\nCREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1;';\n"
    )
    add_migration(project, "20240101000000_table", f"CREATE TABLE a (id int NOT NULL CHECK (id > 0));\n{block}")
    add_migration(project, "20240102000000 with spaces", "CREATE INDEX CONCURRENTLY a_id ON a (id);\n")
    deployed = project.run("migrate", "deploy")
    assert (deployed.code, len(await query(database, APPLIED))) == (0, 2), deployed
    again = project.run("migrate", "deploy")
    assert (again.code, "No pending migrations to apply" in again.out) == (0, True)

    add_migration(project, "20240103000000_wrong", "CREATE TABLE b (id int);\nCREATE TABLE a (id int);\n")
    failed = project.run("migrate", "deploy")
    assert failed.code == 1
    for fact in ("P3018", "Migration name: 20240103000000_wrong", "Database error code: 42P07", "already exists"):
        assert fact in failed.err, failed
    blocked = project.run("migrate", "status")
    assert (blocked.code, "20240103000000_wrong" in blocked.out + blocked.err) == (1, True)
    blocked = project.run("migrate", "deploy")
    assert (blocked.code, "P3009" in blocked.err, "The `20240103000000_wrong` migration" in blocked.err) == (
        1,
        True,
        True,
    )
    assert project.run("migrate", "resolve", "--applied", "20240103000000_wrong").code == 0
    assert project.run("migrate", "status").code == 0
    assert "b" not in await query(database, TABLES)


async def test_deploy_on_a_database_with_tables_asks_for_a_baseline(
    project: Project, database: str, query: Query
) -> None:
    project.use(database)
    await query(database, "CREATE TABLE kept (id int)")
    add_migration(project, "20240101000000_first", "SELECT 1;\n")
    done = project.run("migrate", "deploy")
    assert (done.code, "P3005" in done.err) == (1, True), done


async def test_reset_empties_applies_generates_and_seeds(project: Project, database: str, query: Query) -> None:
    """On a terminal it asks first; the question must reach the user, and the answer must reach Node."""
    project.use(database)
    await query(database, "CREATE TABLE leftover (id int)")
    add_migration(
        project, "20240101000000_first", 'CREATE TABLE "Author" (id SERIAL PRIMARY KEY, name TEXT NOT NULL);\n'
    )
    project.write("pyproject.toml", PYPROJECT)
    project.write("seed.py", SEED)
    code, shown = answer_on_terminal(project, ["migrate", "reset"], question="Are you sure", answer=b"y\n")
    assert (code, await query(database, TABLES)) == (0, ["Author", "_prisma_migrations"]), shown
    assert (project.folder / "client" / "models.py").exists()
    assert (project.folder / "seeded").exists()
    assert "The seed command has been executed" in shown


def answer_on_terminal(project: Project, words: list[str], question: str, answer: bytes) -> tuple[int, str]:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        project.command(*words),
        cwd=project.folder,
        # Prisma's command asks no question if CI is set.
        env={name: value for name, value in project.full_environment().items() if name != "CI"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    # Linux ends the conversation with an error once the other side is closed.
    with contextlib.suppress(OSError):
        while chunk := os.read(ours, 4096):
            shown += chunk
            if question.encode() in shown and answer:
                os.write(ours, answer)
                answer = b""
    os.close(ours)
    return process.wait(), shown.decode(errors="replace")


async def test_push_pull_and_execute(project: Project, database: str, query: Query) -> None:
    project.use(f"{database}&schema=public&connection_limit=3&pool_timeout=5")
    pushed = project.run("db", "push", "--accept-data-loss", "--skip-generate")
    assert (pushed.code, await query(database, TABLES)) == (0, ["Author"]), pushed
    project.write("script.sql", 'ALTER TABLE "Author" ADD born int; DO $$ BEGIN PERFORM 1; END $$;')
    executed = project.run("db", "execute", "--file", "script.sql", "--schema", "schema.prisma")
    assert (executed.code, executed.out) == (0, "Script executed successfully.\n"), executed
    executed = project.run("db", "execute", "--stdin", "--url", database, stdin="CREATE TYPE mood AS ENUM ('good');")
    assert executed.code == 0, executed
    pulled = project.run("db", "pull")
    assert pulled.code == 0, pulled
    schema = (project.folder / "schema.prisma").read_text()
    assert ("born Int?" in schema, "enum mood" in schema, 'directUrl = env("DIRECT_DATABASE_URL")' in schema) == (
        True,
        True,
        True,
    )
    wrong = project.run("db", "execute", "--stdin", stdin="SELECT nothing;")
    assert (wrong.code, "nothing" in wrong.err) == (1, True)


async def test_diff(project: Project, database: str, query: Query) -> None:
    project.use(database)
    offline = project.run(
        *("migrate", "diff", "--from-empty", "--to-schema-datamodel", "schema.prisma", "--script"),
        more={"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"},
    )
    assert (offline.code, 'CREATE TABLE "Author"' in offline.out) == (0, True), offline
    await query(database, 'CREATE TABLE "Author" (id SERIAL PRIMARY KEY, name TEXT NOT NULL)')
    same = project.run("migrate", "diff", "--from-url", database, "--to-schema-datamodel=schema.prisma", "--exit-code")
    assert (same.code, same.out.strip()) == (0, "No difference detected."), same
    change_schema(project, "born Int?")
    other = project.run(
        *("migrate", "diff", "--from-schema-datasource", "schema.prisma"),
        *("--to-schema-datamodel", "schema.prisma", "--script", "--exit-code"),
    )
    assert (other.code, other.out.strip()) == (
        2,
        '-- AlterTable\nALTER TABLE "Author" ADD COLUMN     "born" INTEGER;',
    ), other
    script = project.run("migrate", "diff", "--from-empty", f"--to-url={database}", "--script")
    assert (script.code, 'CREATE TABLE "public"."Author"' in script.out) == (0, True), script
    both = project.run("migrate", "diff", "--from-url", database, "--to-url", database)
    assert (both.code, "Only one side" in both.err) == (1, True)


async def test_diff_applies_migrations_to_the_shadow_database_only(
    project: Project, database: str, query: Query
) -> None:
    add_migration(
        project, "20240101000000_first", 'CREATE TABLE "Author" (id SERIAL PRIMARY KEY, name TEXT NOT NULL);\n'
    )
    words = ("migrate", "diff", "--from-migrations", "migrations", "--to-schema-datamodel", "schema.prisma")
    project.use(database)
    done = project.run(*words, "--exit-code")
    assert (done.code, await query(database, TABLES), await query(database, SHADOWS)) == (0, [], []), done
    await query(database, "CREATE TABLE leftover (id int)")
    done = project.run(*words, "--exit-code", "--shadow-database-url", database, more={"DATABASE_URL": ""})
    assert (done.code, await query(database, TABLES)) == (0, ["Author"]), done


async def test_the_database_itself_is_refused_as_shadow_database(project: Project, database: str, query: Query) -> None:
    schema = (project.folder / "schema.prisma").read_text()
    project.write("schema.prisma", schema.replace("directUrl", "shadowDatabaseUrl"))
    project.use(database)
    await query(database, "CREATE TABLE kept (id int)")
    done = project.run("migrate", "dev", "--name", "first", more={"DIRECT_DATABASE_URL": database})
    assert (done.code, "would be emptied" in done.err, await query(database, TABLES)) == (1, True, ["kept"]), done


@pytest.mark.parametrize(
    ("default", "index", "differs"),
    [
        pytest.param("upper('x')", 'ops: raw("jsonb_path_ops")', ["DEFAULT upper('x')", 'INDEX "j"'], id="differ"),
        pytest.param("upper('x'::text)", "ops: JsonbPathOps", [], id="same"),
    ],
)
async def test_prisma_compares_texts(
    project: Project, database: str, default: str, index: str, differs: list[str]
) -> None:
    """The guide says how to write expressions that Prisma otherwise sees as different every time."""
    change_schema(
        project,
        f'sign String @default(dbgenerated("{default}"))\n  j Json\n  @@index([j({index})], type: Gin, map: "j")',
    )
    project.use(database)
    assert project.run("db", "push", "--skip-generate").code == 0
    words = ("--from-url", database, "--to-schema-datamodel", "schema.prisma", "--script", "--exit-code")
    done = project.run("migrate", "diff", *words)
    assert (done.code, [words for words in differs if words in done.out]) == (2 if differs else 0, differs), done


OTHER_RELEASES = """\
datasource db {
  provider = "postgresql"
}
generator client {
  provider        = "prisma-client-py"
  output          = "client"
  previewFeatures = ["views", "metrics"]
}
model Author {
  id     Int     @id
  name   String
  sign   Bytes   @default("foo!")
  total  Totals?
}
view Totals {
  id     Int    @id
  author Author @relation(fields: [id], references: [id])
  sum    Int
  @@index([sum])
}
"""


async def test_schemas_in_the_forms_of_other_releases(project: Project, database: str, query: Query) -> None:
    """5.17 took the key of a view and any text for Bytes; Prisma 7 has the URL elsewhere."""
    project.write("schema.prisma", OTHER_RELEASES)
    project.environment["DIRECT_DATABASE_URL"] = database
    drafted = project.run("migrate", "dev", "--create-only", "--name", "first")
    assert (drafted.code, await query(database, TABLES)) == (0, []), drafted
    assert "You can now edit it and apply it" in drafted.out
    deployed = project.run("migrate", "deploy", more={"PATH": ""})
    assert (deployed.code, await query(database, TABLES)) == (0, ["Author", "_prisma_migrations"]), deployed
    await query(database, 'CREATE VIEW "Totals" AS SELECT id, 1 AS sum FROM "Author"')
    pushed = project.run("db", "push")
    assert (pushed.code, "already in sync" in pushed.out) == (0, True), pushed
    assert (project.folder / "client" / "models.py").exists()
    words = ("--to-schema-datamodel", "schema.prisma", "--exit-code")
    for side in (
        ("--from-url", database),
        ("--from-schema-datasource", "schema.prisma"),
        ("--from-migrations", "migrations"),
    ):
        compared = project.run("migrate", "diff", *side, *words)
        assert (compared.code, compared.out.strip()) == (0, "No difference detected."), (side, compared)
    executed = project.run("db", "execute", "--stdin", "--schema", "schema.prisma", stdin="SELECT 1")
    assert executed.code == 0, executed
    assert (project.folder / "schema.prisma").read_text() == OTHER_RELEASES
    pulled = project.run("db", "pull")
    text = (project.folder / "schema.prisma").read_text()
    assert (pulled.code, "url" in text, "view Totals" in text) == (0, False, True), (pulled, text)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        pytest.param("postgresql://ada:s3cret@127.0.0.1:1/x", "reach database server at `127.0.0.1:1`", id="refused"),
        pytest.param(
            "postgresql://ada:s3cret@x/y?host=/no/where", "reach database server at `/no/where:5432`", id="socket"
        ),
        pytest.param("postgresql://ada:s3cret%@127.0.0.1:1/x", "P1001", id="percent"),
    ],
)
def test_a_server_that_cannot_be_reached_is_one_message(project: Project, url: str, words: str) -> None:
    project.use(url)
    done = project.run("db", "push", "--skip-generate")
    assert (done.code, words in done.err, "s3cret" in done.out + done.err, "Traceback" in done.err) == (
        1,
        True,
        False,
        False,
    ), done


@pytest.mark.parametrize(
    ("url", "words"),
    [
        pytest.param("", "Environment variable not found: DATABASE_URL.", id="missing"),
        pytest.param("mysql://ada:s3cret@host/x", "the URL must start with the protocol `postgresql://`", id="mysql"),
        pytest.param(
            "sqlserver://host;password=s3cret",
            "starts with sqlserver://, and this program knows PostgreSQL, SQLite, MySQL and CockroachDB.",
            id="unknown",
        ),
        pytest.param("postgresql://ada:s3#cret@host:5432/x", "write # as %23", id="special characters"),
        pytest.param("nonsense", "The database URL is not a URL.", id="no url"),
    ],
)
def test_a_wrong_url_is_one_message_before_node_starts(project: Project, url: str, words: str) -> None:
    project.use(url)
    done = project.run("migrate", "deploy", more={"PATH": ""})
    assert (done.code, done.out, words in done.err, "cret" in done.err) == (1, "", True, False), done


def test_no_schema_is_one_message(project: Project) -> None:
    Path(project.folder / "schema.prisma").unlink()
    done = project.run("migrate", "deploy")
    assert (done.code, "There is no schema" in done.err, "Traceback" in done.err) == (1, True, False)
