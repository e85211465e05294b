"""Runs `migrate diff` of the official CLI.

The official CLI refuses `--from-url` and its relatives where it has a driver adapter, though its engine can compare a
live database. So the CLI is told that this side is empty, and the Node side lets the engine read the adapter's database
for it.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from prisma.cli.official.arguments import Arguments, take_options
from prisma.cli.official.database import EMPTY_SCHEMA
from prisma.cli.official.run import Run, run_cli
from prisma.cli.official.schemas import changed_for_cli, files_for_cli
from prisma.cli.project.database import Database, check_url, migration_database
from prisma.cli.project.errors import CommandError
from prisma.errors import GeneratorError
from prisma.schema.files import read_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

Side: TypeAlias = Literal["from", "to"]
SIDES: tuple[Side, ...] = ("from", "to")
SHADOW = "--shadow-database-url"


def run_diff(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code.

    Raises CommandError if both sides are live databases.
    """
    words, run = _comparison(arguments)
    return run_cli(["migrate", "diff", *words], run).exit_code


def _comparison(arguments: Sequence[str]) -> tuple[list[str], Run]:
    """Return the arguments and the settings that the official CLI gets."""
    taken = take_options(
        arguments,
        [SHADOW, "--schema", *(f"--{side}-{kind}" for side in SIDES for kind in ("url", "schema-datasource"))],
    )
    shadow = taken.values.get(SHADOW)
    if shadow:
        check_url(shadow)
    live: list[Side] = [side for side in SIDES if _live_database(taken, side)]
    if len(live) > 1:
        raise CommandError(
            "Only one side of a comparison can be a live database.",
            "Write one of them down first with `prisma db pull --print --url URL`, and compare with that schema.",
        )
    if not live:
        return _without_live_side(taken, shadow)
    side = live[0]
    database, files = _live_database(taken, side) or (Database(""), [EMPTY_SCHEMA])
    rest = [argument for argument in taken.rest if argument != f"--{side}-config-datasource"]
    run = Run(
        url=database.url,
        shadow_url=shadow or database.shadow_url,
        live=side,
        live_files=files,
        variables=database.variables,
        schemas=_named_schemas(rest),
    )
    return [*rest, f"--{side}-empty"], run


def _live_database(taken: Arguments, side: Side) -> tuple[Database, list[tuple[str, str]]] | None:
    url = taken.values.get(f"--{side}-url")
    if url is not None:
        check_url(url)
        return Database(url), [EMPTY_SCHEMA]
    path = taken.values.get(f"--{side}-schema-datasource")
    if path is None and taken.has(f"--{side}-config-datasource"):
        path = taken.values.get("--schema", "")
    if path is None:
        return None
    schema = read_schema(Path(path) if path else None)
    return migration_database(schema), files_for_cli(schema)


def _without_live_side(taken: Arguments, shadow: str | None) -> tuple[list[str], Run]:
    """Return the arguments and settings for two sides that are not live.

    Migrations are compared by applying them somewhere: to the shadow database that was named, or to one on the server
    of the schema's database.
    """
    migrations = any(argument.startswith(("--from-migrations", "--to-migrations")) for argument in taken.rest)
    schemas = _named_schemas(taken.rest)
    if not migrations or shadow:
        return taken.rest, Run(shadow_url=shadow, schemas=schemas)
    named = take_options(taken.rest, [f"--{side}-schema-datamodel" for side in SIDES]).values
    path = next(iter(named.values()), taken.values.get("--schema"))
    database = migration_database(read_schema(Path(path) if path else None))
    run = Run(url=database.url, shadow_url=database.shadow_url, variables=database.variables, schemas=schemas)
    return taken.rest, run


def _named_schemas(words: Sequence[str]) -> dict[str, str]:
    """Return the texts that the CLI shall read instead of the compared schemas, by path."""
    named = take_options(words, [f"--{side}-schema{kind}" for side in SIDES for kind in ("", "-datamodel")]).values
    texts: dict[str, str] = {}
    for path in named.values():
        with suppress(GeneratorError):  # The CLI says itself what it can't read.
            texts |= changed_for_cli(read_schema(Path(path)))
    return texts
