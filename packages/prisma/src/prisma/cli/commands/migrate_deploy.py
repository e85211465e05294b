"""`prisma migrate deploy`, `status` and `resolve`, without Node.

Programs read what these commands print, so the words are those of Prisma's own.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from prisma.cli.project.database import migration_database
from prisma.cli.project.failure import CommandError
from prisma.cli.project.schema_files import SchemaFiles, read_schema
from prisma.drivers.postgresql.url import parse_url
from prisma.migrate import create_database, mark_applied, mark_rolled_back
from prisma.migrate import deploy as apply
from prisma.migrate import status as compare
from prisma.migrate.folder import migration_names
from prisma.migrate.session import translated
from prisma.schema.text import blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma.migrate import Status

MIGRATIONS = "migrations"
# What the official CLI calls the folder, wherever it is.
SHOWN_FOLDER = "prisma/migrations"
WITHOUT_LOCK = "PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK"
RESOLVE_PAGE = "https://pris.ly/d/migrate-resolve"
BASELINE_PAGE = "https://pris.ly/d/migrate-baseline"


@dataclass(frozen=True, slots=True)
class Target:
    """The migrations folder, and the database they are for; `database` and `place` are for messages."""

    folder: Path
    url: str = field(repr=False)
    database: str
    place: str


def deploy(schema: Path | None) -> int:
    """Apply the migrations of a schema's project to its database and return the exit code.

    Raises:
        MigrateError, DataError: why they were not applied.
    """
    target = _target(read_schema(schema))
    return asyncio.run(_deploy(target))


def status(schema: Path | None) -> int:
    """Say how the migrations and the database differ, and return the exit code: 0 if they don't.

    Raises:
        MigrateError, DataError: why they can't be compared.
    """
    target = _target(read_schema(schema))
    found = asyncio.run(compare(target.folder, target.url))
    click.echo(_count(found.found))
    return _report(found)


def resolve(schema: Path | None, applied: str | None, rolled_back: str | None) -> int:
    """Note what became of a migration and return the exit code.

    Raises:
        CommandError: not one of the two names was given.
        MigrateError, DataError: why it was not noted.
    """
    if applied and rolled_back:
        raise CommandError("Pass either --applied or --rolled-back, not both.")
    if not applied and not rolled_back:
        raise CommandError(
            "--applied or --rolled-back must be part of the command like:\n"
            "prisma migrate resolve --applied 20201231000000_example\n"
            "prisma migrate resolve --rolled-back 20201231000000_example"
        )
    target = _target(read_schema(schema))
    if applied:
        asyncio.run(mark_applied(target.folder, applied, target.url, lock=_locks()))
    else:
        asyncio.run(mark_rolled_back(rolled_back or "", target.url, lock=_locks()))
    click.echo(f"Migration {applied or rolled_back} marked as {'applied' if applied else 'rolled back'}.")
    return 0


def _locks() -> bool:
    return not os.environ.get(WITHOUT_LOCK)


async def _deploy(target: Target) -> int:
    if await create_database(target.url):
        click.echo(f"PostgreSQL database {target.database} created at {target.place}")
    click.echo(f"\n{_count(migration_names(target.folder))}\n")
    done = await apply(target.folder, target.url, lock=_locks())
    if not done.applied:
        click.secho("\nNo pending migrations to apply.", fg="green")
        return 0
    lines = [f"  └─ {name}/\n    └─ migration.sql" for name in done.applied]
    click.echo("\n".join(["\nThe following migration(s) have been applied:\n", "migrations/", *lines]))
    click.secho("\nAll migrations have been successfully applied.", fg="green")
    return 0


def _target(schema: SchemaFiles) -> Target:
    """Say which schema and database it is, and return both."""
    url = migration_database(schema).url
    with translated(connecting=True):
        options = parse_url(url)
    file, name = _datasource(schema)
    local = options.socket_folder
    place = f"unix:{local}" if local else f"{options.host}:{options.port}"
    click.echo(f"Prisma schema loaded from {os.path.relpath(schema.path)}")
    click.echo(
        f'Datasource "{name}": PostgreSQL database "{options.database}", schema "{options.schema}" at "{place}"\n'
    )
    return Target(file.parent / MIGRATIONS, url, options.database, place)


def _datasource(schema: SchemaFiles) -> tuple[Path, str]:
    """Return the file that holds the datasource, beside which the migrations are, and the datasource's name."""
    for path, text in schema.files:
        for block in blocks(text):
            if block.kind == "datasource":
                return Path(path), block.name
    return Path(schema.files[0][0]), "db"


def _count(names: Sequence[str]) -> str:
    number = len(names)
    return f"{number or 'No'} migration{'s' if number > 1 else ''} found in {SHOWN_FOLDER}"


def _report(found: Status) -> int:
    if found.unapplied and found.missing:
        click.echo(_diverged(found), err=True)
    elif found.unapplied:
        click.echo(_unapplied(found.unapplied))
    elif not found.has_history:
        click.echo(
            "The current database is not managed by Prisma Migrate.\n\n"
            f"Read more about how to baseline an existing production database:\n{BASELINE_PAGE}",
            err=True,
        )
    elif found.failed:
        click.echo(_failed(found.failed), err=True)
    else:
        click.secho("\nDatabase schema is up to date!", fg="green")
        return 0
    return 1


def _diverged(found: Status) -> str:
    return (
        "Your local migration history and the migrations table from your database are different:\n\n"
        f"The last common migration is: {found.last_common or 'null'}\n\n"
        f"The migration{_s(found.unapplied)} have not yet been applied:\n{_lines(found.unapplied)}\n\n"
        f"The migration{_s(found.missing)} from the database are not found locally in {SHOWN_FOLDER}:\n"
        f"{_lines(found.missing)}"
    )


def _unapplied(names: Sequence[str]) -> str:
    return (
        f"Following migration{_s(names)} have not yet been applied:\n{_lines(names)}\n\n"
        "To apply migrations in development run prisma migrate dev.\n"
        "To apply migrations in production run prisma migrate deploy."
    )


def _failed(names: Sequence[str]) -> str:
    return (
        f"Following migration{_s(names)} have failed:\n{_lines(names)}\n\n"
        "During development if the failed migration(s) have not been deployed to a production database you can then "
        "fix the migration(s) and run prisma migrate dev.\n\n"
        "The failed migration(s) can be marked as rolled back or applied:\n\n"
        "- If you rolled back the migration(s) manually:\n"
        f'prisma migrate resolve --rolled-back "{names[0]}"\n\n'
        "- If you fixed the database manually (hotfix):\n"
        f'prisma migrate resolve --applied "{names[0]}"\n\n'
        f"Read more about how to resolve migration issues in a production database:\n{RESOLVE_PAGE}"
    )


def _s(names: Sequence[str]) -> str:
    return "s" if len(names) > 1 else ""


def _lines(names: Sequence[str]) -> str:
    return "\n".join(names)
