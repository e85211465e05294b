"""`prisma db pull`: make the schema like the database, without Node."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from prisma.cli.project.database import check_kind, check_url, kind_of_schema, migration_database
from prisma.cli.project.errors import CommandError
from prisma.cli.project.kinds import check_engine, check_server
from prisma.cli.project.migrations import announce, datasource_file
from prisma.cli.project.replaced_files import replace_files
from prisma.errors import DataError, GeneratorError
from prisma.frozen import Frozen
from prisma.migrate.kinds import DEFAULT, kind_of_url
from prisma.migrate.pull import introspect
from prisma.schema.files import SchemaFiles, read_schema
from prisma.schema_engine import SchemaEngineError

if TYPE_CHECKING:
    from prisma.schema_engine.answers import Introspection

VIEWS: Final = "views"
_MODEL: Final = re.compile(r"^model\s+", re.MULTILINE)
# What is printed if there is no schema: the URL stays out of it, as it may hold a password.
_NO_SCHEMA: Final = 'datasource db {{\n  provider = "{}"\n  url      = env("DATABASE_URL")\n}}\n'
_REMEDY: Final = """

prisma db pull could not create any models in your schema.prisma file and you will not be able to generate Prisma \
Client with the prisma generate command.

To fix this, you have two options:

- manually create {missing}.
- make sure the database connection URL inside the datasource block in schema.prisma points to {existing}.

Then you can run prisma db pull again.
"""
_EMPTY: Final = "\nP4001 The introspected database was empty:" + _REMEDY.format(
    missing="a table in your database", existing="a database that is not empty (it must contain at least one table)"
)
_ABSENT: Final = "\nP1003 The introspected database does not exist:" + _REMEDY.format(
    missing="a database", existing="an existing database"
)
_INVALID: Final = """
Introspection failed as your current Prisma schema file is invalid

Please fix your current schema manually (using either prisma validate or the Prisma VS Code extension to understand \
what's broken and confirm you fixed it), and then run this command again.
Or run this command with the --force flag to ignore your current schema and overwrite it. All local modifications will \
be lost.
"""


class Pull(Frozen):
    """The options of the command.

    Attributes:
        schema: the schema's file or folder, if it was named.
        url: the database, instead of the schema's.
        printed: print the schema instead of writing it.
        force: keep only the datasource and the generators.
        namespaces: the database's schemas, instead of those that the datasource names.
    """

    schema: Path | None
    url: str | None
    printed: bool
    force: bool
    namespaces: tuple[str, ...] | None


def db_pull(options: Pull) -> int:
    """Run the command and return the exit code.

    Raises:
        CommandError: why the schema could not be made.
        SchemaEngineError, DataError: what the engine or the database refused.
    """
    schema = _schema(options)
    kind = kind_of_schema(schema)
    check_engine(kind)
    url, shown = _database(schema, options.url)
    check_server(kind, url)
    if not options.printed:
        announce(schema, url, shown)
    begun = time.monotonic()
    answer = _introspected(schema, url, options)
    if options.printed:
        _print(answer)
        return 0
    _write(schema, answer)
    _report(schema, answer, time.monotonic() - begun)
    return 0


def _schema(options: Pull) -> SchemaFiles:
    try:
        return read_schema(options.schema)
    except GeneratorError:
        if options.url is None or not options.printed:
            raise
        provider = (kind_of_url(options.url) or DEFAULT).providers[0]
        return SchemaFiles(Path("schema.prisma"), (("schema.prisma", _NO_SCHEMA.format(provider)),))


def _database(schema: SchemaFiles, given: str | None) -> tuple[str, str]:
    """Return the URL, and the form of it that may be shown."""
    if given is None:
        database = migration_database(schema)
        return database.url, database.shown_url
    check_url(given)
    check_kind(schema, given)
    return given, given


def _introspected(schema: SchemaFiles, url: str, options: Pull) -> Introspection:
    source = "" if options.url else f" based on datasource defined in {os.path.relpath(schema.path)}"
    folder = schema.path if schema.path.is_dir() else schema.path.parent
    if not options.printed:
        click.echo(f"- Introspecting{source}")
    try:
        return introspect(schema.files, url, folder=str(folder), force=options.force, namespaces=options.namespaces)
    except (SchemaEngineError, DataError) as error:
        if not options.printed:
            click.echo(f"✖ Introspecting{source}")
        _explain(error)
        raise


def _explain(error: SchemaEngineError | DataError) -> None:
    """Raise the command's own words for what it knows the remedy of."""
    if error.code == "P4001":
        raise CommandError(_EMPTY) from error
    if error.code == "P1003":
        raise CommandError(_ABSENT) from error
    if error.code == "P1012":
        raise CommandError(f"P1012\n\n{error}\n{_INVALID}") from error


def _print(answer: Introspection) -> None:
    """Print the schema, and warnings on stderr in a form that may stand in a schema."""
    for path, text in sorted(answer.files, key=lambda file: file[0].casefold()):
        heading = f"// {os.path.relpath(path)}\n" if len(answer.files) > 1 else ""
        click.echo(heading + text)
    if answer.warnings:
        click.echo(f"\n{answer.warnings}".replace("\n", "\n// "), err=True)


def _write(schema: SchemaFiles, answer: Introspection) -> None:
    before = dict(schema.files)
    views = datasource_file(schema).parent / VIEWS
    definitions = {views / view.schema / f"{view.name}.sql": view.definition for view in answer.views or ()}
    texts = {Path(path): text for path, text in answer.files if before.get(path) != text}
    replace_files(texts | definitions)
    for path in before.keys() - dict(answer.files).keys():
        Path(path).unlink()
    if answer.views is not None:
        _remove_stale(views, definitions)


def _remove_stale(views: Path, definitions: dict[Path, str]) -> None:
    """Remove the definitions of views that are gone."""
    for path in views.glob("*/*.sql"):
        if path not in definitions:
            path.unlink()
    for folder in (*views.glob("*/"), views):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _report(schema: SchemaFiles, answer: Introspection, seconds: float) -> None:
    models = sum(len(_MODEL.findall(text)) for _, text in answer.files)
    what = f"{models} models and wrote them" if models > 1 else f"{models} model and wrote it"
    click.echo(f"✔ Introspected {what} into {os.path.relpath(schema.path)} in {_duration(seconds)}")
    click.echo(f"      {click.style(_lines(answer.warnings), fg='yellow')}")
    click.echo("Run prisma generate to generate Prisma Client.\n")


def _lines(warnings: str | None) -> str:
    return f"\n{warnings}" if warnings else ""


def _duration(seconds: float) -> str:
    return f"{seconds:.2f}s" if seconds >= 1 else f"{round(seconds * 1000)}ms"
