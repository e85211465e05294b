"""`prisma migrate deploy`: apply the migrations that are not applied yet, without Node."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from prisma.cli.project.migrations import find_target, migration_tree, migrations_found, uses_lock
from prisma.migrate import create_database
from prisma.migrate import deploy as apply
from prisma.migrate.folder import migration_names

if TYPE_CHECKING:
    from pathlib import Path

    from prisma.cli.project.migrations import Target


def migrate_deploy(schema: Path | None) -> int:
    """Apply the migrations of a schema's project to its database and return the exit code.

    Raises:
        MigrateError, DataError: why they were not applied.
    """
    return asyncio.run(_deploy(find_target(schema, needs_engine=False)))


async def _deploy(target: Target) -> int:
    if await create_database(target.url):
        click.echo(target.place.created)
    click.echo(f"\n{migrations_found(migration_names(target.folder))}\n")
    done = await apply(target.folder, target.url, lock=uses_lock())
    if not done.applied:
        click.secho("\nNo pending migrations to apply.", fg="green")
        return 0
    click.echo(f"\nThe following migration(s) have been applied:\n\n{migration_tree(done.applied)}")
    click.secho("\nAll migrations have been successfully applied.", fg="green")
    return 0
