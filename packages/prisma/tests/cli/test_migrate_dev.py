"""`prisma migrate dev`: what it writes, applies, says and asks, and how it ends.

The words are those of Prisma's own command, as it was seen to write them (6.19.3, on a terminal and without one).
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from prisma.drivers.postgresql.schema_engine.shadow import SHADOW_PREFIX

pytestmark = pytest.mark.long

# Fixtures are typed loosely: with importlib mode a test module can't import from conftest.
Project = Any
Query = Callable[..., Awaitable[list[Any]]]

CTRL_C = "\x03"
TABLES = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
HISTORY = """
SELECT concat(migration_name, ' ', CASE WHEN finished_at IS NULL THEN 'failed' ELSE 'applied' END)
FROM _prisma_migrations ORDER BY started_at
"""
SHADOWS = f"SELECT datname::text FROM pg_database WHERE datname LIKE '{SHADOW_PREFIX}%'"
AUTHOR = """\
-- CreateTable
CREATE TABLE "Author" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "Author_pkey" PRIMARY KEY ("id")
);
"""
ROWS = """INSERT INTO "Author" (name) VALUES ('ada'), ('bob')"""
A, B = "20240101000000_a", "20240102000000_b"

HEAD = """\
Prisma schema loaded from schema.prisma
Datasource "db": PostgreSQL database "DATABASE", schema "public" at "PLACE"

"""
IN_SYNC = "Already in sync, no schema change or pending migration was found.\n"
NOW_IN_SYNC = "Your database is now in sync with your schema.\n"
ASK_NAME = "Enter a name for the new migration: "
SURE = "Are you sure you want to create and apply this migration?"
CREATED = """
The following migration(s) have been created and applied from new schema changes:

migrations/
  └─ {name}/
    └─ migration.sql

"""
APPLIED = """
The following migration(s) have been applied:

migrations/
"""
DRAFTED = """\
Prisma Migrate created the following migration without applying it {name}

You can now edit it and apply it by running prisma migrate dev.
"""
LOSS = """
⚠️  Warnings for the current datasource:

  • You are about to drop the column `name` on the `Author` table, which still contains 2 non-null values.

"""
NOT_INTERACTIVE = """\
Error: Prisma Migrate has detected that the environment is non-interactive, which is not supported.

`prisma migrate dev` is an interactive command designed to create new migrations and evolve the database in development.
To apply existing migrations in deployments, use prisma migrate deploy.
See https://www.prisma.io/docs/reference/api-reference/command-reference#migrate-deploy
"""
IMPOSSIBLE = """\

⚠️ We found changes that cannot be executed:

  • Step 0 Added the required column `must` to the `Author` table without a default value. There are 2 rows in this \
table, it is not possible to execute this step.

"""
IMPOSSIBLE_ADVICE = """\
You can use prisma migrate dev --create-only to create the migration file, and manually modify it to address the \
underlying issue(s).
Then run prisma migrate dev to apply it and verify it works.

"""
RESET = """\
We need to reset the "public" schema at "PLACE"

You may use prisma migrate reset to drop the development database.
All data will be lost.
"""
DRIFT = """\
Drift detected: Your database schema is not in sync with your migration history.

The following is a summary of the differences between the expected database schema given your migrations files, and \
the actual schema of the database.

It should be understood as the set of changes to get from the expected schema to the actual schema.

"""
MISSING = f"""\
- The following migration(s) are applied to the database but missing from the local migrations directory: {B}

"""
NO_COLUMN = 'column "nothing" does not exist'
FIRST_TIME = """\
If you are running this the first time on an existing database, please make sure to read this documentation page:
https://www.prisma.io/docs/guides/database/developing-with-prisma-migrate/troubleshooting-development

