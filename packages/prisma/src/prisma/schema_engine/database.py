"""What the schema engine asks of a database; drivers implement it.

Every method blocks, runs outside the engine's own code and may be interrupted by Ctrl-C. It raises
`prisma.faults.DriverFault` for what the database refuses: the engine is told, and decides. Any other exception is the
caller's: it ends the engine's call and is raised from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma.column_types import ColumnType


class Rows(Protocol):
    """The answer to a query.

    Values by type: int for INT32, float for FLOAT and DOUBLE, bool for BOOLEAN, lists for arrays, and text for all
    others, with dates and times in the form of RFC 3339. None is null.
    """

    @property
    def names(self) -> Sequence[str]:
        """The columns' names."""
        ...

    @property
    def types(self) -> Sequence[ColumnType]:
        """The columns' types."""
        ...

    @property
    def rows(self) -> Sequence[Sequence[object]]:
        """The values."""
        ...


class Statements(Protocol):
    """What runs statements; `values` are None, bool, int, float, str, bytes, or lists of these."""

    def query_raw(self, sql: str, values: Sequence[object]) -> Rows:
        """Run a query and return its rows."""
        ...

    def execute_raw(self, sql: str, values: Sequence[object]) -> int:
        """Run a statement and return how many rows it changed; without values it may be a script."""
        ...


class Transaction(Statements, Protocol):
    """A transaction, which `commit` or `rollback` ends."""

    def commit(self) -> None:
        """Keep what was done."""
        ...

    def rollback(self) -> None:
        """Undo what was done."""
        ...


class Connection(Statements, Protocol):
    """A connection that the engine has opened, and closes with `dispose`."""

    @property
    def schema(self) -> str:
        """The schema that unqualified names mean."""
        ...

    def execute_script(self, script: str) -> None:
        """Run several statements at once."""
        ...

    def start_transaction(self, isolation: str | None) -> Transaction:
        """Start a transaction; `isolation` is SQL's name of a level."""
        ...

    def dispose(self) -> None:
        """Close the connection; a shadow database is dropped."""
        ...


class Database(Protocol):
    """The database that an engine works on. Errors of the two methods end the engine's call, as they are."""

    @property
    def provider(self) -> str:
        """The engine's word for the kind of database, e.g. `postgres`."""
        ...

    def connect(self) -> Connection:
        """Connect to the database."""
        ...

    def connect_to_shadow(self) -> Connection:
        """Connect to an empty database in which migrations may be tried. The engine may open several in one call."""
        ...
