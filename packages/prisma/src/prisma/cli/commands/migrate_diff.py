"""`prisma migrate diff`: compare two schemas, of which each is a file, migrations, or a live database."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

import click

from prisma.cli.project.database import check_url, kind_of_schema, migration_database
from prisma.cli.project.errors import CommandError
from prisma.cli.project.kinds import check_engine, check_server
from prisma.frozen import Frozen
from prisma.migrate.comparison import Empty, Live, Migrations, Models, compare, compares_files, provider_of_sides
from prisma.migrate.kinds import DEFAULT, kind_of_provider, kind_of_url
from prisma.schema.files import read_schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from prisma.migrate.comparison import Side

# The smallest schema, for a database that a URL names.
_DATASOURCE: Final = 'datasource db {{\n  provider = "{}"\n}}\n'


class SideOptions(Frozen):
    """The options of one side, `word` being `from` or `to`; one of the others must be given."""

    word: str
    empty: bool
    url: str | None
    models: Path | None
    datasource: Path | None
    project_datasource: bool
    migrations: Path | None

    NAMES: ClassVar = ("empty", "url", "models", "datasource", "project_datasource", "migrations")

    @property
    def number(self) -> int:
        """How many are given."""
        paths = (self.models, self.datasource, self.migrations)
        return self.empty + self.project_datasource + (self.url is not None) + sum(path is not None for path in paths)


class Form(Frozen):
    """What is written: SQL or a summary, perhaps to a file; and whether the exit code tells of a difference."""

    script: bool
    exit_code: bool
    output: Path | None


def migrate_diff(
    sides: tuple[SideOptions, SideOptions], schema: Path | None, shadow_url: str | None, form: Form
) -> int:
    """Write the difference and return the exit code.

    Raises:
        CommandError: not exactly one schema is given for each side, or both are live databases.
        GeneratorError, MigrateError, SchemaEngineError, DataError: why they can't be compared.
    """
    _check(sides)
    if shadow_url:
        check_url(shadow_url)
        check_engine(kind_of_url(shadow_url) or DEFAULT)
    before, after = (_side(options, schema) for options in sides)
    check_engine(kind_of_provider(provider_of_sides(before, after)))
    if isinstance(before, Live) and isinstance(after, Live):
        raise CommandError(
            "Only one side of a comparison can be a live database.",
            "Write one of them down first with `prisma db pull --print --url URL`, and compare with that schema.",
        )
    needs_no_server = bool(shadow_url) or compares_files(before, after)
    server_url, named_shadow = (None, shadow_url) if needs_no_server else _server(sides, schema)
    difference = compare(
        before,
        after,
        script=form.script,
        exit_code=form.exit_code,
        server_url=server_url,
        shadow_url=named_shadow,
    )
    if form.output is None:
        # An empty line more, as Prisma's command writes: scripts that were made by it stay the same.
        click.echo(difference.text, nl=not difference.exit_code)
    else:
        form.output.write_text(difference.text, encoding="utf-8")
    return difference.exit_code


def _check(sides: Sequence[SideOptions]) -> None:
    wrong = [side for side in sides if side.number != 1]
    if wrong:
        lines = [f"{side.number} `--{side.word}-...` parameter(s) provided. 1 must be provided." for side in wrong]
        raise CommandError("\n".join(lines), "See: prisma migrate diff --help")


def _side(options: SideOptions, schema: Path | None) -> Side:
    if options.url is not None:
        check_url(options.url)
        provider = (kind_of_url(options.url) or DEFAULT).providers[0]
        return Live(options.url, (("schema.prisma", _DATASOURCE.format(provider)),))
    if options.models is not None:
        return Models(read_schema(options.models).files)
    if options.migrations is not None:
        if not options.migrations.is_dir():
            raise CommandError(f"There is no folder of migrations at {options.migrations}.")
        return Migrations(options.migrations)
    if options.empty:
        return Empty()
    found = read_schema(options.datasource or schema)
    kind = kind_of_schema(found)
    check_engine(kind)
    url = migration_database(found).url
    check_server(kind, url)
    return Live(url, found.files)


def _server(sides: Sequence[SideOptions], schema: Path | None) -> tuple[str | None, str | None]:
    """Return a database on whose server migrations can be tried, and one to try them in, as a schema names them.

    The schema is the live side's, else the compared one, else the project's.
    """
    if not any(side.migrations for side in sides) or any(side.url is not None for side in sides):
        return None, None
    named = [path for side in sides for path in (side.datasource, side.models) if path is not None]
    found = read_schema(next(iter(named), schema))
    check_engine(kind_of_schema(found))
    database = migration_database(found)
    return database.url, database.shadow_url