"""


def told(text: str) -> str:
    """What a command wrote, without what differs from run to run, and without colours."""
    text = re.sub(r"\x1b\[\d+m", "", text)
    text = re.sub(r"\d{14}(?=\d*(_|\b))(?<!20240101000000)(?<!20240102000000)", "STAMP", text)
    text = re.sub(r'database "(test|absent)_\w+"', 'database "DATABASE"', text)
    return re.sub(r'at "unix:[^"]+"', 'at "PLACE"', text)


def change(project: Project, before: str, after: str) -> None:
    path = project.folder / "schema.prisma"
    path.write_text(path.read_text().replace(before, after))


def add(project: Project, name: str, sql: str) -> None:
    project.write(f"migrations/{name}/migration.sql", sql)
    project.write("migrations/migration_lock.toml", 'provider = "postgresql"\n')


def migrations(project: Project) -> dict[str, str]:
    """The scripts in the folder by the names of the migrations."""
    return {told(path.parent.name): path.read_text() for path in sorted(project.folder.glob("migrations/*/*.sql"))}


def develop(project: Project, *words: str, **options: Any) -> tuple[int, str, str]:
    done = project.run("migrate", "dev", "--skip-generate", *words, **options)
    return done.code, told(done.out), done.err


async def until(query: Query, url: str, sql: str) -> None:
    """Wait until a query finds something."""
    ends = time.monotonic() + 60
    while not await query(url, sql):
        assert time.monotonic() < ends, sql


# The way from an empty database to one in step with the schema


async def test_a_migration_is_named_on_the_terminal(project: Project, database: str, query: Query) -> None:
    project.use(database)
    with project.on_terminal("migrate", "dev") as terminal:
        terminal.expect(ASK_NAME)
        terminal.type("Add  Größe!\n")
        assert terminal.end() == 0, terminal.shown
    created = CREATED.format(name="STAMP_add_groesse")
    shown, generated = told(terminal.shown).split("✔", 1)
    assert shown == f"{HEAD}{ASK_NAME}Add  Größe!\n{created}{NOW_IN_SYNC}"
    assert generated.startswith(" Generated Prisma Client for Python to ./client in ")
    assert migrations(project) == {"STAMP_add_groesse": AUTHOR}
    assert await query(database, TABLES) == ["Author", "_prisma_migrations"]
    assert [told(line) for line in await query(database, HISTORY)] == ["STAMP_add_groesse applied"]
    assert (project.folder / "client" / "models.py").exists()
    assert develop(project) == (0, HEAD + IN_SYNC, "")
    assert await query(database, SHADOWS) == []


async def test_nobody_is_asked_where_nobody_answers(project: Project, database: str, query: Query) -> None:
    project.use(database)
    created = CREATED.format(name="STAMP")
    assert develop(project) == (0, f"{HEAD}{created}{NOW_IN_SYNC}", "")
    change(project, "  name String\n", "  name String\n  born Int?\n")
    with project.on_terminal("migrate", "dev", "--skip-generate", "-n", "", more={"CI": "1"}) as terminal:
        assert terminal.end() == 0, terminal.shown
    assert told(terminal.shown) == f"{HEAD}{created}{NOW_IN_SYNC}"
    assert [re.sub(r"\d{14}", "", name) for name in await query(database, HISTORY)] == [" applied", " applied"]


@pytest.mark.parametrize("answer", [CTRL_C, "\x04"], ids=["interrupted", "ended"])
async def test_no_name_no_migration(project: Project, database: str, query: Query, answer: str) -> None:
    project.use(database)
    with project.on_terminal("migrate", "dev") as terminal:
        terminal.expect(ASK_NAME)
        terminal.type(answer)
        assert terminal.end() == 130
    assert terminal.shown.endswith("\nCanceled by user.\n")
    assert not (project.folder / "migrations").exists()
    assert (await query(database, TABLES), await query(database, SHADOWS)) == ([], [])


async def test_an_empty_answer_is_a_name(project: Project, database: str) -> None:
    project.use(database)
    with project.on_terminal("migrate", "dev", "--skip-generate") as terminal:
        terminal.expect(ASK_NAME)
        terminal.type("\n")
        assert terminal.end() == 0
    assert migrations(project) == {"STAMP": AUTHOR}


async def test_drafts(project: Project, database: str, query: Query) -> None:
    """A draft is not applied until the next run; without changes it is empty, for SQL that the schema can't say."""
    project.use(database)
    drafted = (0, HEAD + DRAFTED.format(name="STAMP_x"), "")
    assert develop(project, "--create-only", "--name", "x") == drafted
    assert await query(database, TABLES) == []
    (script,) = project.folder.glob("migrations/*_x/migration.sql")
    script.write_text(f'{AUTHOR}CREATE INDEX "edited" ON "Author" (name);\n')
    change(project, "  name String\n", '  name String\n\n  @@index([name], map: "edited")\n')
    pending = f"{HEAD}{APPLIED}  └─ STAMP_x/\n    └─ migration.sql\n\n{NOW_IN_SYNC}"
    assert develop(project) == (0, pending, "")
    assert develop(project, "--create-only", "-n", "nothing") == (0, HEAD + DRAFTED.format(name="STAMP_nothing"), "")
    assert migrations(project)["STAMP_nothing"] == "-- This is an empty migration."
    assert [told(line) for line in await query(database, HISTORY)] == ["STAMP_x applied"]


