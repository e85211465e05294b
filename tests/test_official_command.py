"""Prisma's own command, on a database that the service migrated by itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from prisma.migrate import MigrateError, deploy

ROOT = Path(__file__).resolve().parent.parent


def prisma(folder: Path, url: str, environment: dict[str, str], *words: str) -> tuple[int, str]:
    """Run the command in `folder` and return its exit code and what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "prisma", *words],
        cwd=folder,
        env={**environment, "DATABASE_URL": url, "DIRECT_DATABASE_URL": url, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("status",), "Database schema is up to date!"),
        (("deploy",), "No pending migrations to apply."),
        (
            ("diff", "--from-schema-datasource", "schema.prisma", "--to-schema-datamodel", "schema.prisma"),
            "No difference detected.",
        ),
        # In a shadow database, as `migrate dev` does.
        (
            ("diff", "--from-migrations", "migrations", "--to-schema-datamodel", "schema.prisma"),
            "No difference detected.",
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_finds_everything_as_it_left_it(
    migrated: str, clean_environment: dict[str, str], words: tuple[str, ...], answer: str
):
    code, printed = prisma(ROOT, migrated, clean_environment, "migrate", *words)
    assert code == 0, printed
    assert answer in printed


async def test_sees_a_migration_that_failed(database: str, clean_environment: dict[str, str], tmp_path: Path):
    broken = tmp_path / "migrations" / "1_broken"
    broken.mkdir(parents=True)
    (broken / "migration.sql").write_text("SELECT 1/0;")
    (tmp_path / "migrations" / "migration_lock.toml").write_text('provider = "postgresql"\n')
    (tmp_path / "schema.prisma").write_text(
        'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'
    )
    with pytest.raises(MigrateError):
        await deploy(tmp_path / "migrations", database)

    code, printed = prisma(tmp_path, database, clean_environment, "migrate", "deploy")
    assert code == 1
    assert "P3009" in printed
    assert "The `1_broken` migration started at" in printed
