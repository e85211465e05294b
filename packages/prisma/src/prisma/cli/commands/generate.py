"""`prisma generate`: generate the clients of a schema once, after a migration, or whenever the schema changes."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from prisma.cli.project.errors import report
from prisma.cli.terminal import progress_line
from prisma.errors import PrismaError
from prisma.schema.files import read_schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

POLL_SECONDS: Final = 0.3
SKIP_VARIABLE: Final = "PRISMA_MIGRATE_SKIP_GENERATE"


def generate_once(
    schema: Path | None = None,
    generators: Sequence[str] = (),
    overrides: Mapping[str, str] | None = None,
) -> None:
    """Generate the schema's clients and say where they are.

    Args:
        schema: a schema file or folder; found if None.
        generators: names of generator blocks; all of ours if empty.
        overrides: options of the generator by name (`interface`, `recursive_type_depth`, …) that override the schema's.

    Raises SchemaError or GeneratorError.
    """
    from prisma import generator
    from prisma.generator.options import ENVIRONMENT_PREFIX

    started = time.perf_counter()
    environment = dict(os.environ)
    for option, value in (overrides or {}).items():
        environment[f"{ENVIRONMENT_PREFIX}{option.upper()}"] = value
    # A relative root makes messages name the schema as the user does.
    with progress_line() as show:
        result = generator.generate(schema, generators=generators, root=Path(), environment=environment, on_step=show)
    milliseconds = round((time.perf_counter() - started) * 1000)
    for warning in result.warnings:
        click.echo(click.style("Warning: ", fg="yellow") + warning, err=True)
    for output in result.outputs:
        click.echo(f"✔ Generated Prisma Client for Python to {_display(output)} in {milliseconds} ms")
    for name in result.others:
        click.echo(f"✔ Generated {name}")


def generate_after_migration(schema: Path | None, *, skip: bool) -> None:
    """Generate the clients of a migrated schema, unless an option or the environment skips it or there are none."""
    if skip or os.environ.get(SKIP_VARIABLE):
        return
    from prisma.generator.project_options import makes_client

    if makes_client(schema, Path()):
        generate_once(schema)


def watch(schema: Path | None, generators: Sequence[str], overrides: Mapping[str, str] | None) -> None:
    """Generate now and after every change of the schema, until Ctrl-C; an error is printed and does not end it."""
    seen: dict[Path, int] | None = None
    try:
        while True:
            now = _modified(schema)
            if now != seen:
                seen = now
                _try(schema, generators, overrides)
                click.echo("Watching the schema. Press Ctrl-C to stop.")
            time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        click.echo()


def _try(schema: Path | None, generators: Sequence[str], overrides: Mapping[str, str] | None) -> None:
    try:
        generate_once(schema, generators, overrides)
    except (PrismaError, OSError) as error:
        report(error)


def _modified(schema: Path | None) -> dict[Path, int]:
    """Return when each file of the schema last changed; nothing while an editor replaces the files."""
    try:
        return {Path(path): Path(path).stat().st_mtime_ns for path, _ in read_schema(schema).files}
    except (PrismaError, OSError):
        return {}


def _display(path: Path) -> str:
    return f"./{path.relative_to(Path.cwd())}" if path.is_relative_to(Path.cwd()) else str(path)
