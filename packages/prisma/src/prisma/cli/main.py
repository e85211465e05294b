"""The command line: names, options and help. What a command does stands in its own module, loaded when it runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prisma.cli.official.options import OfficialCommand, official_options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

INTERRUPTED = 130
USAGE_ERROR = 2

# Words that go to the official CLI as they are, with its own help.
PASSED_ON: dict[str, Any] = {"ignore_unknown_options": True, "help_option_names": []}
# As in 0.15.0 the environment stands in for options of `prisma py`: PRISMA_PY_GENERATE_SCHEMA and so on.
ENVIRONMENT_PREFIX = "PRISMA_PY"

MIGRATE = {
    "dev": "Create a migration from the schema's changes, apply it, and generate.",
    "reset": "Empty the database, apply all migrations, generate and seed.",
    "diff": "Compare two schemas: files, migrations or databases.",
}
DB = {
    "push": "Make the database like the schema, without a migration.",
    "pull": "Make the schema like the database.",
    "execute": "Run a SQL script.",
}

schema_option = click.option("--schema", type=click.Path(path_type=Path), help="The schema's file or folder.")
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON.")


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command with the arguments (default: the process's) and return the exit code."""
    from prisma.cli.project.failure import report
    from prisma.errors import PrismaError

    try:
        from prisma.cli.project.environment import load_environment

        load_environment()
        code = prisma.main(arguments, prog_name="prisma", standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.UsageError as error:
        error.show()
        return USAGE_ERROR
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output left, e.g. `| head`; nothing may be written any more, not even at exit.
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
@click.option("--watch", is_flag=True, help="Generate again whenever the schema changes.")
@click.option("--generator", "generators", multiple=True, help="Only this generator block; may be repeated.")
def generate(schema: Path | None, watch: bool, generators: tuple[str, ...]) -> None:
    """Generate the client from the schema."""
    _generate(schema, watch, generators)


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
    """Lay out the schema."""
    from prisma.cli.commands.validate import format_schema

    return format_schema(schema, check)


@prisma.command()
@json_option
def version(as_json: bool) -> None:
    """Show what is installed."""
    _echo_versions(as_json)


@prisma.command()
@click.option("--datasource-provider", default="postgresql", type=click.Choice(["postgresql"]), show_default=True)
@click.option("--generator-provider", default="prisma-client-py", show_default=True)
@click.option("--output", help="Where the client goes; by default into the installed package.")
@click.option("--preview-feature", "preview_features", multiple=True, help="May be repeated.")
@click.option("--url", help="The database URL, written into .env.")
@click.option("--with-model", is_flag=True, help="Add an example model.")
def init(
    datasource_provider: str,
    generator_provider: str,
    output: str | None,
    preview_features: tuple[str, ...],
    url: str | None,
    with_model: bool,
) -> None:
    """Start a schema in this folder."""
    from prisma.cli.commands.init import NewProject, initialise

    initialise(NewProject(datasource_provider, generator_provider, output, preview_features, url, with_model))


@prisma.command()
@schema_option
@click.option("--url", help="The database, instead of the schema's.")
@click.option("-p", "--port", type=click.IntRange(1, 65535), default=5555, show_default=True)
@click.option("-n", "--hostname", default="localhost", help="Accepted for localhost only.")
@click.option("-b", "--browser", help="The browser to open, or none.")
def studio(schema: Path | None, url: str | None, port: int, hostname: str, browser: str | None) -> int:
    """Browse the data, on this machine only."""
    from prisma.cli.commands.studio import studio as open_studio

    return open_studio(schema, url, port, hostname, browser)


@prisma.group()
def migrate() -> None:
    """Migrate the database."""


@migrate.command("deploy", cls=OfficialCommand)
@official_options
def migrate_deploy(schema: Path | None) -> int:
    """Apply the migrations that are not applied yet.

    It asks nothing and resets nothing; a database that does not exist is created.
    """
    from prisma.cli.commands.migrate_deploy import deploy

    return deploy(schema)


@migrate.command("status", cls=OfficialCommand)
@official_options
def migrate_status(schema: Path | None) -> int:
    """Say which migrations are not applied; exit with 1 if there are any, or if some failed."""
    from prisma.cli.commands.migrate_deploy import status

    return status(schema)


@migrate.command("resolve", cls=OfficialCommand)
@official_options
@click.option("--applied", metavar="NAME", help="It is in force: by hand, or from before there was a history.")
@click.option("--rolled-back", metavar="NAME", help="It failed, and what it did was undone: have it run again.")
def migrate_resolve(schema: Path | None, applied: str | None, rolled_back: str | None) -> int:
    """Mark a migration as applied or as rolled back; nothing is run."""
    from prisma.cli.commands.migrate_deploy import resolve

    return resolve(schema, applied, rolled_back)


@prisma.group()
def db() -> None:
    """Work on the database itself."""


@db.command(context_settings=PASSED_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def seed(arguments: tuple[str, ...]) -> int:
    """Run the project's seed; words after -- are handed to it."""
    from prisma.cli.commands.seed import seed as run_seed

    return run_seed(arguments)


@prisma.group(context_settings={"auto_envvar_prefix": ENVIRONMENT_PREFIX})
def py() -> None:
    """What only Prisma for Python has."""


@py.command("generate")
@schema_option
@click.option("--watch", is_flag=True, help="Generate again whenever the schema changes.")
@click.option("--interface", type=click.Choice(["asyncio", "sync"]), help="Over the schema's `interface`.")
@click.option("--partials", help="Over the schema's `partial_type_generator`: a file or a module.")
@click.option("-t", "--type-depth", type=int, help="Over the schema's `recursive_type_depth`.")
@click.option(
    "--generator",
    "generators",
    multiple=True,
    envvar=f"{ENVIRONMENT_PREFIX}_GENERATE_GENERATOR",
    help="Only this generator block; may be repeated.",
)
def py_generate(
    schema: Path | None,
    watch: bool,
    interface: str | None,
    partials: str | None,
    type_depth: int | None,
    generators: tuple[str, ...],
) -> None:
    """Generate the client, with options over the schema's."""
    overrides = {
        "interface": interface,
        "partial_type_generator": partials,
        "recursive_type_depth": None if type_depth is None else str(type_depth),
    }
    _generate(schema, watch, generators, {name: value for name, value in overrides.items() if value is not None})


@py.command("version")
@json_option
def py_version(as_json: bool) -> None:
    """Show what is installed."""
    _echo_versions(as_json)


@py.command("fetch")
@click.option("--force", is_flag=True, help="Accepted for older scripts.")
def py_fetch(force: bool) -> None:
    """Do nothing: there is no engine to download any more."""
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
    """Compile into the cache what the first queries of a process need."""
    from prisma.cli.commands.warm import warm

    warm(schema, shapes, record)


@py.group("dev")
def py_dev() -> None:
    """Commands that 0.15.0 had for its developers."""


@py_dev.command("playground")
@schema_option
@click.option("--skip-generate", is_flag=True, help="Accepted for older scripts.")
def py_dev_playground(schema: Path | None, skip_generate: bool) -> None:
    """Say what took the playground's place."""
    del schema, skip_generate
    from prisma.cli.project.failure import CommandError

    raise CommandError("The playground was part of the engine that is no more.", "Run `prisma studio` to browse data.")


def _generate(
    schema: Path | None, watch: bool, generators: tuple[str, ...], overrides: dict[str, str] | None = None
) -> None:
    from prisma.cli.commands import generate

    (generate.watch if watch else generate.generate_once)(schema, generators, overrides)


def _passed_on(group: click.Group, name: str, words: str) -> None:
    """Add a command that the official CLI does."""

    def command(arguments: tuple[str, ...]) -> int:
        from prisma.cli.commands.migrate_dev import migrate as run_official

        return run_official(f"{group.name} {name}", arguments)

    body: Callable[..., int] = click.argument("arguments", nargs=-1, type=click.UNPROCESSED)(command)
    group.command(name, context_settings=PASSED_ON, help=words)(body)


for _group, _commands in ((migrate, MIGRATE), (db, DB)):
    for _name, _words in _commands.items():
        _passed_on(_group, _name, _words)
