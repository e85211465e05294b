"""`prisma migrate deploy`: apply the migrations that are not applied yet, without Node."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

import click

from prisma.cli.project.migrations import find_target, migration_tree, migrations_found, uses_lock
from prisma.cli.terminal import progress_line
from prisma.migrate import create_database
from prisma.migrate import deploy as apply
from prisma.migrate.folder import migration_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from prisma.cli.project.migrations import Target

# From so many migrations on, a terminal shows which one is applied.
MANY: Final = 20


def migrate_deploy(schema: Path | None) -> int:
    """Apply the migrations of a schema's project to its database and return the exit code.

    Raises:
        MigrateError, DataError: why they were not applied.
    """
    return asyncio.run(_deploy(find_target(schema, needs_engine=False)))


async def _deploy(target: Target) -> int:
    if await create_database(target.url):
        click.echo(target.place.created)
    names = migration_names(target.folder)
    click.echo(f"\n{migrations_found(names)}\n")
    with progress_line() if len(names) >= MANY else nullcontext() as show:
        told = None if show is None else _teller(names, show)
        done = await apply(target.folder, target.url, provider=target.provider, on_apply=told, lock=uses_lock())
    if not done.applied:
        click.secho("\nNo pending migrations to apply.", fg="green")
        return 0
    click.echo(f"\nThe following migration(s) have been applied:\n\n{migration_tree(done.applied)}")
    click.secho("\nAll migrations have been successfully applied.", fg="green")
    return 0


def _teller(names: Sequence[str], show: Callable[[str], None]) -> Callable[[str], None]:
    """Return a function that shows which migration is applied, and how far that is."""
    numbers = {name: number for number, name in enumerate(names, 1)}
    return lambda name: show(f"Applying migration {numbers[name]} of {len(names)}: {name}")
