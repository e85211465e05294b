"""No database: for comparisons that need none, or only a shadow database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from prisma.column_types import ColumnType
from prisma.drivers.postgresql.schema_engine.table import Table
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma.drivers.postgresql.schema_engine.connection import EngineConnection, EngineTransaction
    from prisma.drivers.postgresql.url import ConnectionOptions

# The engine begins with one question: does the schema exist, and which version is the server?
_FIRST_QUESTION: Final = "server_version_num"
_FIRST_ANSWER: Final = Table(
    ["exists", "version", "numeric_version"],
    [ColumnType.BOOLEAN, ColumnType.TEXT, ColumnType.INT32],
    [[True, "PostgreSQL 16.0", 160000]],
)


class OfflineDatabase:
    """Answers the engine's first question from a constant, and refuses every other."""

    provider = "postgres"

    def __init__(self, shadow: ConnectionOptions | None = None) -> None:
        self._shadow = shadow
        self._opened: list[EngineConnection] = []

    def connect(self) -> OfflineConnection:
        """Return a connection that leads nowhere."""
        return OfflineConnection()

    def connect_to_shadow(self) -> EngineConnection:
        """Connect to the shadow database that was given."""
        if self._shadow is None:
            _refuse()
        # Most comparisons need no database, and then no driver.
        from prisma.drivers.postgresql.schema_engine.shadow import connect_to_given

        connection = connect_to_given(self._shadow)
        self._opened.append(connection)
        return connection

    def close(self) -> None:
        """Close the connections to the shadow database."""
        while self._opened:
            self._opened.pop().dispose()


class OfflineConnection:
    """A connection that leads nowhere."""

    schema = "public"

    def query_raw(self, sql: str, values: Sequence[object]) -> Table:
        """Answer the first question."""
        if _FIRST_QUESTION not in sql:
            _refuse()
        return _FIRST_ANSWER

    def execute_raw(self, sql: str, values: Sequence[object]) -> int:
        """Refuse."""
        _refuse()

    def execute_script(self, script: str) -> None:
        """Refuse."""
        _refuse()

    def start_transaction(self, isolation: str | None) -> EngineTransaction:
        """Refuse."""
        _refuse()

    def dispose(self) -> None:
        """Do nothing."""


def _refuse() -> NoReturn:
    message = "This command needs a database: set the variable that the schema names in `url`."
    raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message})
