"""A database of PostgreSQL, with its shadow databases, for one schema engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.drivers.postgresql.schema_engine.connection import EngineConnection
from prisma.drivers.postgresql.schema_engine.shadow import (
    ShadowConnection,
    connect_to_given,
    create_schema,
    refuse_same,
)

if TYPE_CHECKING:
    from types import TracebackType

    from prisma.drivers.postgresql.url import ConnectionOptions


class EngineDatabase:
    """The database of a URL; see `prisma.schema_engine.database.Database`. Close it when the engine is closed.

    Args:
        options: the database.
        shadow: a database that may be emptied to try migrations in; without it, temporary ones are created.
        may_create_schema: whether the schema that the URL names is created if it is missing.
        lock: whether other runs of migrations are kept away; poolers can't hold the lock.
    """

    provider = "postgres"

    def __init__(
        self,
        options: ConnectionOptions,
        shadow: ConnectionOptions | None = None,
        *,
        may_create_schema: bool = False,
        lock: bool = True,
    ) -> None:
        self._options = options
        self._shadow = shadow
        self._may_create_schema = may_create_schema
        self._lock = lock
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
        """Connect to the database."""
        connection = self._kept(
            EngineConnection(self._options, lock=self._lock, may_create_schema=self._may_create_schema)
        )
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

    def _kept(self, connection: EngineConnection) -> EngineConnection:
        self._opened.append(connection)
        return connection
