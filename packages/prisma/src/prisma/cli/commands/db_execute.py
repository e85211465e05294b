"""`prisma db execute`: run a SQL script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.cli.official.arguments import peek_option, take_options
from prisma.cli.official.database import empty_schema, run_on_schema, run_on_url
from prisma.cli.project.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence


def db_execute(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code.

    Raises CommandError if both a URL and a schema are named.
    """
    taken = take_options(arguments, ["--url"])
    url = taken.values.get("--url")
    if url is None:
        return run_on_schema("db execute", arguments).exit_code
    if peek_option(taken.rest, "--schema") is not None:
        raise CommandError("--url and --schema cannot be used at the same time. Only 1 must be provided.")
    with empty_schema() as schema:
        return run_on_url("db execute", taken.rest, url, schema)
