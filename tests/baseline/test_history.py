"""A database that the TypeScript application made first, with migrations of its own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.baseline.history import check_baseline
from app.errors import FatalError
from prisma.migrate import deploy, mark_applied

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
INIT = "20261123050348_init"
HISTORY = "SELECT migration_name, finished_at IS NOT NULL FROM _prisma_migrations ORDER BY started_at, migration_name"


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """Their folder of migrations: the same tables by another name."""
    shutil.copytree(MIGRATIONS / INIT, tmp_path / "20260101000000_start")
    shutil.copy(MIGRATIONS / "migration_lock.toml", tmp_path)
    return tmp_path


async def test_their_history_is_refused_before_anything_runs(
    database: str, theirs: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("UV_RUN_RECURSION_DEPTH", raising=False)
    await deploy(theirs, database)
    with pytest.raises(FatalError) as refused:
        await check_baseline(MIGRATIONS, database)
    before = history(database)
    await mark_applied(MIGRATIONS, INIT, database)
    await check_baseline(MIGRATIONS, database)
    done = await deploy(MIGRATIONS, database)
    assert refused.value.message == (
        f"The database has the tables of {INIT} already, but its history does not have that migration."
    )
    assert refused.value.fix == "Compare and record them: python -m app.baseline, then start again."
    assert before == [("20260101000000_start", True)]
    assert (INIT in done.applied, len(done.applied)) == (False, len(done.found) - 1)
    assert all(finished for _, finished in history(database))


async def test_other_databases_pass(database: str, theirs: Path):
    absent = database.replace("/test_", "/absent_")
    await check_baseline(MIGRATIONS, database)
    await check_baseline(MIGRATIONS, absent)
    await deploy(MIGRATIONS, database)
    await check_baseline(MIGRATIONS, database)


def history(url: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(HISTORY).fetchall()
