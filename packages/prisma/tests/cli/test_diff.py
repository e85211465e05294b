"""`prisma migrate diff`: its sides, its forms, and why sides can't be compared; without Node.js."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

pytestmark = pytest.mark.long

# Fixtures are typed loosely: with importlib mode a test module can't import from conftest.
Project = Any
Query = Callable[..., Awaitable[list[Any]]]

SHADOWS = r"SELECT datname::text FROM pg_database WHERE datname LIKE 'prisma\_migrate\_shadow%'"
AUTHOR = """\
CREATE TABLE "Author" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "Author_pkey" PRIMARY KEY ("id")
);
"""
SCRIPT = f'-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS "public";\n\n-- CreateTable\n{AUTHOR}'
NEW = "\n[+] Added Schemas\n  - public\n\n[+] Added tables\n  - Author\n"
ADDED = "\n[+] Added tables\n  - Author\n"
SAME = "No difference detected.\n"
FEATURE = '  previewFeatures = ["partialIndexes"]'
LOCK = 'provider = "postgresql"\n'


def diff(project: Project, *words: str) -> tuple[int, str, str]:
    done = project.run("migrate", "diff", *words, more={"PATH": ""})
    return done.code, done.out, done.err


def add_migration(project: Project, sql: str) -> None:
    project.write("migrations/20240101000000_first/migration.sql", sql)
    project.write("migrations/migration_lock.toml", LOCK)


@pytest.mark.parametrize("option", ["--to-schema-datamodel=schema.prisma", "--to-schema=schema.prisma"])
def test_without_a_database(project: Project, option: str) -> None:
    project.use("postgresql://nobody@127.0.0.1:1/nothing")
    assert [
        diff(project, "--from-empty", option, "--script"),
        diff(project, "--from-empty", option, "--script", "--exit-code"),
        diff(project, "--from-empty", option),
        diff(project, "--from-empty", option, "--script", "--output", "made.sql"),
    ] == [(0, f"{SCRIPT}\n", ""), (2, SCRIPT, ""), (0, f"{NEW}\n", ""), (0, "", "")]
    assert (project.folder / "made.sql").read_text() == SCRIPT


def test_files_are_compared_without_a_driver(project: Project) -> None:
    words = ["migrate", "diff", "--from-empty", "--to-schema", "schema.prisma"]
    drivers = "sys.modules.keys() & {'asyncpg', 'psycopg', 'sqlite3'}"
    done = project.start([sys.executable, "-c", f"import sys, prisma.cli.main as m; print(m.run({words}), {drivers})"])
    assert (done.out.splitlines()[-1], done.err) == ("0 set()", "")


async def test_a_database_and_migrations(project: Project, database: str, query: Query) -> None:
    project.use(database)
    add_migration(project, AUTHOR)
    models = ("--to-schema-datamodel", "schema.prisma", "--exit-code")
    sides = {
        ("--from-migrations", "migrations"): (0, f"{SAME}\n", ""),
        ("--from-url", database): (2, ADDED, ""),
        ("--from-schema-datasource", "schema.prisma"): (2, ADDED, ""),
        ("--from-config-datasource",): (2, ADDED, ""),
    }
    assert {side: diff(project, *side, *models) for side in sides} == sides
    assert await query(database, SHADOWS) == []


FAILED = (
    "Error: P3006\n\nMigration `20240101000000_first` failed to apply cleanly to the shadow database. \n"
    "Error:\ndivision by zero\n"
)


async def test_a_missing_schema_of_the_url_stays_missing(project: Project, database: str, query: Query) -> None:
    url = f"{database}&schema=absent"
    project.use(url)
    found = diff(project, "--from-url", url, "--to-schema-datamodel", "schema.prisma", "--script")
    pulled = project.run("db", "pull", "--print", more={"PATH": ""})
    assert (found, pulled.code) == ((0, SCRIPT.replace("public", "absent") + "\n", ""), 1), pulled
    assert await query(database, "SELECT nspname FROM pg_namespace WHERE nspname = 'absent'") == []


async def test_a_migration_that_fails(project: Project, database: str, query: Query) -> None:
    project.use(database)
    add_migration(project, "SELECT 1/0;")
    code, out, err = diff(project, "--from-migrations", "migrations", "--to-schema-datamodel", "schema.prisma")
    assert (code, out, err, await query(database, SHADOWS)) == (
        1,
        "",
        FAILED,
        [],
    )


async def test_a_user_who_may_not_create_databases(project: Project, database: str, query: Query) -> None:
    await query(database, "CREATE ROLE meek LOGIN")
    try:
        project.use(database.replace("postgres@", "meek@"))
        add_migration(project, AUTHOR)
        code, _, err = diff(project, "--from-migrations", "migrations", "--to-schema-datamodel", "schema.prisma")
    finally:
        await query(database, "DROP ROLE meek")
    assert (code, err.startswith("Error: P3014\n"), "shadowDatabaseUrl" in err) == (1, True, True), err


PARTIAL = """-- CreateIndex
CREATE UNIQUE INDEX "one_ann" ON "public"."Author"("name" ASC) WHERE (id > {});
"""


async def test_partial_indexes(project: Project, database: str, query: Query) -> None:
    """A script for a new database has them; models only if they have the preview feature, else they stay unnoticed."""
    project.use(database)
    await query(database, AUTHOR)
    await query(database, 'CREATE UNIQUE INDEX one_ann ON "Author" (name) WHERE id > 5')
    live = ("--to-url", database, "--script")
    assert PARTIAL.format(5) in diff(project, "--from-empty", *live)[1]
    assert diff(project, "--from-schema", "schema.prisma", *live)[1] == "-- This is an empty migration.\n\n"
    text = (
        (project.folder / "schema.prisma").read_text().replace("generator client {", f"generator client {{\n{FEATURE}")
    )
    other = '  name String\n  @@unique([name], map: "one_ann", where: raw("(id > 6)"))\n'
    project.write("schema.prisma", text.replace("  name String\n", other))
    assert PARTIAL.format(5) in diff(project, "--from-schema", "schema.prisma", *live)[1]


COUNT = "See: prisma migrate diff --help\n"
REFUSALS = {
    (): (
        "Error: 0 `--from-...` parameter(s) provided. 1 must be provided.\n"
        f"0 `--to-...` parameter(s) provided. 1 must be provided.\n{COUNT}"
    ),
    ("--from-empty", "--from-url=postgresql://a@b/c", "--to-empty"): (
        f"Error: 2 `--from-...` parameter(s) provided. 1 must be provided.\n{COUNT}"
    ),
    ("--from-empty", "--to-migrations", "nowhere"): "Error: There is no folder of migrations at nowhere.\n",
    ("--from-empty", "--to-url", "mysql://a:s3cret@b/c"): (
        "Error: Prisma's schema engine has no WebAssembly connector for MySQL, so this command can't work on it.\n"
        "Write migrations by hand, or with Prisma's own command on Node.js (`npx prisma migrate dev`), which also "
        "reads databases (`npx prisma db pull`). Apply them with `prisma migrate deploy`.\n"
    ),
    ("--from-empty", "--to-empty"): "Error: Could not determine the connector to use for diffing.\n",
    ("--from-empty", "--to-url=postgresql://a@b/c", "--bogus"): (
        "Error: unknown or unexpected option: --bogus\nSee: prisma migrate diff --help\n"
    ),
}


@pytest.mark.parametrize("words", REFUSALS, ids=lambda words: " ".join(words) or "nothing")
def test_refusals(project: Project, words: tuple[str, ...]) -> None:
    assert diff(project, *words) == (1, "", REFUSALS[words])
