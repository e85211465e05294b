"""`prisma db execute`: run a SQL script, without Node."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import click

from prisma.cli.project.database import check_url, migration_database
from prisma.cli.project.errors import CommandError
from prisma.migrate.kinds import database_at
from prisma.schema.files import read_schema

if TYPE_CHECKING:
    from pathlib import Path

_HELP = "See `prisma db execute -h`"


def db_execute(schema: Path | None, url: str | None, file: Path | None, *, stdin: bool) -> int:
    """Run the script of a file or of standard input on the database of a URL or a schema, and return the exit code.

    Raises:
        CommandError: the options contradict each other, or the script can't be read.
        DataError: why the script was not run.
    """
    if stdin and file is not None:
        raise CommandError("--stdin and --file cannot be used at the same time. Only 1 must be provided.", _HELP)
    if not stdin and file is None:
        raise CommandError("Either --stdin or --file must be provided.", _HELP)
    if url is not None and schema is not None:
        raise CommandError("--url and --schema cannot be used at the same time. Only 1 must be provided.", _HELP)
    script = _script(file)
    asyncio.run(database_at(_database(schema, url)).run_script(script))
    click.echo("Script executed successfully.")
    return 0


def _script(file: Path | None) -> str:
    """Return the script with its line ends as they are: they may be inside of texts."""
    source = "the standard input" if file is None else f"the provided --file at {file}"
    try:
        content = _standard_input() if file is None else file.read_bytes()
    except FileNotFoundError as error:
        raise CommandError(f"Provided --file at {file} doesn't exist.") from error
    except OSError as error:
        raise CommandError(f"An error occurred while reading {source}: {error.strerror}.") from error
    try:
        # Editors on Windows begin files with a mark that PostgreSQL takes for a word.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"An error occurred while reading {source}: it is not UTF-8.") from error


def _standard_input() -> bytes:
    # Python has no object for a stream that is closed.
    if not sys.__stdin__:
        raise CommandError("The standard input is closed, so --stdin has no script to read.")
    return bytes(sys.__stdin__.buffer.read())


def _database(schema: Path | None, url: str | None) -> str:
    if url is None:
        return migration_database(read_schema(schema)).url
    check_url(url)
    return url
