"""`prisma migrate reset`: empty the database, apply all migrations, generate and seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from prisma.cli.commands.generate import generate_after_migration
from prisma.cli.commands.seed import seed_after_migration
from prisma.cli.consent import require_consent
from prisma.cli.project.errors import CommandError
from prisma.cli.project.migrations import find_target, migration_tree, uses_lock
from prisma.cli.terminal import confirm, is_interactive
from prisma.migrate.development import reset
from prisma.schema.parser import validate

if TYPE_CHECKING:
    from pathlib import Path

NOT_INTERACTIVE: Final = """\
Prisma Migrate has detected that the environment is non-interactive. It is recommended to run this command in an \
interactive environment.

Use --force to run this command without user interaction.
See https://www.prisma.io/docs/reference/api-reference/command-reference#migrate-reset"""


def migrate_reset(schema: Path | None, *, force: bool, skip_generate: bool, skip_seed: bool) -> int:
    """Make a schema's database anew from its migrations, and return the exit code.

    Raises:
        CommandError, SchemaError, MigrateError, SchemaEngineError, DataError: why that is not possible.
        click.exceptions.Exit: the developer declined.
    """
    target = find_target(schema, needs_engine=True)
    validate(target.schema.files)
    if not force:
        _confirm()
    require_consent()
    applied = reset(target.folder, target.schema.files, target.url, lock=uses_lock(), on_create=target.say_created)
    click.secho("Database reset successful\n" if not applied else "\nDatabase reset successful", fg="green")
    if applied:
        click.echo(f"\nThe following migration(s) have been applied:\n\n{migration_tree(applied)}")
    generate_after_migration(schema, skip=skip_generate)
    return seed_after_migration(skip=skip_seed)


def _confirm() -> None:
    if not is_interactive():
        raise CommandError(NOT_INTERACTIVE)
    lost = click.style("All data will be lost", fg="red")
    confirm(f"Are you sure you want to reset your database? {lost}.", "Reset cancelled.")
