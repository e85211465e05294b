"""`prisma migrate dev`: create a migration from the schema's changes, apply it, generate, and seed a new database."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import click

from prisma.cli.commands.generate import generate_after_migration
from prisma.cli.commands.seed import seed_after_migration
from prisma.cli.project.errors import CommandError
from prisma.cli.project.migrations import find_target, migration_tree, uses_lock
from prisma.cli.terminal import INTERRUPTED, ask, confirm, is_interactive
from prisma.migrate.development import Development
from prisma.migrate.naming import slug
from prisma.schema.parser import validate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from prisma.cli.project.migrations import Target
    from prisma.schema_engine.answers import Remark

IN_SYNC: Final = "Your database is now in sync with your schema."
NOT_INTERACTIVE: Final = """\
Prisma Migrate has detected that the environment is non-interactive, which is not supported.

`prisma migrate dev` is an interactive command designed to create new migrations and evolve the database in development.
To apply existing migrations in deployments, use prisma migrate deploy.
See https://www.prisma.io/docs/reference/api-reference/command-reference#migrate-deploy"""


def migrate_dev(
    schema: Path | None, name: str | None, *, create_only: bool, skip_generate: bool, skip_seed: bool
) -> int:
    """Bring the schema, its migrations and its database into step, and return the exit code.

    Raises:
        CommandError, SchemaError, MigrateError, SchemaEngineError, DataError: why that is not possible.
        click.exceptions.Exit: the developer declined.
    """
    target = find_target(schema, needs_engine=True)
    validate(target.schema.files)
    development = Development(
        target.folder,
        target.schema.files,
        target.url,
        shadow_url=target.shadow_url,
        lock=uses_lock(),
        on_create=target.say_created,
    )
    with development:
        code = _develop(development, target, name, create_only)
    if code or create_only:
        return code
    generate_after_migration(schema, skip=skip_generate)
    return seed_after_migration(skip=skip_seed) if development.is_new else 0


def _develop(development: Development, target: Target, name: str | None, create_only: bool) -> int:
    reason = development.diagnose()
    if reason is not None:
        click.echo(_reset_advice(target, reason))
        return INTERRUPTED
    pending = development.apply()
    if pending:
        click.echo(f"\nThe following migration(s) have been applied:\n\n{migration_tree(pending)}")
    change = development.evaluate()
    _report_impossible(change.unexecutable, create_only)
    _confirm_losses(change.warnings, create_only)
    created = None
    if change.steps or create_only:
        created = development.create(_migration_name(name), draft=create_only)
    if create_only:
        click.echo(_draft(created or ""))
        return 0
    applied = development.apply() if created else ()
    _report_applied(target.folder, applied, had_pending=bool(pending))
    return 0


def _reset_advice(target: Target, reason: str) -> str:
    return (
        f"{reason}\n{target.place.must_be_reset}\n\n"
        f"You may use {click.style('prisma migrate reset', fg='red')} to drop the development database.\n"
        + click.style("All data will be lost.", fg="red", bold=True)
    )


def _report_impossible(steps: Sequence[Remark], create_only: bool) -> None:
    if not steps:
        return
    lines = "\n".join(f"  • Step {step.step} {step.message}" for step in steps)
    title = click.style("\n⚠️ We found changes that cannot be executed:\n", fg="red", bold=True)
    click.echo()
    if create_only:
        click.echo(f"{title}\n{lines}\n", err=True)
        return
    raise CommandError(
        f"{title}\n{lines}\n\nYou can use prisma migrate dev --create-only to create the migration file, and manually "
        "modify it to address the underlying issue(s).\n"
        "Then run prisma migrate dev to apply it and verify it works.\n"
    )


def _confirm_losses(warnings: Sequence[Remark], create_only: bool) -> None:
    if not warnings:
        return
    click.secho("\n⚠️  Warnings for the current datasource:\n", bold=True)
    click.echo("\n".join(f"  • {warning.message}" for warning in warnings) + "\n")
    if not is_interactive():
        raise CommandError(NOT_INTERACTIVE)
    aim = "create" if create_only else "create and apply"
    confirm(f"Are you sure you want to {aim} this migration?", "Migration cancelled.")


def _migration_name(given: str | None) -> str:
    if not given and is_interactive():
        given = ask("Enter a name for the new migration:", "Canceled by user.")
    return slug(given or "")


def _draft(name: str) -> str:
    return (
        f"Prisma Migrate created the following migration without applying it {name}\n\n"
        f"You can now edit it and apply it by running {click.style('prisma migrate dev', fg='green')}."
    )


def _report_applied(folder: Path, applied: Sequence[str], *, had_pending: bool) -> None:
    if had_pending:
        click.echo()
    if applied:
        tree = migration_tree(applied, os.path.relpath(folder))
        click.echo(f"\nThe following migration(s) have been created and applied from new schema changes:\n\n{tree}\n")
    elif not had_pending:
        click.echo("Already in sync, no schema change or pending migration was found.")
        return
    click.secho(IN_SYNC, fg="green")
