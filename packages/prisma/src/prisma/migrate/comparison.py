"""Compares two schemas, of which each is a file, what migrations lead to, or a live database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias

from prisma.drivers.sqlite.file_url import is_file_url
from prisma.frozen import Frozen
from prisma.migrate.database import COCKROACH_PROVIDERS, FILE_PROVIDERS, SERVER_PROVIDERS
from prisma.migrate.engine_databases import file_database, server_database
from prisma.migrate.engine_session import explained, listed
from prisma.migrate.faults import translated
from prisma.migrate.folder import check_provider, provider_of
from prisma.schema.text import lines_of
from prisma.schema.urls import provider_in
from prisma.schema_engine import SchemaEngine, targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma.schema_engine.answers import Difference

Files: TypeAlias = tuple[tuple[str, str], ...]
"""A schema's files, as pairs of path and text."""

_PARTIAL: Final = '"partialIndexes"'
# Without this preview feature the engine takes a database's partial indexes for indexes over all rows.
_WITH_PARTIAL: Final = (
    "partial.prisma",
    f'generator partial {{\n  provider = ""\n  previewFeatures = [{_PARTIAL}]\n}}\n',
)


class Empty(Frozen):
    """Nothing."""


class Models(Frozen):
    """The models of a schema."""

    files: Files


class Migrations(Frozen):
    """What the migrations of a folder lead to."""

    folder: Path


class Live(Frozen):
    """A database; the datasource in `files` says which schemas of it are meant, if it names some."""

    _hidden: ClassVar = frozenset({"url"})

    url: str
    files: Files


Side: TypeAlias = Empty | Models | Migrations | Live


def compare(
    before: Side,
    after: Side,
    *,
    script: bool = False,
    exit_code: bool = False,
    server_url: str | None = None,
    shadow_url: str | None = None,
) -> Difference:
    """Say what leads from one schema to another, as SQL or in words; nothing is changed.

    Args:
        before, after: the sides; at most one of them is live.
        script: whether the answer is SQL.
        exit_code: whether the answer's exit code is 2 where there is a difference.
        server_url: where temporary databases can be made to apply migrations in; the live side's server is another.
        shadow_url: a database that may be emptied to apply migrations in. SQLite needs neither: it has databases in
            memory.

    Raises:
        MigrateError: P3014 no shadow database, P3015 no script, P3019 provider.
        SchemaEngineError: P1012 a schema is wrong, P3006 a migration can't be applied to the shadow database.
        DataError: a database can't be reached or refuses the login.
    """
    is_file = compares_files(before, after)
    migrations = [side for side in (before, after) if isinstance(side, Migrations)]
    for side in migrations:
        check_provider(side.folder, FILE_PROVIDERS if is_file else _server_words(before, after))
    live = next((side.url for side in (before, after) if isinstance(side, Live)), None)
    if live is None and migrations and not shadow_url:
        live = server_url
    with translated(connecting=True), explained():
        opened = file_database(live) if is_file else server_database(live, shadow_url)
        with opened as database, SchemaEngine(database) as engine:
            return engine.diff(_target(before, after), _target(after, before), script=script, exit_code=exit_code)


def compares_files(before: Side, after: Side) -> bool:
    """Say whether the sides are SQLite's, as the first of them that has a kind is."""
    for side in (before, after):
        if isinstance(side, Live):
            return is_file_url(side.url)
        provider = _provider(side)
        if provider is not None:
            return provider in FILE_PROVIDERS
    return False


def _server_words(before: Side, after: Side) -> Sequence[str]:
    """Return the words for the server that the sides beside migrations are for."""
    named = next((_provider(side) for side in (before, after) if isinstance(side, Models | Live)), None)
    if named is None:
        return (*SERVER_PROVIDERS, *COCKROACH_PROVIDERS)
    return COCKROACH_PROVIDERS if named in COCKROACH_PROVIDERS else SERVER_PROVIDERS


def provider_of_sides(before: Side, after: Side) -> str | None:
    """Return the word for the sides' kind of database, as the first of them that has one says it; None if none has."""
    return _provider(before) or _provider(after)


def _provider(side: Side) -> str | None:
    if isinstance(side, Models | Live):
        return provider_in(side.files)
    return provider_of(side.folder) if isinstance(side, Migrations) else None


def _target(side: Side, other: Side) -> dict[str, Any]:
    if isinstance(side, Models):
        return targets.schema_files(side.files)
    if isinstance(side, Live):
        files = (*side.files, _WITH_PARTIAL) if _takes_partial(other) else side.files
        return targets.live_database(files, str(Path.cwd()))
    if isinstance(side, Migrations):
        return targets.migrations(listed(side.folder))
    return dict(targets.EMPTY)


def _takes_partial(side: Side) -> bool:
    """Whether partial indexes of a database are compared with this side; models without the feature can't have any."""
    if isinstance(side, Models):
        return any(_PARTIAL in line.words for _, text in side.files for line in lines_of(text, "generator"))
    return isinstance(side, Empty)
