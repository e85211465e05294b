"""Finds the project's migrations and their database, and prints which they are.

Programs read what the commands print, so the words are those of Prisma's own CLI.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar, Final

import click

from prisma.cli.project.database import datasource, kind_of_schema, migration_database
from prisma.cli.project.kinds import check_engine, check_server
from prisma.frozen import Frozen
from prisma.migrate.folder import SCRIPT_NAME
from prisma.migrate.kinds import place_of
from prisma.schema.files import read_schema
from prisma.schema.urls import provider_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from prisma.migrate.place import Place
    from prisma.schema.files import SchemaFiles
    from prisma.schema.text import Block

MIGRATIONS: Final = "migrations"
# Prisma's own command calls the folder so, wherever it is.
SHOWN_FOLDER: Final = "prisma/migrations"
WITHOUT_LOCK: Final = "PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK"


class Target(Frozen):
    """The folder of migrations, their database, and the schema that they lead to.

    Attributes:
        url: the database; `shadow_url` is one that may be emptied to try migrations in, if the schema names one.
        place: where the database is, for messages.
    """

    _hidden: ClassVar = frozenset({"url", "shadow_url"})

    schema: SchemaFiles
    folder: Path
    url: str
    shadow_url: str | None
    place: Place

    @property
    def provider(self) -> str | None:
        """The schema's word for the database."""
        return provider_in(self.schema.files)

    def say_created(self) -> None:
        """Print that the database did not exist and was created."""
        click.echo(f"{self.place.created}\n")


def find_target(given: Path | None, *, needs_engine: bool) -> Target:
    """Find the schema and its database, print which they are, and return the target of its migrations.

    Raises CommandError for a kind of database that has no schema engine, if the command needs one.
    """
    schema = read_schema(given)
    kind = kind_of_schema(schema)
    if needs_engine:
        check_engine(kind)
    database = migration_database(schema)
    if needs_engine:
        check_server(kind, database.url)
    place = announce(schema, database.url, database.shown_url)
    return Target(schema, datasource_file(schema).parent / MIGRATIONS, database.url, database.shadow_url, place)


def announce(schema: SchemaFiles, url: str, shown_url: str) -> Place:
    """Print which schema and which database a command works on, and return where the database is."""
    block = datasource(schema)[1]
    place = place_of(url, shown_url, _named_schemas(block), provider_in(schema.files))
    click.echo(f"Prisma schema loaded from {os.path.relpath(schema.path)}")
    click.echo(f'Datasource "{block.name if block else "db"}": {place}\n')
    return place


def datasource_file(schema: SchemaFiles) -> Path:
    """Return the file that holds the datasource: migrations and views are in its folder."""
    return datasource(schema)[0]


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


def _named_schemas(block: Block | None) -> tuple[str, ...]:
    """Return the schemas of the database that a datasource names, in the order of the alphabet as Prisma's CLI does."""
    for line in block.lines if block else ():
        if line.words[0] == "schemas":
            return tuple(sorted(token.value for token in line.tokens if token.is_string))
    return ()
