"""`prisma db pull`: make the schema like the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.cli.official.arguments import take_options
from prisma.cli.official.database import empty_schema, named_schema, run_on_schema, run_on_url
from prisma.cli.official.schemas import remove_default_url
from prisma.errors import GeneratorError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma.schema.files import SchemaFiles


def db_pull(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    taken = take_options(arguments, ["--url"])
    url = taken.values.get("--url")
    if url is None:
        schema = named_schema(arguments)
        code = run_on_schema("db pull", arguments, schema).exit_code
        remove_default_url(schema)
        return code
    schema = _schema_to_fill(taken.rest)
    if schema is None:
        with empty_schema() as empty:
            return run_on_url("db pull", taken.rest, url, empty)
    code = run_on_url("db pull", taken.rest, url, schema)
    remove_default_url(schema)
    return code


def _schema_to_fill(arguments: Sequence[str]) -> SchemaFiles | None:
    """Return the project's schema; None if there is none and the models are only printed."""
    try:
        return named_schema(arguments)
    except GeneratorError:
        if "--print" not in arguments:
            raise
        return None
