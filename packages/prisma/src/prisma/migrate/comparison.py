"""Compares two schemas, of which each is a file, what migrations lead to, or a live database."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from prisma.drivers.postgresql.schema_engine import EngineDatabase, OfflineDatabase
from prisma.drivers.postgresql.url import parse_url
from prisma.migrate.engine_session import explained, listed
from prisma.migrate.folder import check_provider
from prisma.migrate.session import translated
from prisma.schema.text import lines_of
from prisma.schema_engine import SchemaEngine, targets

if TYPE_CHECKING:
    from prisma.schema_engine.answers import Difference

Files: TypeAlias = tuple[tuple[str, str], ...]
"""A schema's files, as pairs of path and text."""

_PARTIAL: Final = '"partialIndexes"'
# Without this preview feature the engine takes a database's partial indexes for indexes over all rows.
_WITH_PARTIAL: Final = (
    "partial.prisma",
    f'generator partial {{\n  provider = ""\n  previewFeatures = [{_PARTIAL}]\n}}\n',
)


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing."""


@dataclass(frozen=True, slots=True)
class Models:
    """The models of a schema."""

    files: Files


@dataclass(frozen=True, slots=True)
class Migrations:
    """What the migrations of a folder lead to."""

    folder: Path


@dataclass(frozen=True, slots=True)
class Live:
    """A database; the datasource in `files` says which schemas of it are meant, if it names some."""

    url: str = field(repr=False)
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
        shadow_url: a database that may be emptied to apply migrations in.

    Raises:
        MigrateError: P3014 no shadow database, P3015 no script, P3019 provider.
        SchemaEngineError: P1012 a schema is wrong, P3006 a migration can't be applied to the shadow database.
        DataError: a database can't be reached or refuses the login.
    """
    for side in (before, after):
        if isinstance(side, Migrations):
            check_provider(side.folder)
    with translated(connecting=True), explained():
        database = _database(before, after, server_url, shadow_url)
        with closing(database), SchemaEngine(database) as engine:
            return engine.diff(_target(before, after), _target(after, before), script=script, exit_code=exit_code)


def _database(
    before: Side, after: Side, server_url: str | None, shadow_url: str | None
) -> EngineDatabase | OfflineDatabase:
    """Return where the engine works: the live side, else where temporary databases can be made, else nowhere."""
    shadow = parse_url(shadow_url) if shadow_url else None
    live = next((side.url for side in (before, after) if isinstance(side, Live)), None)
    if live is None and shadow is None and any(isinstance(side, Migrations) for side in (before, after)):
        live = server_url
    return OfflineDatabase(shadow) if live is None else EngineDatabase(parse_url(live), shadow)


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
