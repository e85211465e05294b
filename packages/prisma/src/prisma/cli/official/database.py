"""Runs commands of the official CLI on a database: the schema's, or one that `--url` names."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prisma.cli.official.arguments import peek_option
from prisma.cli.official.run import Outcome, Run, run_cli
from prisma.cli.official.schemas import changed_for_cli
from prisma.cli.project.database import check_url, migration_database, missing_variables
from prisma.schema.datasource import PROVIDERS
from prisma.schema.files import SchemaFiles, read_schema

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

# The smallest schema that the CLI accepts, for runs whose database is named otherwise.
EMPTY_SCHEMA: Final = (
    "schema.prisma",
    f'datasource db {{\n  provider = "{PROVIDERS[0]}"\n  url = "postgresql://"\n}}\n',
)


@contextmanager
def empty_schema() -> Generator[SchemaFiles]:
    """Give a schema of a datasource alone, in a file that is there for the length of the block."""
    name, text = EMPTY_SCHEMA
    with tempfile.TemporaryDirectory(prefix="prisma-") as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        # Nothing in it has to be changed for the CLI.
        yield SchemaFiles(path, ())


def named_schema(arguments: Sequence[str]) -> SchemaFiles:
    """Read the schema that `--schema` names, else the project's.

    Raises GeneratorError if there is none.
    """
    path = peek_option(arguments, "--schema")
    return read_schema(Path(path) if path else None)


def run_on_schema(
    command: str, arguments: Sequence[str], schema: SchemaFiles | None = None, *, may_create: bool = False
) -> Outcome:
    """Run a command such as `migrate dev` on the database of a schema.

    Args:
        schema: the schema if it is read already.
        may_create: whether a missing database shall be created.
    """
    schema = schema or named_schema(arguments)
    database = migration_database(schema)
    run = Run(
        database.url,
        database.shadow_url,
        may_create,
        variables=database.variables,
        schemas=changed_for_cli(schema),
    )
    return run_cli([*command.split(), *arguments, *_schema_option(arguments, schema)], run)


def run_on_url(command: str, arguments: Sequence[str], url: str, schema: SchemaFiles) -> int:
    """Run a command on the database of a URL and return the exit code.

    The CLI refuses `--url` where it has a driver adapter. So it gets a schema, and the adapter gets the URL.
    """
    check_url(url)
    # The CLI insists on the schema's variables, but does not use them: the adapter has the URL.
    run = Run(url=url, variables=missing_variables(schema, "postgresql://"), schemas=changed_for_cli(schema))
    return run_cli([*command.split(), *arguments, *_schema_option(arguments, schema)], run).exit_code


def _schema_option(arguments: Sequence[str], schema: SchemaFiles) -> Sequence[str]:
    """Return the option that names the schema: the CLI knows fewer places to look for it than we do."""
    return () if peek_option(arguments, "--schema") else ("--schema", str(schema.path))
