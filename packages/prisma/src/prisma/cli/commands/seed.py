"""`prisma db seed`: run the command that `[tool.prisma] seed` in pyproject.toml names."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from typing import TYPE_CHECKING

import click

from prisma.cli.child_process import run_child
from prisma.cli.project.database import provide_database
from prisma.cli.project.errors import CommandError
from prisma.cli.project.settings import PYPROJECT, text_setting

if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLE = '[tool.prisma]\nseed = "python prisma_seed.py"'
SKIP_VARIABLE = "PRISMA_MIGRATE_SKIP_SEED"
PYTHON_NAMES = frozenset({"python", "python3"})


def seed_command() -> str | None:
    """Return the seed command of the project in the working directory, or None if it has none."""
    return text_setting("seed", EXAMPLE)


def seed(arguments: Sequence[str]) -> int:
    """Run the project's seed with further arguments and return the exit code.

    Raises CommandError if the project names no seed.
    """
    command = seed_command()
    if command is None:
        raise CommandError("This project has no seed.", f"Name one in {PYPROJECT}:\n\n{EXAMPLE}")
    return _run(command, arguments)


def seed_after_migration(*, skip: bool) -> int:
    """Run the seed if the project names one, unless an option or the environment skips it; return the exit code."""
    command = None if skip or os.environ.get(SKIP_VARIABLE) else seed_command()
    if command is None:
        return 0
    click.echo()
    return _run(command, [])


def _run(command: str, arguments: Sequence[str]) -> int:
    words = [*shlex.split(command), *arguments]
    click.echo(f"Running seed command `{shlex.join(words)}` ...")
    program = sys.executable if words[0] in PYTHON_NAMES else shutil.which(words[0])
    if program is None:
        raise CommandError(f"The seed's program {words[0]} is not on PATH.")
    provide_database()
    code = run_child([program, *words[1:]])
    if code:
        click.secho("\nAn error occurred while running the seed command.", fg="red", err=True)
        return 1
    click.echo("\n🌱  The seed command has been executed.")
    return 0
