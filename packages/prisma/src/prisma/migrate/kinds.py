"""The table of the kinds of databases: by the word of a schema and by URL, and what works on each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from prisma.drivers.mysql.url import EXAMPLE as MYSQL_EXAMPLE
from prisma.drivers.mysql.url import parse_mysql_url
from prisma.drivers.sqlite.file_url import EXAMPLE as FILE_EXAMPLE
from prisma.frozen import Frozen
from prisma.migrate.database import COCKROACH_PROVIDERS, FILE_PROVIDERS, MYSQL_PROVIDERS, SERVER_PROVIDERS
from prisma.migrate.faults import translated
from prisma.migrate.place import cockroach_place, file_place, mysql_place, server_place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prisma.migrate.database import MigrationDatabase
    from prisma.migrate.place import Place

EXAMPLE: Final = "postgresql://user:password@localhost:5432/database"
_COCKROACH_EXAMPLE: Final = "postgresql://user:password@localhost:26257/database"
_SERVER_PROTOCOLS: Final = ("postgresql://", "postgres://")


class DatabaseKind(Frozen):
    """A kind of database.

    Attributes:
        product: its name in messages.
        providers: its words in schemas; the first is the one that is written.
        protocols: how its URLs begin; the first is the one that is recommended.
        example: the form of its URLs.
        open: the database of a URL, for migrations; the relative path of a file starts in the folder.
        place: where a URL is; see `place_of`.
        has_engine: whether Prisma's schema engine, in WebAssembly, has a connector for it.
        has_studio: whether Studio can show it.
        counting_type: the type of fields that may have `autoincrement()`.
        version_word: the first word of its servers' versions, where another kind has such URLs as well.
    """

    product: str
    providers: tuple[str, ...]
    protocols: tuple[str, ...]
    example: str
    open: Callable[[str, Path | None], MigrationDatabase]
    place: Callable[[str, str, Sequence[str]], Place]
    has_engine: bool = True
    has_studio: bool = True
    counting_type: str = "Int"
    version_word: str | None = None


# Imported when asked for: a program uses one database.


def _open_server(url: str, folder: Path | None) -> MigrationDatabase:
    from prisma.migrate.postgresql import PostgresDatabase

    return PostgresDatabase(url)


def _open_cockroach(url: str, folder: Path | None) -> MigrationDatabase:
    from prisma.migrate.postgresql import CockroachDatabase

    return CockroachDatabase(url)


def _open_file(url: str, folder: Path | None) -> MigrationDatabase:
    from prisma.drivers.sqlite.file_url import parse_file_url
    from prisma.migrate.sqlite import SqliteDatabase

    return SqliteDatabase(parse_file_url(url, folder or Path.cwd()))


def _open_mysql(url: str, folder: Path | None) -> MigrationDatabase:
    from prisma.migrate.mysql import MysqlDatabase

    return MysqlDatabase(parse_mysql_url(url))


KINDS: Final = (
    DatabaseKind(
        "PostgreSQL", SERVER_PROVIDERS, _SERVER_PROTOCOLS, EXAMPLE, _open_server, server_place
    ),
    DatabaseKind("SQLite", FILE_PROVIDERS, ("file:", "sqlite:"), FILE_EXAMPLE, _open_file, file_place),
    DatabaseKind(
        "MySQL", MYSQL_PROVIDERS, ("mysql://", "mysql:"), MYSQL_EXAMPLE, _open_mysql, mysql_place,
        has_engine=False, has_studio=False,
    ),
    DatabaseKind(
        "CockroachDB", COCKROACH_PROVIDERS, _SERVER_PROTOCOLS, _COCKROACH_EXAMPLE, _open_cockroach, cockroach_place,
        has_studio=False, counting_type="BigInt", version_word="CockroachDB",
    ),
)  # fmt: skip
DEFAULT: Final = KINDS[0]
"""What a schema is for whose provider can't be read: the schema's own check says what is wrong with it."""


def kind_of_provider(word: str | None) -> DatabaseKind:
    """Return the kind of database that the word of a schema names."""
    return next((kind for kind in KINDS if word in kind.providers), DEFAULT)


def kind_of_url(url: str) -> DatabaseKind | None:
    """Return the first kind of database with such URLs, None if no kind has them."""
    return next((kind for kind in KINDS if url.lstrip().startswith(kind.protocols)), None)


def kind_for(url: str, provider: str | None) -> DatabaseKind:
    """Return the kind of database at a URL, where the word of a schema chooses among those with such URLs."""
    found, named = kind_of_url(url) or DEFAULT, kind_of_provider(provider)
    return named if named.protocols == found.protocols else found


def database_at(url: str, folder: Path | None = None, provider: str | None = None) -> MigrationDatabase:
    """Return the database of a URL, and of a schema with this word.

    The relative path of a file starts in `folder`, by default the working directory.

    Raises:
        EngineConnectionError: P1013, the URL is not valid.
    """
    with translated(connecting=True):
        return kind_for(url, provider).open(url, folder)


def place_of(url: str, shown_url: str, schemas: Sequence[str], provider: str | None = None) -> Place:
    """Return the place of a URL; `shown_url` is how its author wrote it, `schemas` those that the datasource names.

    `provider` is the datasource's word.

    Raises:
        EngineConnectionError: P1013, the URL is not valid.
    """
    with translated(connecting=True):
        return kind_for(url, provider).place(url, shown_url, schemas)


async def create_database(url: str) -> bool:
    """Create the database of `url` unless it exists, and tell whether that was necessary.

    Raises:
        EngineConnectionError: the server can't be reached or refuses the login, or the file can't be made.
        DataError: the user may not create databases.
    """
    return await database_at(url).create()