async def test_pending_migrations_come_first(project: Project, database: str, query: Query) -> None:
    """The engine weighs the change against all migrations only if it sees them again after they were applied."""
    project.use(database)
    add(project, A, AUTHOR)
    add(project, B, 'CREATE TABLE "Book" (id INT PRIMARY KEY);\n')
    change(project, "model Author", "model Book {\n  id Int @id\n  title String?\n}\n\nmodel Author")
    applied = f"{APPLIED}  └─ {A}/\n    └─ migration.sql\n  └─ {B}/\n    └─ migration.sql\n"
    created = CREATED.format(name="STAMP_title")
    assert develop(project, "-n", "Title") == (0, f"{HEAD}{applied}\n{created}{NOW_IN_SYNC}", "")
    assert [told(line) for line in await query(database, HISTORY)] == [
        f"{A} applied",
        f"{B} applied",
        "STAMP_title applied",
    ]


# Changes that lose data, or can't be made


async def lossy(project: Project, database: str, query: Query) -> None:
    add(project, A, AUTHOR)
    project.use(database)
    assert develop(project)[0] == 0
    await query(database, ROWS)
    change(project, "  name String\n", "")


async def test_a_loss_needs_somebody_who_agrees(project: Project, database: str, query: Query) -> None:
    await lossy(project, database, query)
    assert develop(project, "-n", "drop") == (1, HEAD + LOSS, NOT_INTERACTIVE)
    with project.on_terminal("migrate", "dev", "-n", "drop") as terminal:
        terminal.expect(f"{SURE} [y/N] ")
        terminal.type("\n")
        assert terminal.end() == 130
    assert told(terminal.shown) == f"{HEAD}{LOSS}{SURE} [y/N] \nMigration cancelled.\n"
    with project.on_terminal("migrate", "dev", "-n", "drop", "--create-only") as terminal:
        terminal.expect("Are you sure you want to create this migration? [y/N] ")
        terminal.type(CTRL_C)
        assert terminal.end() == 130
    assert terminal.shown.endswith("[y/N] ^C\nMigration cancelled.\n")
    assert migrations(project) == {A: AUTHOR}
    with project.on_terminal("migrate", "dev", "--skip-generate") as terminal:
        terminal.expect(f"{SURE} [y/N] ")
        terminal.type("y\n")
        terminal.expect(ASK_NAME)
        terminal.type("drop it\n")
        assert terminal.end() == 0
    created = CREATED.format(name="STAMP_drop_it")
    assert told(terminal.shown) == f"{HEAD}{LOSS}{SURE} [y/N] y\n{ASK_NAME}drop it\n{created}{NOW_IN_SYNC}"
    columns = "SELECT column_name::text FROM information_schema.columns WHERE table_name = 'Author'"
    assert await query(database, columns) == ["id"]


async def test_an_impossible_change_can_only_be_drafted(project: Project, database: str, query: Query) -> None:
    await lossy(project, database, query)
    change(project, "@default(autoincrement())\n", "@default(autoincrement())\n  name String\n  must Int\n")
    code, out, err = develop(project, "-n", "must")
    assert (code, out, err) == (1, f"{HEAD}\n", f"Error: {IMPOSSIBLE}{IMPOSSIBLE_ADVICE}")
    code, out, err = develop(project, "-n", "must", "--create-only")
    assert (code, out, err) == (0, f"{HEAD}\n{DRAFTED.format(name='STAMP_must')}", IMPOSSIBLE)
    assert list(migrations(project)) == [A, "STAMP_must"]


# Databases that must be reset first


async def drifted(project: Project, url: str, query: Query) -> None:
    await query(url, 'ALTER TABLE "Author" ADD extra int')
    await query(url, "CREATE TABLE other (id int PRIMARY KEY)")


async def edited(project: Project, url: str, query: Query) -> None:
    add(project, A, f"{AUTHOR}-- edited\n")


async def removed(project: Project, url: str, query: Query) -> None:
    add(project, B, "CREATE TABLE b (id int PRIMARY KEY);")
    assert project.run("migrate", "deploy").code == 0
    (project.folder / "migrations" / B / "migration.sql").unlink()
    (project.folder / "migrations" / B).rmdir()


