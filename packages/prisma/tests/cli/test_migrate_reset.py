"""`prisma migrate reset`: what it removes, applies, says and asks, and how it ends.

The words are those of Prisma's own command, as it was seen to write them (6.19.3, on a terminal and without one).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from prisma.cli.consent import AGENTS, CONSENT_VARIABLE

pytestmark = pytest.mark.long

# Fixtures are typed loosely: with importlib mode a test module can't import from conftest.
Project = Any
Query = Callable[..., Awaitable[list[Any]]]

TABLES = "SELECT concat(schemaname, '.', tablename) FROM pg_tables WHERE schemaname !~ '^(pg_|information)' ORDER BY 1"
AUTHOR = 'CREATE TABLE "Author" (id SERIAL PRIMARY KEY, name TEXT NOT NULL);\n'
A, B = "20240101000000_a", "20240102000000_b"
QUESTION = "Are you sure you want to reset your database? All data will be lost. [y/N] "
HEAD = """\
Prisma schema loaded from schema.prisma
Datasource "db": PostgreSQL database "DATABASE", schema "public" at "PLACE"

"""
APPLIED = f"""\

Database reset successful

The following migration(s) have been applied:

migrations/
  └─ {A}/
    └─ migration.sql
"""
NOT_INTERACTIVE = """\
Error: Prisma Migrate has detected that the environment is non-interactive. It is recommended to run this command in \
an interactive environment.

Use --force to run this command without user interaction.
See https://www.prisma.io/docs/reference/api-reference/command-reference#migrate-reset
"""
PYPROJECT = '[tool.prisma]\nseed = "python seed.py"\n'
SEED = "print('planted', flush=True)\n"
SEEDED = """
Running seed command `python seed.py` ...
planted

