"""URLs of databases: which driver reads the URL of which database."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from prisma.dialects import dialect_of

if TYPE_CHECKING:
    from pathlib import Path

    from prisma.drivers.mysql.url import MysqlOptions
    from prisma.drivers.postgresql.url import ConnectionOptions
    from prisma.drivers.sqlite.file_url import FileOptions

    Options: TypeAlias = ConnectionOptions | FileOptions | MysqlOptions
    """What a driver needs to connect."""


def parse_database_url(provider: str, url: str, folder: Path) -> Options:
    """Return the options in the URL of a datasource whose provider has this word.

    The path of a file starts in `folder`. A DriverFault of kind INVALID_URL says what is wrong with the URL.
    """
    # Imported when asked for: a program uses one database.
    match dialect_of(provider).system:
        case "sqlite":
            from prisma.drivers.sqlite.file_url import parse_file_url

            return parse_file_url(url, folder)
        case "mysql":
            from prisma.drivers.mysql.url import parse_mysql_url

            return parse_mysql_url(url)
        case _:
            from prisma.drivers.postgresql.url import parse_url

            return parse_url(url)
