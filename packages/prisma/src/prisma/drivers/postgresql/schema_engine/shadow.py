"""Shadow databases: made or emptied for the schema engine to try migrations in, and dropped afterwards."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Final

from prisma.drivers.postgresql.schema_engine.connection import EngineConnection
from prisma.drivers.postgresql.settings import quote_identifier
from prisma.faults import DriverFault, FaultKind, ShadowRefused

if TYPE_CHECKING:
    from prisma.drivers.postgresql.url import ConnectionOptions

log = logging.getLogger(__name__)

SHADOW_PREFIX: Final = "prisma_migrate_shadow_db_"
# Dropping a database waits for all backends of the server, which long uninterruptible work can keep busy for minutes.
DROP_SECONDS: Final = 15
_NOT_PERMITTED: Final = "42501"
_SYNTAX_ERROR: Final = "42601"
_IS_SCHEMA: Final = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1"
_SCHEMAS: Final = (
    "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
)


class ShadowConnection(EngineConnection):
    """A connection to a shadow database that was made for it, and is dropped with it."""

    def __init__(self, main: ConnectionOptions) -> None:
        self._main = main
        self.database = SHADOW_PREFIX + str(uuid.uuid4())
        self._is_there = False
        self._create()
        try:
            super().__init__(main.__replace__(database=self.database))
            create_schema(self, main)
        except BaseException:
            self._drop()
            raise

    def dispose(self) -> None:
        """Close the connection and drop the database."""
        super().dispose()
        self._drop()

    def _create(self) -> None:
        connection = EngineConnection(self._main)
        try:
            # Before it is done: an interrupted statement may have come to its end.
            self._is_there = True
            connection.execute_script(f"CREATE DATABASE {quote_identifier(self.database)}")
        except DriverFault as fault:
            self._is_there = False
            if fault.fields.get("sqlstate") == _NOT_PERMITTED:
                raise ShadowRefused(fault.kind, fault.fields) from fault
            raise
        except BaseException:
            connection.dispose()
            self._drop()
            raise
        finally:
            connection.dispose()

    def _drop(self) -> None:
        if not self._is_there:
            return
        self._is_there = False
        try:
            _drop_database(self._main, self.database)
        except DriverFault as fault:
            log.warning(
                "The shadow database %s could not be dropped (%s). Drop it by hand: DROP DATABASE %s;",
                self.database,
                fault.fields.get("message", fault),
                quote_identifier(self.database),
            )


def connect_to_given(options: ConnectionOptions) -> EngineConnection:
    """Connect to a shadow database that the user has named, after everything in it was removed."""
    connection = EngineConnection(options)
    try:
        for (name,) in connection.query_raw(_SCHEMAS, ()).rows:
            connection.execute_script(f"DROP SCHEMA {quote_identifier(str(name))} CASCADE")
        connection.execute_script("CREATE SCHEMA public")
        create_schema(connection, options)
    except BaseException:
        connection.dispose()
        raise
    return connection


def create_schema(connection: EngineConnection, options: ConnectionOptions) -> None:
    """Create the schema that the URL names, if it is missing."""
    # Asked first: the statement needs a privilege also where the schema is there.
    if not connection.query_raw(_IS_SCHEMA, (options.schema,)).rows:
        connection.execute_script(f"CREATE SCHEMA IF NOT EXISTS {quote_identifier(options.schema)}")


def refuse_same(main: ConnectionOptions, shadow: ConnectionOptions) -> None:
    """Raise DriverFault if the shadow database is the database itself."""

    same_server = set(main.addresses) & set(shadow.addresses)
    if same_server and main.database == shadow.database:
        message = "The shadow database is the database itself, and would be emptied. Name another one."
        raise DriverFault(FaultKind.INVALID_URL, {"message": message})


def _drop_database(main: ConnectionOptions, name: str) -> None:
    connection = EngineConnection(main)
    try:
        connection.execute_script(f"SET statement_timeout = '{DROP_SECONDS}s'")
        statement = f"DROP DATABASE IF EXISTS {quote_identifier(name)}"
        try:
            # Force ends sessions that the server has not noticed to be closed; servers before 13 don't know it.
            connection.execute_script(f"{statement} WITH (FORCE)")
        except DriverFault as fault:
            if fault.fields.get("sqlstate") != _SYNTAX_ERROR:
                raise
            connection.execute_script(statement)
    finally:
        connection.dispose()
