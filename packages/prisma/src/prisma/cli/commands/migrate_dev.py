"""`prisma migrate dev`: create a migration from the schema's changes, apply it, generate, and seed a new database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.cli.commands.generate import generate_after_migration
from prisma.cli.commands.seed import seed_after_migration
from prisma.cli.official.database import run_on_schema

if TYPE_CHECKING:
    from collections.abc import Sequence


def migrate_dev(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    outcome = run_on_schema("migrate dev", arguments, may_create=True)
    if outcome.exit_code or "--create-only" in arguments:
        return outcome.exit_code
    generate_after_migration(arguments)
    return seed_after_migration(arguments) if outcome.created_database else 0
