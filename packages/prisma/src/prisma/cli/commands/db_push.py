"""`prisma db push`: make the database like the schema, without a migration, and generate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from prisma.cli.commands.generate import generate_after_migration
from prisma.cli.official.arguments import peek_option
from prisma.cli.official.database import run_on_schema

if TYPE_CHECKING:
    from collections.abc import Sequence


def db_push(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    outcome = run_on_schema("db push", arguments, may_create=True)
    if not outcome.exit_code:
        named = peek_option(arguments, "--schema")
        generate_after_migration(Path(named) if named else None, skip="--skip-generate" in arguments)
    return outcome.exit_code
