"""`prisma migrate status`: say which migrations are not applied, without Node."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import click

from prisma.cli.project.migrations import SHOWN_FOLDER, find_target, migrations_found
from prisma.migrate import status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from prisma.migrate import Status

RESOLVE_PAGE: Final = "https://pris.ly/d/migrate-resolve"
BASELINE_PAGE: Final = "https://pris.ly/d/migrate-baseline"


def migrate_status(schema: Path | None) -> int:
    """Say how the migrations and the database differ, and return the exit code: 0 if they don't.

    Raises:
        MigrateError, DataError: why they can't be compared.
    """
    target = find_target(schema, needs_engine=False)
    found = asyncio.run(status(target.folder, target.url, provider=target.provider))
    click.echo(migrations_found(found.found))
    return _report(found)


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
