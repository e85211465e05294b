"""`prisma migrate …` and `prisma db …`: the official CLI on the schema's database, then our generator and the seed."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from prisma.cli.commands.seed import seed_after_migration
from prisma.cli.official.arguments import HELP, peek_option, take_options
from prisma.cli.official.diff import LIVE_SCHEMA, comparison
from prisma.cli.official.options import NO_CONFIG
from prisma.cli.official.program import Run, run_cli
from prisma.cli.project.database import check_url, migration_database
from prisma.cli.project.failure import CommandError
from prisma.cli.project.schema_files import SchemaFiles, read_schema
from prisma.errors import GeneratorError

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

# As the CLI does it when it has its native engine.
CREATES_DATABASE = frozenset({"migrate dev", "migrate reset", "db push"})
GENERATES = frozenset({"migrate dev", "migrate reset", "db push"})
TAKES_URL = frozenset({"db execute", "db pull"})
SKIP_GENERATE = ("--skip-generate", "PRISMA_MIGRATE_SKIP_GENERATE")
SKIP_SEED = ("--skip-seed", "PRISMA_MIGRATE_SKIP_SEED")


def migrate(command: str, arguments: Sequence[str]) -> int:
    """Run a command such as `migrate dev` with the user's arguments and return the exit code."""
    if peek_option(arguments, "--config") is not None:
        raise CommandError(*NO_CONFIG)
    if command == "migrate diff":
        words, run = comparison(arguments)
        return run_cli([*command.split(), *words], run).exit_code
    if any(flag in arguments for flag in HELP):
        return run_cli([*command.split(), *arguments], Run()).exit_code
    if command in TAKES_URL and peek_option(arguments, "--url") is not None:
        return _migrate_given_url(command, arguments)
    schema = peek_option(arguments, "--schema")
    return _migrate_schema(command, arguments, Path(schema) if schema else None)


def _migrate_schema(command: str, arguments: Sequence[str], path: Path | None) -> int:
    schema = read_schema(path)
    database = migration_database(schema)
    # The CLI knows fewer places to look for a schema than we do.
    named = [] if path else ["--schema", str(schema.path)]
    run = Run(
        database.url,
        database.shadow_url,
        command in CREATES_DATABASE,
        variables=database.variables,
        schemas=schema.changed_for_cli(),
    )
    outcome = run_cli([*command.split(), *arguments, *named], run)
    if command == "db pull":
        schema.take_default_url_out()
    if outcome.exit_code or command not in GENERATES or "--create-only" in arguments:
        return outcome.exit_code
    if not _skipped(SKIP_GENERATE, arguments):
        from prisma.cli.commands.generate import generate_once

        generate_once(path, quiet_without_generator=True)
    seeds = command == "migrate reset" or (command == "migrate dev" and outcome.created_database)
    if seeds and not _skipped(SKIP_SEED, arguments):
        return seed_after_migration()
    return 0


def _migrate_given_url(command: str, arguments: Sequence[str]) -> int:
    """Beside an adapter the CLI refuses `--url`: give it a schema, and the adapter the URL."""
    taken = take_options(arguments, ["--url"])
    if command == "db execute" and peek_option(taken.rest, "--schema") is not None:
        raise CommandError("--url and --schema cannot be used at the same time. Only 1 must be provided.")
    url = taken.values["--url"]
    check_url(url)
    with _any_schema(command, taken.rest) as (words, schema):
        run = Run(url=url, variables=_placeholders(schema.files), schemas=schema.changed_for_cli())
        outcome = run_cli([*command.split(), *words], run)
        schema.take_default_url_out()
        return outcome.exit_code


@contextmanager
def _any_schema(command: str, words: list[str]) -> Generator[tuple[list[str], SchemaFiles]]:
    """Yield arguments that name a schema: for `db pull` the user's if there is one, else one of a datasource alone."""
    if command == "db pull":
        try:
            named = peek_option(words, "--schema")
            schema = read_schema(Path(named) if named else None)
        except GeneratorError:
            if "--print" not in words:
                raise
        else:
            yield [*words, *([] if named else ["--schema", str(schema.path)])], schema
            return
    with tempfile.TemporaryDirectory(prefix="prisma-") as folder:
        name, text = LIVE_SCHEMA
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        yield [*words, "--schema", str(path)], SchemaFiles(path, [])


def _placeholders(files: list[tuple[str, str]]) -> dict[str, str]:
    """Say something for every variable that the schema names: the CLI insists on them, the adapter has the URL."""
    from prisma.schema.urls import DEFAULT_URL, datasource_urls

    urls = datasource_urls(files)
    names = [each.env for each in (urls.url or DEFAULT_URL, urls.direct_url) if each and each.env]
    return {name: "postgresql://" for name in names if not os.environ.get(name)}


def _skipped(switch: tuple[str, str], arguments: Sequence[str]) -> bool:
    flag, variable = switch
    return flag in arguments or bool(os.environ.get(variable))