async def failed(project: Project, url: str, query: Query) -> None:
    await query(url, """INSERT INTO "Author" (name) VALUES ('ada'), ('ada')""")
    add(project, B, 'ALTER TABLE "Author" ADD CONSTRAINT u UNIQUE (name);')
    code, out, err = develop(project)
    assert (code, out, err.split("\n\n")[0]) == (1, HEAD, "Error: P3018")
    for fact in (f"Migration name: {B}", "Database error code: 23505", 'could not create unique index "u"'):
        assert fact in err
    assert await query(url, HISTORY) == [f"{A} applied", f"{B} failed"]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (
            drifted,
            f"{DRIFT}[+] Added tables\n  - other\n\n[*] Changed the `Author` table\n  [+] Added column `extra`\n\n",
        ),
        (edited, f"The migration `{A}` was modified after it was applied.\n"),
        (
            removed,
            f"- {DRIFT}[+] Added tables\n  - b\n\n{MISSING}",
        ),
        (failed, f"The migration `{B}` failed.\n"),
    ],
)
async def test_a_database_that_must_be_reset(
    project: Project, database: str, query: Query, spoil: Callable[..., Awaitable[None]], reason: str
) -> None:
    project.use(database)
    add(project, A, AUTHOR)
    assert develop(project)[0] == 0
    await spoil(project, database, query)
    before = (await query(database, TABLES), migrations(project))
    assert develop(project, "-n", "two") == (130, f"{HEAD}{reason}{RESET}", "")
    assert (await query(database, TABLES), migrations(project)) == before
    assert await query(database, SHADOWS) == []


async def test_a_database_with_tables_of_its_own(project: Project, database: str, query: Query) -> None:
    project.use(database)
    await query(database, "CREATE TABLE other (id int PRIMARY KEY)")
    reason = f"{DRIFT}{FIRST_TIME}[+] Added tables\n  - other\n\n"
    assert develop(project, "-n", "one") == (130, f"{HEAD}{reason}{RESET}", "")


# Faults


def script_missing(project: Project) -> None:
    project.write(f"migrations/{B}/readme.md", "")


def script_wrong(project: Project) -> None:
    add(project, B, "CREATE TABLE b (id int PRIMARY KEY);\nSELECT nothing;")


def script_not_text(project: Project) -> None:
    (project.write(f"migrations/{B}/migration.sql", "")).write_bytes(b"SELECT '\xff'")


def other_provider(project: Project) -> None:
    project.write("migrations/migration_lock.toml", 'provider = "mysql"\n')


def broken_lock(project: Project) -> None:
    project.write("migrations/migration_lock.toml", "<<<<<<< HEAD\n")


def folder_is_file(project: Project) -> None:
    project.write("migrations", "kept")


def schema_wrong(project: Project) -> None:
    change(project, "  name String\n", "  name Strin\n")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (script_missing, f"Error: P3015\n\nCould not find the migration file at migrations/{B}/migration.sql. "),
        (
            script_wrong,
            f"Error: P3006\n\nMigration `{B}` failed to apply cleanly to the shadow database. \nError:\n{NO_COLUMN}\n",
        ),
        (
            script_not_text,
            f"Error: P3015\n\nThe migration file at migrations/{B}/migration.sql can't be read as UTF-8.",
        ),
        (
            other_provider,
            "Error: P3019\n\nThe datasource provider `postgresql` specified in your schema does not match",
        ),
        (broken_lock, "Error: P3019\n\nThe file migrations/migration_lock.toml, which names the"),
        (folder_is_file, "Error: File exists: "),
        (schema_wrong, "Error: P1012\n\n"),
    ],
)
async def test_faults_of_files(
    project: Project, database: str, query: Query, spoil: Callable[[Project], None], message: str
) -> None:
    project.use(database)
    spoil(project)
    before = {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()}
    code, out, err = develop(project, "-n", "x")
    assert (code, out, err[: len(message)]) == (1, HEAD, message), err
    assert "sql_schema_connector" not in err
    assert {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()} == before
    assert (await query(database, TABLES), await query(database, SHADOWS)) == ([], [])


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgresql://ada:s3cret@127.0.0.1:1/x", "Error: P1001\n\nCan't reach database server at `127.0.0.1:1`"),
        ("", "Error: Environment variable not found: DATABASE_URL.\n"),
        (
            "mysql://ada:s3cret@host/x",
            "Error: P1012\n\nError validating datasource `db`: the URL must start with the protocol `postgresql://`.\n",
        ),
    ],
)
def test_faults_of_the_url(project: Project, url: str, message: str) -> None:
    project.use(url)
    code, out, err = develop(project)
    assert (code, err[: len(message)], "s3cret" in out + err) == (1, message, False), err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--force",), "Error: unknown or unexpected option: --force\n"),
        (("--name",), "Error: "),
        (("--config", "x.mjs"), "Error: --config is not supported"),
    ],
)
def test_faults_of_options(project: Project, words: tuple[str, ...], message: str) -> None:
    done = project.run("migrate", "dev", *words)
    assert (done.code, done.out, message in done.err) == (1 if "name" not in words[0] else 2, "", True), done


