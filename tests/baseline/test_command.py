"""`python -m app.baseline`: the first migration is recorded where its tables are those of another application."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.baseline.__main__ import main
from prisma.migrate import MigrateError, deploy

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
INIT = "20261123050348_init"
SCRIPT = (MIGRATIONS / INIT / "migration.sql").read_bytes()
THEIRS = "20260101000000_start"
HISTORY = """SELECT migration_name, finished_at IS NOT NULL AND rolled_back_at IS NULL FROM _prisma_migrations
    ORDER BY migration_name, started_at"""
SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1"
RECORDED = f"The tables are those of {INIT}.\nIt is recorded as applied. For the others: prisma migrate deploy\n"
MUST_BE_RECORDED = (
    f"The tables are those of {INIT}.\n"
    f"Error: The database has the tables of {INIT} already, but its history does not have that migration.\n"
    "Fix:   Compare and record them: python -m app.baseline, then start again.\n"
)

Run = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command on the empty database; return exit code and what it says."""
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.delenv("UV_RUN_RECURSION_DEPTH", raising=False)

    async def start(*words: str) -> tuple[int, str]:
        # In a thread, because it has an event loop of its own.
        return await asyncio.to_thread(main, list(words)), capsys.readouterr().err

    return start


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """Their folder of migrations: the same tables by another name."""
    shutil.copytree(MIGRATIONS / INIT, tmp_path / THEIRS)
    shutil.copy(MIGRATIONS / "migration_lock.toml", tmp_path)
    return tmp_path


def sql(url: str, text: str | bytes) -> list[Any]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(text)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []


async def test_with_their_history(database: str, run: Run, theirs: Path):
    await deploy(theirs, database)
    looked = await run("--dry-run")
    before = sql(database, HISTORY)
    answers = [await run(), await run(), await run("--dry-run")]
    assert (looked, before) == ((1, MUST_BE_RECORDED), [(THEIRS, True)])
    assert answers == [(0, RECORDED), (0, "There is nothing to record.\n"), (0, "There is nothing to record.\n")]
    assert sql(database, HISTORY) == [(THEIRS, True), (INIT, True)]
    done = await deploy(MIGRATIONS, database)
    assert (len(done.applied), done.missing) == (len(done.found) - 1, (THEIRS,))


async def test_after_db_push_and_with_tables_of_others(database: str, run: Run):
    sql(database, SCRIPT)
    sql(database, "CREATE TABLE other (id int); CREATE INDEX more ON users (name)")
    assert await run() == (0, RECORDED)
    assert (await deploy(MIGRATIONS, database)).applied[0] > INIT


async def test_after_a_deployment_that_failed(database: str, run: Run, theirs: Path):
    await deploy(theirs, database)
    with pytest.raises(MigrateError) as failed:
        await deploy(MIGRATIONS, database)
    assert (failed.value.code, await run()) == ("P3018", (0, RECORDED))
    assert (await deploy(MIGRATIONS, database)).applied[0] > INIT


# A change of the tables → what the command says of it.
CHANGES = {
    "ALTER TABLE users DROP name": "column users.name: is not there, must be text",
    "ALTER TABLE users ALTER name SET NOT NULL": "column users.name: is text NOT NULL, must be text",
    "ALTER TABLE users ADD more text": "column users.more: is text, must not be there",
    "ALTER TABLE credits ALTER amount TYPE numeric": (
        "column credits.amount: is numeric NOT NULL, must be numeric(10,2) NOT NULL"
    ),
    """ALTER TYPE "Role" ADD VALUE 'GUEST'""": (
        'enum "Role": is USER ADMIN PREMIUM ENTERPRISE GUEST, must be USER ADMIN PREMIUM ENTERPRISE'
    ),
    'DROP INDEX "projects_userId_idx"': (
        "index projects.projects_userId_idx: is not there, "
        'must be CREATE INDEX "projects_userId_idx" ON projects USING btree ("userId")'
    ),
    "CREATE UNIQUE INDEX more ON users (name)": (
        "index users.more: is CREATE UNIQUE INDEX more ON users USING btree (name), must not be there"
    ),
    "ALTER TABLE users ADD CONSTRAINT more CHECK (name <> '')": (
        "constraint users.more: is CHECK (name <> ''::text), must not be there"
    ),
}


@pytest.mark.parametrize(("change", "difference"), CHANGES.items())
async def test_other_tables_are_refused(database: str, run: Run, change: str, difference: str):
    sql(database, SCRIPT)
    sql(database, change)
    schemas = sql(database, SCHEMAS)
    expected = (
        f"Error: The tables differ from those of {INIT}: {difference}.\n"
        "Fix:   Change the tables, or use a database of its own. Nothing was changed.\n"
    )
    assert [await run("--dry-run"), await run()] == [(1, expected)] * 2
    assert sql(database, "SELECT to_regclass('_prisma_migrations')") == [(None,)]
    assert sql(database, SCHEMAS) == schemas


async def test_where_nothing_is_to_do(database: str, run: Run):
    empty = await run()
    await deploy(MIGRATIONS, database)
    assert [empty, await run()] == [(0, "There is nothing to record.\n")] * 2
