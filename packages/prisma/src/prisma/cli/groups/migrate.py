"""`prisma migrate`: the names, options and help of its commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prisma.cli.options import OfficialCommand, refuse_config, schema_option, skip_generate_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from prisma.cli.options import C

skip_seed_option = click.option("--skip-seed", is_flag=True, help="Don't run the project's seed afterwards.")


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


@click.group()
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