async def test_another_migration_is_waited_for_ten_seconds(project: Project, database: str, query: Query) -> None:
    project.use(database)
    parts = urlsplit(database)
    holder = await asyncpg.connect(user=parts.username, host=parse_qs(parts.query)["host"][0], database=parts.path[1:])
    await holder.execute("SELECT pg_advisory_lock(72707369)")
    code, out, err = await asyncio.to_thread(develop, project, "-n", "x")
    await holder.close()
    assert (code, out, err.split("\n\n")[0]) == (1, HEAD, "Error: P1002"), err
    assert "SELECT pg_advisory_lock(72707369)" in err
    assert (migrations(project), await query(database, SHADOWS)) == ({}, [])


def test_nothing_to_do_needs_one_driver(project: Project, database: str) -> None:
    project.use(database)
    name = database.split("/")[3].split("?")[0]
    assert develop(project, "-n", "first", "--skip-generate")[0] == 0
    code, databases, is_loaded = project.connections("migrate", "dev", "--skip-generate")
    others = [each for each in databases[1:] if each != name and not each.startswith("prisma_migrate_shadow_db_")]
    assert (code, databases[0], others, is_loaded) == (0, name, [], False)


async def test_others_are_locked_out_while_a_question_waits(project: Project, database: str, query: Query) -> None:
    project.use(database)
    with project.on_terminal("migrate", "dev") as terminal:
        terminal.expect(ASK_NAME)
        assert await query(database, "SELECT pg_try_advisory_lock(72707369)") == [False]


async def test_a_user_who_may_not_create_databases(project: Project, database: str, query: Query) -> None:
    """With a shadow database of its own that user can go on; what the shadow database held is gone."""
    name = database.split("/")[3].split("?")[0]
    role, shadow = f"poor_{name}", f"shadow_{name}"
    await query(database, f'CREATE ROLE "{role}" LOGIN')
    await query(database, f'GRANT ALL ON SCHEMA public TO "{role}"')
    await query(database, f'CREATE DATABASE "{shadow}" OWNER "{role}"')
    shadow_url = database.replace(name, shadow)
    await query(shadow_url, "CREATE TABLE leftover ()")
    await query(shadow_url, f'ALTER SCHEMA public OWNER TO "{role}"')
    try:
        project.use(database.replace("postgres@", f"{role}@"))
        code, out, err = develop(project, "-n", "x")
        assert (code, out, err[:12], "permission denied to create database" in err) == (1, HEAD, "Error: P3014", True)
        change(project, "directUrl = env", "shadowDatabaseUrl = env")
        project.environment["DIRECT_DATABASE_URL"] = shadow_url.replace("postgres@", f"{role}@")
        code, out, err = develop(project, "-n", "x")
        assert (code, err, list(migrations(project))) == (0, "", ["STAMP_x"])
        assert "leftover" not in await query(shadow_url, TABLES)
        project.environment["DIRECT_DATABASE_URL"] = project.environment["DATABASE_URL"]
        code, out, err = develop(project)
        assert (code, "would be emptied" in err, await query(database, TABLES)) == (
            1,
            True,
            ["Author", "_prisma_migrations"],
        )
    finally:
        await query(database, f'DROP DATABASE "{shadow}" WITH (FORCE)')
        await query(database, f'DROP OWNED BY "{role}"')
        await query(database, f'DROP ROLE "{role}"')


@pytest.mark.parametrize("place", ["shadow", "database"])
async def test_ctrl_c_ends_the_statement(project: Project, database: str, query: Query, place: str) -> None:
    project.use(database)
    elsewhere = f"current_database() {'NOT ' if place == 'shadow' else ''}LIKE '{SHADOW_PREFIX}%'"
    add(project, A, f"{AUTHOR}DO $$ BEGIN IF NOT ({elsewhere}) THEN PERFORM pg_sleep(300); END IF; END $$;")
    running = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query LIKE '%(300)%'"
    with project.on_terminal("migrate", "dev", "-n", "x") as terminal:
        await until(query, database, running)
        terminal.type(CTRL_C)
        assert terminal.end() == 130
    assert (await query(database, SHADOWS), await query(database, running)) == ([], [])
    assert list(migrations(project)) == [A]
    tables = [] if place == "shadow" else ["_prisma_migrations"]
    assert await query(database, TABLES) == tables
    if tables:
        # Nobody can know whether the script left something behind.
        assert await query(database, HISTORY) == [f"{A} failed"]
        assert develop(project) == (130, f"{HEAD}The migration `{A}` failed.\n{RESET}", "")
