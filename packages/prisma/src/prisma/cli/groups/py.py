"""`prisma py`: the names, options and help of its commands."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from prisma.cli.options import generator_option, json_option, schema_option, watch_option

# As in 0.15.0, options of `prisma py` may be given in the environment: PRISMA_PY_GENERATE_SCHEMA and so on.
ENVIRONMENT_PREFIX: Final = "PRISMA_PY"


@click.group(context_settings={"auto_envvar_prefix": ENVIRONMENT_PREFIX})
def py() -> None:
    """Commands that only Prisma for Python has."""


@py.command("generate")
@schema_option
@watch_option
@click.option("--interface", type=click.Choice(["asyncio", "sync"]), help="Over the schema's `interface`.")
@click.option("--partials", help="Over the schema's `partial_type_generator`: a file or a module.")
@click.option("-t", "--type-depth", type=int, help="Over the schema's `recursive_type_depth`.")
@generator_option(envvar=f"{ENVIRONMENT_PREFIX}_GENERATE_GENERATOR")
def py_generate(
    schema: Path | None,
    watch: bool,
    interface: str | None,
    partials: str | None,
    type_depth: int | None,
    generators: tuple[str, ...],
) -> None:
    """Generate the client, with options over the schema's."""
    from prisma.cli.commands import generate

    overrides = {
        "interface": interface,
        "partial_type_generator": partials,
        "recursive_type_depth": None if type_depth is None else str(type_depth),
    }
    given = {name: value for name, value in overrides.items() if value is not None}
    (generate.watch if watch else generate.generate_once)(schema, generators, given)


@py.command("version")
@json_option
def py_version(as_json: bool) -> None:
    """Show what is installed."""
    from prisma.cli.commands.version import render

    click.echo(render(as_json))


@py.command("fetch")
@click.option("--force", is_flag=True, help="Accepted for older scripts.")
def py_fetch(force: bool) -> None:
    """Do nothing: there is no engine to download."""
    del force
    click.echo("Nothing to fetch: the query compiler is part of the package.")


@py.command("warm")
@schema_option
@click.option(
    "--shapes",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Compile the shapes that this file holds; may be repeated.",
)
@click.option(
    "--record", type=click.Path(dir_okay=False, path_type=Path), help="Write the shapes that the cache holds to a file."
)
def py_warm(schema: Path | None, shapes: tuple[Path, ...], record: Path | None) -> None:
    """Compile plans of recorded queries into the cache."""
    from prisma.cli.commands.warm import warm

    warm(schema, shapes, record)


@py.group("dev")
def py_dev() -> None:
    """Commands that 0.15.0 had for its developers."""


@py_dev.command("playground")
@schema_option
@click.option("--skip-generate", is_flag=True, help="Accepted for older scripts.")
def py_dev_playground(schema: Path | None, skip_generate: bool) -> None:
    """Name the command that replaces the playground."""
    del schema, skip_generate
    from prisma.cli.project.errors import CommandError

    raise CommandError(
        "The playground was part of an engine that no longer exists.", "Run `prisma studio` to browse data."
    )
