"""The table of the databases that migrations know, by URL and by the word of a schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from prisma.drivers.mysql.url import is_mysql_url, parse_mysql_url
from prisma.drivers.sqlite.file_url import is_file_url
from prisma.migrate.faults import translated

if TYPE_CHECKING:
    from prisma.migrate.database import MigrationDatabase


def database_at(url: str, folder: Path | None = None) -> MigrationDatabase:
    """Return the database of a URL.

    The relative path of a file starts in `folder`, by default the working directory.

    Raises:
        EngineConnectionError: P1013, the URL is not valid.
    """
    # Imported when asked for: a program uses one database.
    if is_file_url(url):
        from prisma.drivers.sqlite.file_url import parse_file_url
        from prisma.migrate.sqlite import SqliteDatabase

        with translated(connecting=True):
            return SqliteDatabase(parse_file_url(url, folder or Path.cwd()))
    if is_mysql_url(url):
        from prisma.migrate.mysql import MysqlDatabase

        with translated(connecting=True):
            return MysqlDatabase(parse_mysql_url(url))
    from prisma.migrate.postgresql import PostgresDatabase

    return PostgresDatabase(url)


async def create_database(url: str) -> bool:
    """Create the database of `url` unless it exists, and tell whether that was necessary.

    Raises:
        EngineConnectionError: the server can't be reached or refuses the login, or the file can't be made.
        DataError: the user may not create databases.
    """
    return await database_at(url).create()
