"""A database of PostgreSQL, with its shadow databases, for one schema engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.drivers.postgresql.schema_engine.connection import EngineConnection
from prisma.drivers.postgresql.schema_engine.creation import create_database
from prisma.drivers.postgresql.schema_engine.shadow import (
    ShadowConnection,
    connect_to_given,
    create_schema,
    refuse_same,
)
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from prisma.drivers.postgresql.url import ConnectionOptions


class EngineDatabase:
    """The database of a URL; see `prisma.schema_engine.database.Database`. Close it when the engine is closed.

    Args:
        options: the database.
        shadow: a database that may be emptied to try migrations in; without it, temporary ones are created.
        may_create_schema: whether the schema that the URL names is created if it is missing.
        lock: whether the engine gets the lock that it takes in some calls; poolers can't hold it.
        held_lock: an advisory lock that the connection to the database has from its start to its end.
        on_create: called after the database was created, which happens only if this is given.
    """

    provider = "postgres"

    def __init__(
        self,
        options: ConnectionOptions,
        shadow: ConnectionOptions | None = None,
        *,
        may_create_schema: bool = False,
        lock: bool = True,
        held_lock: int | None = None,
        on_create: Callable[[], object] | None = None,
    ) -> None:
        self._options = options
        self._shadow = shadow
        self._may_create_schema = may_create_schema
        self._lock = lock
        self._held_lock = held_lock
        self._on_create = on_create
        self._opened: list[EngineConnection] = []
        if shadow is not None:
            refuse_same(options, shadow)

    def __enter__(self) -> EngineDatabase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def connect(self) -> EngineConnection:
        """Connect to the database.

        Raises LockRefused if another session holds the lock.
        """
        connection = self._kept(self._connected())
        if self._held_lock is not None:
            connection.lock(self._held_lock)
        if self._may_create_schema:
            create_schema(connection, self._options)
        return connection

    def connect_to_shadow(self) -> EngineConnection:
        """Connect to an empty database.

        Raises ShadowRefused if the user may not create one.
        """
        if self._shadow is not None:
            return self._kept(connect_to_given(self._shadow))
        return self._kept(ShadowConnection(self._options))

    def close(self) -> None:
        """Close all connections, and drop the shadow databases that are left."""
        while self._opened:
            self._opened.pop().dispose()

    def _connected(self) -> EngineConnection:
        try:
            return self._dialled()
        except DriverFault as fault:
            if fault.kind is not FaultKind.DATABASE_DOES_NOT_EXIST or self._on_create is None:
                raise
            if create_database(self._options, fault):
                self._on_create()
        return self._dialled()

    def _dialled(self) -> EngineConnection:
        return EngineConnection(self._options, lock=self._lock, may_create_schema=self._may_create_schema)

    def _kept(self, connection: EngineConnection) -> EngineConnection:
        self._opened.append(connection)
        return connection
