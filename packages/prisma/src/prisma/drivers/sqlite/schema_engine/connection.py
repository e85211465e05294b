"""A connection of the schema engine to SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from prisma.column_types import ColumnType
from prisma.drivers.sqlite.moments import as_text, moment_of
from prisma.drivers.sqlite.session import Session
from prisma.faults import DriverFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma.drivers.sqlite.file_url import FileOptions

# By the words of `Session.query_raw`.
_TYPES: Final = {
    "int8": ColumnType.INT64,
    "float8": ColumnType.DOUBLE,
    "text": ColumnType.TEXT,
    "bytea": ColumnType.BYTES,
}

_HISTORY: Final = "_prisma_migrations"
_MOMENTS: Final = frozenset({"started_at", "finished_at", "rolled_back_at"})


class Table(NamedTuple):
    """The answer to a query; see `prisma.schema_engine.database.Rows`."""

    names: list[str]
    types: list[ColumnType]
    rows: list[list[object]]


class FileConnection:
    """A connection; every failure is a DriverFault. A file that does not exist is made, if that may be."""

    def __init__(self, options: FileOptions, *, may_create: bool = True) -> None:
        self.schema = options.schema
        self._session = Session(options, may_create=may_create)

    def query_raw(self, sql: str, values: Sequence[object]) -> Table:
        """Run a query and return its rows; a column has the type of its first value."""
        try:
            found = self._session.query_raw(sql, _stored(values))
        except DriverFault as fault:
            # The engine would take the missing history for an error, unlike on other databases.
            if fault.fields.get("table") != _HISTORY:
                raise
            return Table([], [], [])
        rows = [list(row) for row in found.rows]
        types = [_TYPES[word] for word in found.types]
        for index, name in enumerate(found.names):
            if name in _MOMENTS and _HISTORY in sql:
                types[index] = ColumnType.DATETIME
                for row in rows:
                    row[index] = _rfc3339(row[index])
        return Table(list(found.names), types, rows)

    def execute_raw(self, sql: str, values: Sequence[object]) -> int:
        """Run a statement and return how many rows it changed; without values it may be a script."""
        return self._session.execute_raw(sql, _stored(values))

    def execute_script(self, script: str) -> None:
        """Run several statements, one after the other."""
        self._session.script(script)

    def start_transaction(self, isolation: str | None) -> FileTransaction:
        """Start a transaction: SQLite has one level, which is the strictest."""
        del isolation
        self._session.begin(None, None)
        return FileTransaction(self, self._session)

    def dispose(self) -> None:
        """Close the connection."""
        self._session.close()


class FileTransaction:
    """A transaction on a connection."""

    def __init__(self, connection: FileConnection, session: Session) -> None:
        self.query_raw = connection.query_raw
        self.execute_raw = connection.execute_raw
        self.commit = session.commit
        self.rollback = session.rollback


def _stored(values: Sequence[object]) -> list[object]:
    # JavaScript has one kind of number.
    return [int(value) if isinstance(value, float) and value.is_integer() else value for value in values]


def _rfc3339(value: object) -> str | None:
    """Return a moment of the history, which some programs write as milliseconds and others as text."""
    return None if value is None else as_text(moment_of(value))
