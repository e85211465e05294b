"""The protocols of drivers: a pool lends connections, and connections run statements.

Input values: None, bool, int, float, Decimal, str, bytes, aware datetime, and lists of those; JSON columns take their
text. The driver converts each value to the type that the server infers for its placeholder. Output values: int, float,
Decimal, bool, str, bytes, datetime (naive for a column without time zone), date, time, UUID, list; JSON comes as text.

All failures are `prisma.faults.DriverFault`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prisma.dialects.dialect import Dialect, TimestampFormat
    from prisma.drivers.results import PoolStats, RawRows


class Connection(Protocol):
    """One connection, used by one task at a time.

    Savepoints have no methods here: `command` runs the texts of the dialect. Beginning and ending a transaction have,
    because a driver does more for them than send a text.
    """

    @property
    def dialect(self) -> Dialect: ...

    @property
    def in_transaction(self) -> bool: ...

    async def query(self, sql: str, args: Sequence[object]) -> Sequence[Mapping[str, object]]:
        """Run a statement and return its rows."""
        ...

    async def execute(self, sql: str, args: Sequence[object]) -> int:
        """Run a statement and return the number of affected rows."""
        ...

    async def insert(self, sql: str, args: Sequence[object]) -> int:
        """Run an INSERT of one row and return the id that the database made; of databases that can't return the row."""
        ...

    async def execute_raw(self, sql: str, args: Sequence[object]) -> int:
        """Run a statement of the caller's own, or several without parameters; see `query_raw`."""
        ...

    async def array_types(self, sql: str) -> Sequence[str | None]:
        """Return for each parameter of a statement the SQL type of arrays of it; None for one that is an array."""
        ...

    async def query_raw(self, sql: str, args: Sequence[object]) -> RawRows:
        """Run a statement of the caller's own and return its rows with their column types.

        Where it matters to the database, the parameters are declared by the Python types of their values.
        """
        ...

    async def open_cursor(self, name: str, sql: str, args: Sequence[object]) -> None:
        """Open a cursor for the rows of a statement, inside a transaction, whose end closes it."""
        ...

    async def fetch(self, name: str, count: int) -> Sequence[Mapping[str, object]]:
        """Return the next rows of a cursor, `count` at most; fewer are the last."""
        ...

    async def close_cursor(self, name: str) -> None:
        """Close a cursor before its transaction ends."""
        ...

    async def command(self, sql: str) -> None:
        """Run SQL without parameters: one statement or several, without a transaction of our own around them.

        It is sent unchecked. What it leaves behind in the session stays there, unlike after `execute_raw`.
        """
        ...

    async def begin(self, isolation_level: str | None = None, settings: Mapping[str, str] | None = None) -> None:
        """Open a transaction; the level has Prisma's name, such as `Serializable`.

        `settings` are configuration parameters for this transaction. A driver may send all this with the first
        statement, which then also reports what is wrong with it.
        """
        ...

    async def begin_to_read(self, settings: Mapping[str, str] | None = None) -> None:
        """Open a transaction that will only read, so that it keeps no writer waiting."""
        ...

    async def set_local(self, settings: Mapping[str, str]) -> None:
        """Set configuration parameters until the end of the transaction or savepoint that is open."""
        ...

    async def execute_ahead(self, sql: str, args: Sequence[object]) -> None:
        """Run a statement of the caller's own, which has no rows, in the transaction that has just begun.

        A driver may send it with the first statement, which then also reports its error.
        """
        ...

    def alone(self, settings: Mapping[str, str]) -> None:
        """Give the next statement a transaction of its own, with settings.

        If a transaction is open after the statement, the caller commits it: the driver could not send all at once.
        """
        ...

    def commit_along(self) -> None:
        """Let the next statement commit, if the driver can send both at once; `commit`, which follows, knows."""
        ...

    async def commit(self) -> None:
        """Commit; a DriverFault says that the database rolled back instead."""
        ...

    async def rollback(self) -> None: ...

    async def cancel(self) -> None:
        """Ask the server to end the statement that runs; for other threads or tasks than the one that waits for it."""
        ...

    def terminate(self) -> None:
        """Close the connection at once, also below a thread that waits for an answer."""
        ...


class PooledConnection(Connection, Protocol):
    """A connection with what its pool needs to lend it again and again."""

    owner: Any
    """The part of the pool that the connection comes back to; set by the pool."""

    @property
    def server_left(self) -> bool:
        """Whether the server has ended, or changed its role, so that other connections to it are of no use either."""
        ...

    @property
    def closed(self) -> bool:
        """Whether the connection is gone."""
        ...

    @property
    def clean(self) -> bool:
        """Whether the next user may have the connection without `tidy`."""
        ...

    async def tidy(self) -> None:
        """Undo what the last user left behind; a DriverFault says that it can't be undone in time."""
        ...

    def doubt(self) -> None:
        """Let `tidy`, before the next user, find out whether the server is still the one to talk to."""
        ...

    async def close(self, timeout: float) -> None:
        """Close the connection politely, or at once after `timeout` seconds."""
        ...

    def leave(self) -> None:
        """Give the connection up from outside its event loop."""
        ...

    def leave_to_parent(self) -> None:
        """Refuse everything from now on, in a process that was forked while the connection was open."""
        ...


ConnectionT = TypeVar("ConnectionT", bound=Connection)
PooledT = TypeVar("PooledT", bound=PooledConnection)


class Pool(Protocol[ConnectionT]):
    """Connections to one database."""

    @property
    def joins(self) -> bool | None:
        """Whether the server reads related rows in the same statement, known once a connection was made.

        None where the dialect says so for all servers.
        """
        ...

    @property
    def returns_inserted(self) -> bool:
        """Whether an INSERT can return its row, where the compiler's plans read it again."""
        ...

    @property
    def timestamp_format(self) -> TimestampFormat | None:
        """How moments are stored, None where the database has a type for them."""
        ...

    async def open(self) -> None:
        """Make the first connection, so that a wrong URL shows now."""
        ...

    async def close(self, timeout: float | None = None) -> None:
        """Close every connection, waiting at most `timeout` seconds for those in use."""
        ...

    async def acquire(self, timeout: float | None = None, *, transaction: bool = False) -> ConnectionT:
        """Lend a connection; POOL_TIMEOUT after `timeout` seconds (default: the URL's pool_timeout).

        Calls and transactions wait in a queue each; the pool serves the two in turns.
        """
        ...

    def try_acquire(self) -> ConnectionT | None:
        """Lend an idle connection at once, or None: then `acquire` is the way."""
        ...

    async def release(self, connection: ConnectionT) -> None:
        """Take a connection back, rolling back what was left open and dropping what is broken."""
        ...

    def release_nowait(self, connection: ConnectionT) -> None:
        """Take a connection back at once; what has to be undone on it is undone in the background."""
        ...

    @property
    def stats(self) -> PoolStats: ...
