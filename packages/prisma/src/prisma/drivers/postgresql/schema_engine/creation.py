"""Creates the database that the schema engine is to work on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.drivers.postgresql.maintenance import EXISTS_NOW, MAINTENANCE_DATABASES
from prisma.drivers.postgresql.schema_engine.connection import EngineConnection
from prisma.drivers.postgresql.settings import quote_identifier
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from prisma.drivers.postgresql.url import ConnectionOptions


def create_database(options: ConnectionOptions, absent: DriverFault) -> bool:
    """Create a database, and say whether that was necessary; `absent` is the fault that told of its absence.

    Raises DriverFault if no server's own database can be reached, or the user may not create databases.
    """
    for maintenance in MAINTENANCE_DATABASES:
        try:
            connection = EngineConnection(options.__replace__(database=maintenance))
        except DriverFault as fault:
            if fault.kind is not FaultKind.DATABASE_DOES_NOT_EXIST:
                raise
            continue
        try:
            connection.execute_script(f"CREATE DATABASE {quote_identifier(options.database)}")
        except DriverFault as fault:
            if fault.kind not in EXISTS_NOW:
                raise
            return False
        finally:
            connection.dispose()
        return True
    raise absent
