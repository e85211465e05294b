"""`prisma db push`: make the database like the schema, without a migration, and generate."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import click

from prisma.cli.commands.generate import generate_after_migration
from prisma.cli.consent import require_consent
from prisma.cli.project.errors import CommandError
from prisma.cli.project.migrations import find_target, uses_lock
from prisma.cli.terminal import confirm, is_interactive
from prisma.migrate.kinds import database_at
from prisma.schema.parser import validate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from prisma.schema_engine import SchemaEngine

NOT_INTERACTIVE: Final = (
    "Use the --accept-data-loss flag to ignore the data loss warnings like prisma db push --accept-data-loss"
)
SECOND: Final = 1000  # milliseconds


def db_push(schema: Path | None, *, accept_data_loss: bool, force_reset: bool, skip_generate: bool) -> int:
    """Make a schema's database like the schema, and return the exit code.

    Raises:
        CommandError, SchemaError, MigrateError, SchemaEngineError, DataError: why that is not possible.
        click.exceptions.Exit: the developer declined.
    """
    target = find_target(schema, needs_engine=True)
    validate(target.schema.files)
    if force_reset:
        require_consent()
    database = database_at(target.url, provider=target.provider)
    # Only to empty all schemas of the database, the engine must know them beforehand.
    known = target.schema.files if force_reset else ()
    with database.engine(known, lock=uses_lock(), on_create=target.say_created) as engine:
        if force_reset:
            database.empty(engine)
            click.echo(target.place.was_reset)
        _push(engine, target.schema.files, accept_data_loss=accept_data_loss, was_reset=force_reset)
    generate_after_migration(schema, skip=skip_generate)
    return 0


def _push(engine: SchemaEngine, files: Sequence[tuple[str, str]], *, accept_data_loss: bool, was_reset: bool) -> None:
    started = time.monotonic()
    done = engine.schema_push(files, force=accept_data_loss)
    if done.unexecutable:
        raise CommandError(_unexecutable_message(done.unexecutable))
    if done.warnings:
        click.echo(_warning_message(done.warnings))
        if not accept_data_loss:
            _confirm()
            engine.schema_push(files, force=True)
    if was_reset or done.warnings or done.executed_steps:
        took = _duration(round((time.monotonic() - started) * SECOND))
        click.echo(f"\n🚀  Your database is now in sync with your Prisma schema. Done in {took}")
    else:
        click.echo("\nThe database is already in sync with the Prisma schema.")


def _confirm() -> None:
    if not is_interactive():
        raise CommandError(NOT_INTERACTIVE)
    confirm("Do you want to ignore the warning(s)?", "Push cancelled.")


def _unexecutable_message(reasons: Sequence[str]) -> str:
    return "\n".join(
        (
            "\n⚠️ We found changes that cannot be executed:\n",
            *(f"  • {reason}" for reason in reasons),
            "\nYou may use the --force-reset flag to drop the database before push like prisma db push --force-reset",
            "All data will be lost.",
        )
    )


def _warning_message(warnings: Sequence[str]) -> str:
    lines = "".join(f"  • {warning}\n\n" for warning in warnings)
    return click.style("\n⚠️  There might be data loss when applying the changes:\n", bold=True) + f"\n{lines}"


def _duration(milliseconds: int) -> str:
    return f"{milliseconds}ms" if milliseconds < SECOND else f"{milliseconds / SECOND:.2f}s"
