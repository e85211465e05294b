"""Creates the database of migrations if it does not exist yet."""

from __future__ import annotations

from prisma.drivers.postgresql.maintenance import EXISTS_NOW, MAINTENANCE_DATABASES
from prisma.drivers.postgresql.settings import quote_identifier
from prisma.drivers.postgresql.url import parse_url
from prisma.errors import DataError
from prisma.faults import DriverFault
from prisma.migrate.faults import translated
from prisma.migrate.postgresql.session import connected

_NO_SUCH_DATABASE = "P1003"


async def create_database(url: str) -> bool:
    """Create the database of `url` unless it exists, and tell whether that was necessary.

    Raises:
        EngineConnectionError: the server can't be reached or refuses the login.
        DataError: the user may not create databases.
    """
    with translated(connecting=True):
        options = parse_url(url)
    try:
        async with connected(options):
            return False
    except DataError as error:
        if error.code != _NO_SUCH_DATABASE:
            raise
        absent = error
    for maintenance in MAINTENANCE_DATABASES:
        try:
            async with connected(options.__replace__(database=maintenance)) as connection:
                try:
                    await connection.command(f"CREATE DATABASE {quote_identifier(options.database)}")
                except DriverFault as fault:
                    if fault.kind not in EXISTS_NOW:
                        raise
                    return False
                return True
        except DataError as error:
            if error.code != _NO_SUCH_DATABASE:
                raise
    raise absent