🌱  The seed command has been executed.
"""
NOBODY = {variable: "" for _, variable, _ in AGENTS}


def told(text: str) -> str:
    """What a command wrote, without what differs from run to run, and without colours."""
    text = re.sub(r"\x1b\[\d+m", "", text)
    text = re.sub(r'database "(test|absent)_\w+"', 'database "DATABASE"', text)
    return re.sub(r'at "unix:[^"]+"', 'at "PLACE"', text)


def add(project: Project, name: str, sql: str) -> None:
    project.write(f"migrations/{name}/migration.sql", sql)
    project.write("migrations/migration_lock.toml", 'provider = "postgresql"\n')


def reset(project: Project, *words: str, more: dict[str, str] | None = None) -> tuple[int, str, str]:
    done = project.run("migrate", "reset", *words, more={**NOBODY, **(more or {})})
    return done.code, told(done.out), done.err


async def test_a_yes_resets_applies_generates_and_seeds(project: Project, database: str, query: Query) -> None:
    project.use(database)
    await query(database, "CREATE TABLE leftover (id int)")
    add(project, A, AUTHOR)
    project.write("pyproject.toml", PYPROJECT)
    project.write("seed.py", SEED)
    with project.on_terminal("migrate", "reset", more=NOBODY) as terminal:
        terminal.expect(QUESTION)
        terminal.type("y\n")
        assert terminal.end() == 0
    shown = re.sub(r"✔ Generated Prisma Client for Python to ./client in \d+ ms\n", "", told(terminal.shown))
    assert shown == f"{HEAD}{QUESTION}y\n{APPLIED}{SEEDED}"
    assert await query(database, TABLES) == ["public.Author", "public._prisma_migrations"]
    assert (project.folder / "client" / "models.py").exists()


@pytest.mark.parametrize("answer", ["n\n", "\n", "\x03", "\x04"], ids=["no", "default", "interrupted", "ended"])
async def test_all_else_keeps_the_data(project: Project, database: str, query: Query, answer: str) -> None:
    project.use(database)
    await query(database, "CREATE TABLE kept (id int)")
    with project.on_terminal("migrate", "reset", more=NOBODY) as terminal:
        terminal.expect(QUESTION)
        terminal.type(answer)
        assert terminal.end() == 130
    assert terminal.shown.endswith("\nReset cancelled.\n")
    assert await query(database, TABLES) == ["public.kept"]


async def test_force_asks_nobody(project: Project, database: str, query: Query) -> None:
    project.use(database)
    await query(database, "CREATE TABLE leftover (id int)")
    assert reset(project) == (1, HEAD, NOT_INTERACTIVE)
    assert await query(database, TABLES) == ["public.leftover"]
    assert reset(project, "-f", "--skip-generate") == (0, f"{HEAD}Database reset successful\n\n", "")
    add(project, A, AUTHOR)
    assert reset(project, "--force", "--skip-generate") == (0, HEAD + APPLIED, "")
    assert await query(database, TABLES) == ["public.Author", "public._prisma_migrations"]


async def test_an_agent_needs_consent(project: Project, database: str, query: Query) -> None:
    project.use(database)
    await query(database, "CREATE TABLE kept (id int)")
    code, out, err = reset(project, "--force", more={"CLAUDECODE": "1"})
    assert (code, out) == (1, HEAD)
    assert err.startswith("Error: Prisma Migrate detected that it was invoked by Claude Code.\n")
    assert await query(database, TABLES) == ["public.kept"]
    agreed = {"CLAUDECODE": "1", CONSENT_VARIABLE: "yes, reset it"}
    assert reset(project, "--force", "--skip-generate", more=agreed)[0] == 0
    assert await query(database, TABLES) == []


async def test_a_missing_database_is_created(project: Project, database: str, query: Query) -> None:
    absent = database.replace("/test_", "/absent_")
    name = absent.split("/")[3].split("?")[0]
    project.use(absent)
    add(project, A, AUTHOR)
    project.write("pyproject.toml", PYPROJECT)
    project.write("seed.py", "raise SystemExit(3)\n")
    try:
        code, out, err = reset(project, "-f", "--skip-generate")
        assert (code, "An error occurred while running the seed command." in err) == (1, True)
        assert out.startswith(f"{HEAD}PostgreSQL database {name} created at unix:")
        assert await query(absent, TABLES) == ["public.Author", "public._prisma_migrations"]
        assert reset(project, "-f", "--skip-generate", "--skip-seed") == (0, HEAD + APPLIED, "")
    finally:
        await query(database, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def test_all_schemas_of_the_datasource(project: Project, database: str, query: Query) -> None:
    """And no other; the one that the URL names is made again."""
    text = (project.folder / "schema.prisma").read_text()
    text = text.replace("datasource db {", 'datasource db {\n  schemas = ["sales", "crm"]')
    project.write("schema.prisma", text.replace("name String\n", 'name String\n\n  @@schema("crm")\n'))
    project.use(f"{database}&schema=crm")
    for schema in ("crm", "sales", "other"):
        await query(database, f"CREATE SCHEMA {schema}")
        await query(database, f"CREATE TABLE {schema}.t (id int)")
    code, out, err = reset(project, "-f", "--skip-generate")
    assert (code, 'schemas "crm, sales" at' in out, err) == (0, True, "")
    assert await query(database, TABLES) == ["other.t"]


def script_missing(project: Project) -> None:
    project.write(f"migrations/{B}/readme.md", "")


def other_provider(project: Project) -> None:
    project.write("migrations/migration_lock.toml", 'provider = "mysql"\n')


def schema_wrong(project: Project) -> None:
    path = project.folder / "schema.prisma"
    path.write_text(path.read_text().replace("  name String\n", "  name Strin\n"))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (script_missing, f"Error: P3015\n\nCould not find the migration file at migrations/{B}/migration.sql. "),
        (
            other_provider,
            "Error: P3019\n\nThe datasource provider `postgresql` specified in your schema does not match",
        ),
        (schema_wrong, "Error: P1012\n\n"),
    ],
)
async def test_what_could_not_be_made_again_is_kept(
    project: Project, database: str, query: Query, spoil: Callable[[Project], None], message: str
) -> None:
    project.use(database)
    add(project, A, AUTHOR)
    spoil(project)
    await query(database, "CREATE TABLE kept (id int)")
    code, out, err = reset(project, "-f")
    assert (code, out, err[: len(message)]) == (1, HEAD, message), err
    assert await query(database, TABLES) == ["public.kept"]


async def test_a_migration_that_fails(project: Project, database: str, query: Query) -> None:
    project.use(database)
    add(project, A, AUTHOR)
    add(project, B, "CREATE TABLE b (id int);\nSELECT nothing;")
    code, out, err = reset(project, "-f")
    assert (code, out, err.split("\n\n")[0]) == (1, HEAD, "Error: P3018")
    for fact in (f"Migration name: {B}", "Database error code: 42703", 'ERROR: column "nothing" does not exist'):
        assert fact in err
    assert await query(database, TABLES) == ["public.Author", "public._prisma_migrations"]


async def test_a_server_that_cannot_be_reached(project: Project) -> None:
    project.use("postgresql://ada:s3cret@127.0.0.1:1/x")
    code, out, err = reset(project, "-f")
    assert (code, err.split("\n\n")[0], "s3cret" in out + err) == (1, "Error: P1001", False), err


def test_an_unknown_option_is_named(project: Project) -> None:
    code, out, err = reset(project, "-x")
    assert (code, out, err) == (1, "", "Error: unknown or unexpected option: -x\nSee: prisma migrate reset --help\n")
