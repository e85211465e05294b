"""The command line: its groups, and the names, options and help of the commands outside of them.

The work of a command is in its module in `prisma.cli.commands`, which is loaded when the command runs.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from prisma.cli.groups.db import db
from prisma.cli.groups.migrate import migrate
from prisma.cli.groups.py import py
from prisma.cli.options import generator_option, json_option, schema_option, watch_option
from prisma.cli.terminal import INTERRUPTED
from prisma.schema.datasource import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Sequence

USAGE_ERROR: Final = 2
# See https://no-color.org; Prisma's own command heeds it, too.
NO_COLOR: Final = "NO_COLOR"


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command with the arguments (default: the process's) and return the exit code."""
    from prisma.cli.project.errors import report
    from prisma.errors import PrismaError

    try:
        from prisma.cli.project.environment import load_environment

        load_environment()
        color = False if os.environ.get(NO_COLOR) else None
        code = prisma.main(arguments, prog_name="prisma", standalone_mode=False, color=color)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.UsageError as error:
        error.show()
        return USAGE_ERROR
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has ended, for example `| head`: nothing may be written any more, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except (PrismaError, OSError) as error:
        return report(error)
    return code if isinstance(code, int) else 0


def _show_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        _echo_versions(bool(context.params.get("as_json")))
        context.exit()


def _echo_versions(as_json: bool) -> None:
    from prisma.cli.commands.version import render

    click.echo(render(as_json))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--json", "as_json", is_flag=True, is_eager=True, help="With --version: as JSON.")
@click.option(
    "-v", "--version", is_flag=True, expose_value=False, callback=_show_version, help="Show what is installed."
)
def prisma(as_json: bool) -> None:
    """Prisma for Python: the schema, the client, migrations and Studio."""
    del as_json


@prisma.command()
@schema_option
@watch_option
@generator_option()
def generate(schema: Path | None, watch: bool, generators: tuple[str, ...]) -> None:
    """Generate the client from the schema."""
    from prisma.cli.commands import generate

    (generate.watch if watch else generate.generate_once)(schema, generators, None)


@prisma.command()
@schema_option
def validate(schema: Path | None) -> None:
    """Check the schema."""
    from prisma.cli.commands.validate import validate_schema

    validate_schema(schema)


@prisma.command("format")
@schema_option
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if something would change.")
def format_command(schema: Path | None, check: bool) -> int:
    """Format the schema."""
    from prisma.cli.commands.format import format_schema

    return format_schema(schema, check)


@prisma.command()
@json_option
def version(as_json: bool) -> None:
    """Show what is installed."""
    _echo_versions(as_json)


@prisma.command()
@click.option(
    "--datasource-provider",
    # The second is another word for the first.
    type=click.Choice([word for word in PROVIDERS if word != "postgres"]),
    help="By default that of the URL, or postgresql.",
)
@click.option("--generator-provider", default="prisma-client-py", show_default=True)
@click.option("--output", help="Where the client goes; by default into the installed package.")
@click.option("--preview-feature", "preview_features", multiple=True, help="May be repeated.")
@click.option("--url", help="The database URL, written into .env.")
@click.option("--with-model", is_flag=True, help="Add an example model.")
def init(
    datasource_provider: str | None,
    generator_provider: str,
    output: str | None,
    preview_features: tuple[str, ...],
    url: str | None,
    with_model: bool,
) -> None:
    """Start a schema in this folder."""
    from prisma.cli.commands.init import NewProject, initialise, provider_of

    provider = provider_of(datasource_provider, url)
    initialise(NewProject(provider, generator_provider, output, preview_features, url, with_model))


@prisma.command()
@schema_option
@click.option("--url", help="The database, instead of the schema's.")
@click.option("-p", "--port", type=click.IntRange(1, 65535), help="By default 5555, or the next one that is free.")
@click.option("-n", "--hostname", default="localhost", help="Accepted for localhost only.")
@click.option("-b", "--browser", help="The browser to open, or none.")
def studio(schema: Path | None, url: str | None, port: int | None, hostname: str, browser: str | None) -> int:
    """Browse the data, on this machine only."""
    from prisma.cli.commands.studio import studio as open_studio

    return open_studio(schema, url, port, hostname, browser)


for group in (migrate, db, py):
    prisma.add_command(group)
