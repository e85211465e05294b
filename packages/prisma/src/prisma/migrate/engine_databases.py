"""The databases that the schema engine reads, without any wish to change them."""

from __future__ import annotations

from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import TYPE_CHECKING

from prisma.drivers.sqlite.file_url import MEMORY, FileOptions, is_file_url, parse_file_url

if TYPE_CHECKING:
    from prisma.drivers.postgresql.schema_engine.database import EngineDatabase
    from prisma.drivers.postgresql.schema_engine.offline import OfflineDatabase
    from prisma.drivers.sqlite.schema_engine import FileDatabase


def existing_database(url: str) -> AbstractContextManager[EngineDatabase | FileDatabase]:
    """Open the database of a URL; the relative path of a file starts in the working directory.

    Raises DriverFault if the URL is not valid.
    """
    # Imported when asked for: a program uses one database.
    if is_file_url(url):
        return file_database(url)
    from prisma.drivers.postgresql.schema_engine.database import EngineDatabase
    from prisma.drivers.postgresql.url import parse_url

    return EngineDatabase(parse_url(url), lock=False)


def file_database(url: str | None) -> FileDatabase:
    """Open a file, which must exist, or without a URL a database in memory. Migrations can be tried beside both.

    Raises DriverFault if the URL is not valid.
    """
    from prisma.drivers.sqlite.schema_engine import FileDatabase

    options = parse_file_url(url, Path.cwd()) if url else FileOptions(path=MEMORY, connection_limit=1)
    return FileDatabase(options, may_create=False)


def server_database(
    url: str | None, shadow_url: str | None
) -> AbstractContextManager[EngineDatabase | OfflineDatabase]:
    """Open a database of PostgreSQL, or without a URL none, where migrations can be tried in `shadow_url` alone.

    Raises DriverFault if a URL is not valid.
    """
    from prisma.drivers.postgresql.url import parse_url

    shadow = parse_url(shadow_url) if shadow_url else None
    # Each imported when asked for: a comparison of files loads no driver.
    if url is None:
        from prisma.drivers.postgresql.schema_engine.offline import OfflineDatabase

        return closing(OfflineDatabase(shadow))
    from prisma.drivers.postgresql.schema_engine.database import EngineDatabase

    return EngineDatabase(parse_url(url), shadow)
