"""`prisma migrate resolve`: mark a migration as applied or as rolled back, without Node."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from prisma.cli.project.errors import CommandError
from prisma.cli.project.migrations import find_target, uses_lock
from prisma.migrate import mark_applied, mark_rolled_back

if TYPE_CHECKING:
    from pathlib import Path


def migrate_resolve(schema: Path | None, applied: str | None, rolled_back: str | None) -> int:
    """Record that a migration was applied or rolled back, and return the exit code.

    Raises:
        CommandError: not one of the two names was given.
        MigrateError, DataError: why it was not recorded.
    """
    if applied and rolled_back:
        raise CommandError("Pass either --applied or --rolled-back, not both.")
    if not applied and not rolled_back:
        raise CommandError(
            "--applied or --rolled-back must be part of the command like:\n"
            "prisma migrate resolve --applied 20201231000000_example\n"
            "prisma migrate resolve --rolled-back 20201231000000_example"
        )
    target = find_target(schema, needs_engine=False)
    if applied:
        asyncio.run(mark_applied(target.folder, applied, target.url, provider=target.provider, lock=uses_lock()))
    else:
        asyncio.run(mark_rolled_back(rolled_back or "", target.url, provider=target.provider, lock=uses_lock()))
    click.echo(f"Migration {applied or rolled_back} marked as {'applied' if applied else 'rolled back'}.")
    return 0
