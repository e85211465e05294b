"""`prisma db`: the names, options and help of its commands."""

from __future__ import annotations

from pathlib import Path

import click

from prisma.cli.options import (
    UNREAD,
    OfficialCommand,
    refuse_config,
    schema_option,
    skip_generate_option,
    unread_arguments,
)


@click.group()
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

    PostgreSQL gets it as one query: its statements take effect together or not at all, unless it has transactions of
    its own. SQLite runs it statement by statement.
    """
    from prisma.cli.commands.db_execute import db_execute

    return db_execute(schema, url, file, stdin=stdin)


@db.command(context_settings=UNREAD)
@unread_arguments
def seed(arguments: tuple[str, ...]) -> int:
    """Run the project's seed; words after -- are passed to it."""
    from prisma.cli.commands.seed import seed as run_seed

    return run_seed(arguments)
