"""The command line: the names, options and help of all commands.

The work of a command is in its module in `prisma.cli.commands`, which is loaded when the command runs.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from prisma.cli.options import UNREAD, OfficialCommand, refuse_config, unread_arguments
from prisma.cli.terminal import INTERRUPTED
from prisma.schema.datasource import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prisma.cli.options import C

USAGE_ERROR: Final = 2
# See https://no-color.org; Prisma's own command heeds it, too.
NO_COLOR: Final = "NO_COLOR"

# As in 0.15.0, options of `prisma py` may be given in the environment: PRISMA_PY_GENERATE_SCHEMA and so on.
ENVIRONMENT_PREFIX: Final = "PRISMA_PY"

schema_option = click.option("--schema", type=click.Path(path_type=Path), help="The schema's file or folder.")
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON.")
skip_generate_option = click.option("--skip-generate", is_flag=True, help="Don't generate the client afterwards.")
skip_seed_option = click.option("--skip-seed", is_flag=True, help="Don't run the project's seed afterwards.")
watch_option = click.option("--watch", is_flag=True, help="Generate again whenever the schema changes.")


def side_options(word: str) -> Callable[[C], C]:
    """Give a command the options of one side of a comparison; `word` is `from` or `to`."""
    path = click.Path(path_type=Path)
    options = (
        click.option(f"--{word}-empty", is_flag=True, help="Nothing."),
        click.option(f"--{word}-url", help="The database of a URL."),
        click.option(
            f"--{word}-schema-datamodel",
            f"--{word}-schema",
            f"{word}_models",
            type=path,
            help="The models of a schema.",
        ),
        click.option(f"--{word}-schema-datasource", f"{word}_datasource", type=path, help="The database of a schema."),
        click.option(
            f"--{word}-config-datasource",
            f"{word}_project_datasource",
            is_flag=True,
            help="The database of the project's schema.",
        ),
        click.option(f"--{word}-migrations", type=path, help="A folder of migrations."),
    )

    def add(command: C) -> C:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def generator_option(envvar: str | None = None) -> Callable[[C], C]:
    """Give a command the option `--generator`."""
    return click.option(
        "--generator", "generators", multiple=True, envvar=envvar, help="Only this generator; may be repeated."
    )


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
    "--datasource-provider", default=PROVIDERS[0], type=click.Choice(["postgresql", "sqlite"]), show_default=True
)
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
@click.option("-p", "--port", type=click.IntRange(1, 65535), help="By default 5555, or the next one that is free.")
@click.option("-n", "--hostname", default="localhost", help="Accepted for localhost only.")
@click.option("-b", "--browser", help="The browser to open, or none.")
def studio(schema: Path | None, url: str | None, port: int | None, hostname: str, browser: str | None) -> int:
    """Browse the data, on this machine only."""
    from prisma.cli.commands.studio import studio as open_studio

    return open_studio(schema, url, port, hostname, browser)


@prisma.group()
def migrate() -> None:
    """Migrate the database."""


@migrate.command("dev", cls=OfficialCommand)
@schema_option
@click.option("-n", "--name", help="The name of the migration; asked for if it is needed and not given.")
@click.option("--create-only", is_flag=True, help="Only write the migration, to edit it before it is applied.")
@skip_generate_option
@skip_seed_option
@refuse_config
def migrate_dev(schema: Path | None, name: str | None, create_only: bool, skip_generate: bool, skip_seed: bool) -> int:
    """Create a migration from the schema's changes, apply it, and generate.

    Migrations that wait to be applied are applied first. A database that does not exist is created, and seeded.
    """
    from prisma.cli.commands.migrate_dev import migrate_dev

    return migrate_dev(schema, name, create_only=create_only, skip_generate=skip_generate, skip_seed=skip_seed)


@migrate.command("reset", cls=OfficialCommand)
@schema_option
@click.option("-f", "--force", is_flag=True, help="Don't ask.")
@skip_generate_option
@skip_seed_option
@refuse_config
def migrate_reset(schema: Path | None, force: bool, skip_generate: bool, skip_seed: bool) -> int:
    """Empty the database, apply all migrations, generate and seed.

    All data is lost.
    """
    from prisma.cli.commands.migrate_reset import migrate_reset

    return migrate_reset(schema, force=force, skip_generate=skip_generate, skip_seed=skip_seed)


@migrate.command("diff", cls=OfficialCommand)
@side_options("from")
@side_options("to")
@click.option("--schema", type=click.Path(path_type=Path), help="The schema of --from-config-datasource.")
@click.option("--shadow-database-url", help="A database that may be emptied to apply migrations in.")
@click.option("--script", is_flag=True, help="Write SQL instead of a summary.")
@click.option("--exit-code", is_flag=True, help="Exit with 2 if there is a difference.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file.")
@refuse_config
def migrate_diff(
    schema: Path | None,
    shadow_database_url: str | None,
    script: bool,
    exit_code: bool,
    output: Path | None,
    **sides: Any,
) -> int:
    """Compare two schemas, one --from-… and one --to-…: files, migrations, or a database.

    The difference is what has to be done to the first to get the second. Nothing is changed. Migrations are applied in
    a temporary database, or in the one of --shadow-database-url.
    """
    from prisma.cli.commands.migrate_diff import Form, SideOptions, migrate_diff

    before, after = (
        SideOptions(word, **{name: sides[f"{word}_{name}"] for name in SideOptions.NAMES}) for word in ("from", "to")
    )
    return migrate_diff((before, after), schema, shadow_database_url, Form(script, exit_code, output))


@migrate.command("deploy", cls=OfficialCommand)
@schema_option
@refuse_config
def migrate_deploy(schema: Path | None) -> int:
    """Apply the migrations that are not applied yet.

    It asks nothing and resets nothing; a database that does not exist is created.
    """
    from prisma.cli.commands.migrate_deploy import migrate_deploy

    return migrate_deploy(schema)


@migrate.command("status", cls=OfficialCommand)
@schema_option
@refuse_config
def migrate_status(schema: Path | None) -> int:
    """Say which migrations are not applied; exit with 1 if there are any, or if some failed."""
    from prisma.cli.commands.migrate_status import migrate_status

    return migrate_status(schema)


@migrate.command("resolve", cls=OfficialCommand)
@schema_option
@refuse_config
@click.option("--applied", metavar="NAME", help="It is applied already: by hand, or before there was a history.")
@click.option("--rolled-back", metavar="NAME", help="It failed and its changes were undone: apply it again.")
def migrate_resolve(schema: Path | None, applied: str | None, rolled_back: str | None) -> int:
    """Mark a migration as applied or as rolled back, without running it."""
    from prisma.cli.commands.migrate_resolve import migrate_resolve

    return migrate_resolve(schema, applied, rolled_back)


@prisma.group()
def db() -> None:
    """Work on the database itself."""


@db.command("push", cls=OfficialCommand)
@schema_option
@click.option("--accept-data-loss", is_flag=True, help="Don't ask where data would be lost.")
@click.option("--force-reset", is_flag=True, help="Empty the database first; all data is lost.")
@skip_generate_option
@refuse_config
def db_push(schema: Path | None, accept_data_loss: bool, force_reset: bool, skip_generate: bool) -> int:
    """Make the database like the schema, without a migration, and generate.

    A database that does not exist is created.
    """
    from prisma.cli.commands.db_push import db_push

    return db_push(schema, accept_data_loss=accept_data_loss, force_reset=force_reset, skip_generate=skip_generate)


@db.command("pull", cls=OfficialCommand)
@schema_option
@refuse_config
@click.option("--url", help="The database, instead of the schema's.")
@click.option("--print", "printed", is_flag=True, help="Print the schema; write nothing.")
@click.option("--force", is_flag=True, help="Keep only the datasource and the generators.")
@click.option("--schemas", metavar="A,B", help="The database's schemas, instead of those that the datasource names.")
@click.option("--composite-type-depth", type=int, hidden=True, expose_value=False)
def db_pull(schema: Path | None, url: str | None, printed: bool, force: bool, schemas: str | None) -> int:
    """Make the schema like the database."""
    from prisma.cli.commands.db_pull import Pull, db_pull

    return db_pull(Pull(schema, url, printed, force, tuple(schemas.split(",")) if schemas else None))


@db.command("execute", cls=OfficialCommand)
@click.option("--file", type=click.Path(path_type=Path), help="The script.")
@click.option("--stdin", is_flag=True, help="Read the script from standard input.")
@click.option("--url", help="The database, instead of the schema's.")
@schema_option
@refuse_config
def db_execute(file: Path | None, stdin: bool, url: str | None, schema: Path | None) -> int:
    """Run a SQL script.

    It is sent as one query: its statements take effect together or not at all, unless it has transactions of its own.
    """
    from prisma.cli.commands.db_execute import db_execute

    return db_execute(schema, url, file, stdin=stdin)


@db.command(context_settings=UNREAD)
@unread_arguments
def seed(arguments: tuple[str, ...]) -> int:
    """Run the project's seed; words after -- are passed to it."""
    from prisma.cli.commands.seed import seed as run_seed

    return run_seed(arguments)


@prisma.group(context_settings={"auto_envvar_prefix": ENVIRONMENT_PREFIX})
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


def _generate(
    schema: Path | None, watch: bool, generators: tuple[str, ...], overrides: dict[str, str] | None = None
) -> None:
    from prisma.cli.commands import generate

    (generate.watch if watch else generate.generate_once)(schema, generators, overrides)
