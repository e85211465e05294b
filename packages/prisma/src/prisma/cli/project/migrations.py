"""Finds the project's migrations and their database, and prints which they are.

Programs read what the commands print, so the words are those of Prisma's own CLI.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from prisma.cli.project.database import migration_database
from prisma.drivers.postgresql.url import parse_url
from prisma.drivers.sqlite.file_url import is_file_url, parse_file_url
from prisma.migrate.folder import SCRIPT_NAME
from prisma.migrate.session import translated
from prisma.schema.files import read_schema
from prisma.schema.text import blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma.cli.project.database import Database
    from prisma.drivers.postgresql.url import ConnectionOptions
    from prisma.drivers.sqlite.file_url import FileOptions
    from prisma.schema.files import SchemaFiles
    from prisma.schema.text import Block

MIGRATIONS: Final = "migrations"
# Prisma's own command calls the folder so, wherever it is.
SHOWN_FOLDER: Final = "prisma/migrations"
WITHOUT_LOCK: Final = "PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK"


@dataclass(frozen=True, slots=True)
class Target:
    """The folder of migrations, their database, and the schema that they lead to.

    Attributes:
        url: the database; `shadow_url` is one that may be emptied to try migrations in, if the schema names one.
        database: its name, for messages, as are the next two.
        place: where its server is.
        schemas: the database's schemas that the datasource names; none if it leaves them to the URL.
        url_schema: the one that the URL names.
    """

    schema: SchemaFiles
    folder: Path
    url: str = field(repr=False)
    shadow_url: str | None = field(repr=False)
    database: str
    place: str
    schemas: tuple[str, ...]
    url_schema: str


@dataclass(frozen=True, slots=True)
class FileTarget:
    """A database file and the schema that it shall have; `database` and `url` are for messages, too."""

    schema: SchemaFiles
    url: str
    options: FileOptions

    @property
    def database(self) -> str:
        """The file's name."""
        return Path(self.options.path).name


def find_any_target(given: Path | None) -> Target | FileTarget:
    """Find the schema and its database, be it a server's or a file, print which they are, and return the target."""
    schema = read_schema(given)
    database = migration_database(schema, may_be_file=True)
    return _file_target(schema, database.url) if is_file_url(database.url) else _server_target(schema, database)


def _file_target(schema: SchemaFiles, url: str) -> FileTarget:
    file, block = _datasource(schema)
    with translated(connecting=True):
        target = FileTarget(schema, url, parse_file_url(url, file.parent.resolve()))
    click.echo(f"Prisma schema loaded from {os.path.relpath(schema.path)}")
    click.echo(f'Datasource "{block.name if block else "db"}": SQLite database "{target.database}" at "{url}"\n')
    return target


def find_target(given: Path | None) -> Target:
    """Find the schema and its database, print which they are, and return the target of its migrations."""
    schema = read_schema(given)
    return _server_target(schema, migration_database(schema))


def _server_target(schema: SchemaFiles, database: Database) -> Target:
    options, place, schemas = announce(schema, database.url)
    folder = datasource_file(schema).parent / MIGRATIONS
    return Target(schema, folder, database.url, database.shadow_url, options.database, place, schemas, options.schema)


def announce(schema: SchemaFiles, url: str) -> tuple[ConnectionOptions, str, tuple[str, ...]]:
    """Print which schema and which database a command works on.

    Return what the URL says, where the server is, and the database's schemas that the datasource names, for messages.
    """
    with translated(connecting=True):
        options = parse_url(url)
    local = options.socket_folder
    place = f"unix:{local}" if local and not options.others else options.place
    block = _datasource(schema)[1]
    named = _named_schemas(block)
    schemas = f'schemas "{", ".join(named)}"' if named else f'schema "{options.schema}"'
    name = block.name if block else "db"
    click.echo(f"Prisma schema loaded from {os.path.relpath(schema.path)}")
    click.echo(f'Datasource "{name}": PostgreSQL database "{options.database}", {schemas} at "{place}"\n')
    return options, place, named


def datasource_file(schema: SchemaFiles) -> Path:
    """Return the file that holds the datasource: migrations and views are in its folder."""
    return _datasource(schema)[0]


def uses_lock() -> bool:
    """Whether other runs of migrations are kept away; poolers that can't hold the lock need it off."""
    return not os.environ.get(WITHOUT_LOCK)


def migrations_found(names: Sequence[str]) -> str:
    """Say how many migrations there are."""
    number = len(names)
    return f"{number or 'No'} migration{'s' if number > 1 else ''} found in {SHOWN_FOLDER}"


def migration_tree(names: Sequence[str], folder: str = MIGRATIONS) -> str:
    """Draw a folder with these migrations."""
    return "\n".join([f"{folder}/", *(f"  └─ {name}/\n    └─ {SCRIPT_NAME}" for name in names)])


def _datasource(schema: SchemaFiles) -> tuple[Path, Block | None]:
    """Return the datasource and the file that holds it; the first file if there is none."""
    for path, text in schema.files:
        for block in blocks(text):
            if block.kind == "datasource":
                return Path(path), block
    return Path(schema.files[0][0]), None


def _named_schemas(datasource: Block | None) -> tuple[str, ...]:
    """Return the schemas of the database that a datasource names, in the order of the alphabet as Prisma's CLI does."""
    for line in datasource.lines if datasource else ():
        if line.words[0] == "schemas":
            return tuple(sorted(token.value for token in line.tokens if token.is_string))
    return ()
