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
from prisma.migrate.session import translated
from prisma.schema.files import read_schema
from prisma.schema.text import blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma.schema.files import SchemaFiles
    from prisma.schema.text import Block

MIGRATIONS: Final = "migrations"
# The official CLI calls the folder so, wherever it is.
SHOWN_FOLDER: Final = "prisma/migrations"
WITHOUT_LOCK: Final = "PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK"


@dataclass(frozen=True, slots=True)
class Target:
    """The folder of migrations and the URL of their database; `database` and `place` are for messages."""

    folder: Path
    url: str = field(repr=False)
    database: str
    place: str


def find_target(given: Path | None) -> Target:
    """Find the schema and its database, print which they are, and return the target of its migrations."""
    schema = read_schema(given)
    url = migration_database(schema).url
    database, place = announce(schema, url)
    return Target(datasource_file(schema).parent / MIGRATIONS, url, database, place)


def announce(schema: SchemaFiles, url: str) -> tuple[str, str]:
    """Print which schema and which database a command works on; return the database's name and place for messages."""
    with translated(connecting=True):
        options = parse_url(url)
    local = options.socket_folder
    place = f"unix:{local}" if local else f"{options.host}:{options.port}"
    click.echo(f"Prisma schema loaded from {os.path.relpath(schema.path)}")
    block = _datasource(schema)[1]
    named = _named_schemas(block)
    schemas = f'schemas "{", ".join(named)}"' if named else f'schema "{options.schema}"'
    click.echo(
        f'Datasource "{block.name if block else "db"}": PostgreSQL database "{options.database}", '
        f'{schemas} at "{place}"\n'
    )
    return options.database, place


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


def _datasource(schema: SchemaFiles) -> tuple[Path, Block | None]:
    """Return the datasource and the file that holds it; the first file if there is none."""
    for path, text in schema.files:
        for block in blocks(text):
            if block.kind == "datasource":
                return Path(path), block
    return Path(schema.files[0][0]), None


def _named_schemas(datasource: Block | None) -> list[str]:
    """Return the schemas of the database that a datasource names."""
    for line in datasource.lines if datasource else ():
        if line.words[0] == "schemas":
            return [token.value for token in line.tokens if token.is_string]
    return []
