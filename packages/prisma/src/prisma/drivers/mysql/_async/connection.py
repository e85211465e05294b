"""A connection to MySQL or MariaDB: statements, raw SQL, cursors and transactions on one session of a library."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from prisma.dialects.mysql import MYSQL
from prisma.drivers.mysql._async.inherited_session import InheritedSession
from prisma.drivers.mysql._async.session import AsyncSession
from prisma.drivers.mysql.answer import NOTHING
from prisma.drivers.mysql.columns import mappings, raw_rows, raw_types
from prisma.drivers.mysql.faults import (
    CLOSING,
    DEADLOCK,
    EMPTY_QUERY,
    PACKET_TOO_LARGE,
    READ_ONLY,
    SERVER_ENDS,
    locate,
)
from prisma.drivers.mysql.placeholders import with_values
from prisma.drivers.mysql.scripts import without_end
from prisma.drivers.mysql.session_state import IN_TRANSACTION, NO_BACKSLASH_ESCAPES, changes_session
from prisma.drivers.mysql.url import TargetSession
from prisma.drivers.results import RawRows
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from prisma.dialects.dialect import Dialect
    from prisma.drivers.mysql.answer import Answer
    from prisma.drivers.mysql.url import MysqlOptions

_T = TypeVar("_T")

_ENDING: Final = re.compile(r";\s*\Z|--|#|/\*")
"""What may keep a statement from being followed by another."""

KILL_TIMEOUT = 5.0  # seconds for the connection that ends a statement


class _Cursor:
    """The rows of a statement that are read in portions; `rest` are those that had to make way for a statement."""

    __slots__ = ("names", "rest")

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.rest: Sequence[Sequence[Any]] = ()

    def take(self, count: int) -> Sequence[Mapping[str, object]]:
        """Return the next rows that are here."""
        taken, self.rest = self.rest[:count], self.rest[count:]
        return mappings(self.names, taken)


class AsyncMysqlConnection:
    """One session; see `prisma.drivers._async.protocol.PooledConnection`."""

    __slots__ = (
        "_commits", "_context", "_cursors", "_has_committed", "_is_touched", "_is_unsettled", "_lost", "_opening",
        "_options", "_reading", "_session", "_was_begun", "owner", "server_left",
    )  # fmt: skip

    owner: Any
    """The part of the pool that the connection comes back to; set by the pool."""
    server_left: bool

    def __init__(self, session: AsyncSession, options: MysqlOptions, context: ssl.SSLContext | None) -> None:
        self._session = session
        self._options = options
        self._context = context
        # Whether `begin` opened a transaction that no call has ended yet.
        self._was_begun = False
        # What opens it, until it was sent: it travels with the first statement.
        self._opening: str | None = None
        # Whether the next statement shall take COMMIT along, and whether one has.
        self._commits = self._has_committed = False
        # Why it is not open any more although no call has ended it: nothing may run as if it were.
        self._lost: DriverFault | None = None
        self._cursors: dict[str, _Cursor] = {}
        # The one whose rows still come from the server; the libraries have one such answer at a time.
        self._reading: _Cursor | None = None
        # Whether a statement may still run, because a caller did not wait for the end of it.
        self._is_unsettled = False
        # Whether raw SQL may have changed the session.
        self._is_touched = False
        self.server_left = False

    @property
    def dialect(self) -> Dialect:
        return MYSQL

    @property
    def in_transaction(self) -> bool:
        return self._was_begun or bool(self._session.status & IN_TRANSACTION)

    def doubt(self) -> None:
        """Give the session up when it comes back: a new one shows whether its server will do."""
        self._is_touched = True

    @property
    def closed(self) -> bool:
        """Whether the connection is gone, and nothing of it is left to be ended on the server."""
        return not self._is_unsettled and self._session.is_closed()

    @property
    def clean(self) -> bool:
        """Whether the next user may have the connection without `tidy`."""
        return not (self._is_unsettled or self._is_touched or self._cursors or self.in_transaction)

    async def query(self, sql: str, args: Sequence[object]) -> Sequence[Mapping[str, object]]:
        answer = await self._run(sql, args)
        return mappings(answer.names, answer.rows)

    async def execute(self, sql: str, args: Sequence[object]) -> int:
        return (await self._run(sql, args)).affected

    async def insert(self, sql: str, args: Sequence[object]) -> int:
        return (await self._run(sql, args)).insert_id

    async def execute_raw(self, sql: str, args: Sequence[object]) -> int:
        self._note(sql)
        return (await self._run(sql, args or None)).affected

    async def array_types(self, sql: str) -> Sequence[str | None]:
        message = "MySQL has no arrays."
        raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message})

    async def query_raw(self, sql: str, args: Sequence[object]) -> RawRows:
        self._note(sql)
        answer = await self._run(sql, args)
        types = raw_types(answer.codes, answer.rows)
        return RawRows(names=tuple(answer.names), types=types, rows=raw_rows(answer.rows))

    async def open_cursor(self, name: str, sql: str, args: Sequence[object]) -> None:
        await self._free()
        text = self._with_values(sql, args)
        # The libraries read the rows of a text's first statement.
        opening, self._opening = self._opening, None
        if opening is not None:
            await self._settled(self._session.run, opening)
        names = await self._settled(self._session.open_stream, text)
        self._cursors[name] = self._reading = _Cursor(names)

    async def fetch(self, name: str, count: int) -> Sequence[Mapping[str, object]]:
        cursor = self._cursors[name]
        if cursor is not self._reading:
            return cursor.take(count)
        rows = await self._settled(self._session.fetch, count)
        if len(rows) < count:
            self._reading = None
        return mappings(cursor.names, rows)

    async def close_cursor(self, name: str) -> None:
        cursor = self._cursors.pop(name, None)
        if cursor is not None and cursor is self._reading:
            await self._free()

    async def command(self, sql: str) -> None:
        await self._run(sql)

    async def begin(self, isolation_level: str | None = None, settings: Mapping[str, str] | None = None) -> None:
        if settings:
            MYSQL.local_settings(settings)
        try:
            sql = MYSQL.begin(isolation_level)
        except KeyError as error:
            message = f"{isolation_level!r} is not an isolation level of MySQL."
            raise DriverFault(FaultKind.INVALID_INPUT_VALUE, {"message": message}) from error
        self._opening = sql
        self._lost = None
        self._was_begun = True

    async def begin_to_read(self, settings: Mapping[str, str] | None = None) -> None:
        # Readers and writers don't wait for each other.
        await self.begin(None, settings)

    async def set_local(self, settings: Mapping[str, str]) -> None:
        MYSQL.local_settings(settings)

    async def execute_ahead(self, sql: str, args: Sequence[object]) -> None:
        await self.execute_raw(sql, args)

    def alone(self, settings: Mapping[str, str]) -> None:
        MYSQL.local_settings(settings)

    def commit_along(self) -> None:
        self._commits = True

    async def commit(self) -> None:
        lost, self._lost = self._lost, None
        is_open = self._take_end()
        if lost is not None:
            raise lost
        if is_open:
            await self._run("COMMIT")
        self._cursors.clear()

    async def rollback(self) -> None:
        self._lost = None
        if self._take_end():
            await self._run("ROLLBACK")
        self._cursors.clear()

    def _take_end(self) -> bool:
        """Note that the transaction ends; say whether the server has to be told."""
        is_open = self._opening is None and not self._has_committed
        self._opening, self._was_begun, self._commits, self._has_committed = None, False, False, False
        return is_open

    async def tidy(self) -> None:
        """Make the session as good as new, or close it."""
        if self._is_unsettled:
            await self._kill(f"KILL {self._session.thread:d}")
            self._is_unsettled = False
            self._session.terminate()
        elif self._is_touched:
            # A new session costs one round trip more than a reset one, and is surely as it should be.
            await self._session.close(KILL_TIMEOUT)
        else:
            await self._free()
            self._cursors.clear()
            if self.in_transaction:
                await self.rollback()

    async def cancel(self) -> None:
        """End the statement that runs."""
        await self._kill(f"KILL QUERY {self._session.thread:d}")

    def terminate(self) -> None:
        """Close the connection at once, also below a thread that waits for an answer."""
        self._is_unsettled = False
        self._session.terminate()

    def leave(self) -> None:
        """Give the connection up from outside its event loop."""
        self.terminate()

    def leave_to_parent(self) -> None:
        """Refuse everything from now on, in a process that was forked while the connection was open."""
        self._session = cast("AsyncSession", InheritedSession(self._session))
        self._is_unsettled = False

    async def close(self, timeout: float) -> None:
        """Close the connection politely, or at once after `timeout` seconds."""
        await self._session.close(timeout)

    def _with_values(self, sql: str, args: Sequence[object]) -> str:
        return with_values(sql, args, escapes=self._escapes)

    @property
    def _escapes(self) -> bool:
        """Whether a backslash escapes what follows it inside of quotes."""
        return not self._session.status & NO_BACKSLASH_ESCAPES

    def _note(self, sql: str) -> None:
        """Remember that raw SQL may leave something behind; before it runs, because it may do so and then fail."""
        self._is_touched = self._is_touched or changes_session(sql)

    async def _run(self, sql: str, args: Sequence[object] | None = None) -> Answer:
        """Run a statement; without arguments, several at once."""
        if self._reading is not None:
            await self._free()
        if self._lost is not None:
            raise self._lost
        commits, self._commits = self._commits, False
        text = without_end(sql, escapes=self._escapes) if args is None else self._with_values(sql, args)
        if not text:
            return NOTHING
        if self._was_begun:
            # With a semicolon or a comment at the end, what follows would be another statement, or none.
            commits = commits and args is not None and _ENDING.search(text) is None
            text = self._with_companions(text, commits=commits)
        try:
            answer = await self._settled(self._session.run, text, commits)
        except DriverFault as fault:
            # Among several statements, an empty one would keep those behind it from running.
            if fault.fields.get("sqlstate") == EMPTY_QUERY and args is not None and not self._session.is_closed():
                return NOTHING
            locate(fault, sql)
            raise
        if self._was_begun and not self._session.status & IN_TRANSACTION:
            if not commits:
                raise self._lose(_committed())
            self._has_committed = True
        return answer

    def _with_companions(self, text: str, *, commits: bool) -> str:
        """Return a statement with what travels with it: the beginning of its transaction, and the end."""
        opening, self._opening = self._opening, None
        if opening is not None:
            text = f"{opening}; {text}"
        return f"{text}; COMMIT" if commits else text

    async def _settled(self, work: Callable[..., Awaitable[_T]], *args: Any) -> _T:
        """Do something with the session; it stays unsettled if nobody waits for the end of it."""
        self._is_unsettled = True
        try:
            answer = await work(*args)
        except DriverFault as fault:
            code = fault.fields.get("sqlstate")
            demoted = code in READ_ONLY and self._options.target is TargetSession.READ_WRITE
            if code in SERVER_ENDS or demoted:
                self.server_left = True
            if fault.kind in CLOSING or demoted or code == str(PACKET_TOO_LARGE):
                self._session.terminate()
            # Without an answer in time the statement may still run.
            self._is_unsettled = fault.kind is FaultKind.SOCKET_TIMEOUT
            if self._was_begun and fault.fields.get("sqlstate") == str(DEADLOCK):
                self._lose(fault)
            raise
        self._is_unsettled = False
        return answer

    def _lose(self, fault: DriverFault) -> DriverFault:
        self._lost = DriverFault(fault.kind, fault.fields)
        return fault

    async def _free(self) -> None:
        """Take the rest of the rows that are being read, as another statement needs the connection."""
        reading = self._reading
        if reading is not None:
            reading.rest = await self._settled(self._session.fetch, None)
            self._reading = None

    async def _kill(self, sql: str) -> None:
        """End something on the server, through another connection: this one waits for an answer."""
        with suppress(DriverFault):
            session = await AsyncSession.open(self._options.connecting_within(KILL_TIMEOUT), self._context)
            try:
                await session.run(sql)
            finally:
                await session.close(KILL_TIMEOUT)


def _committed() -> DriverFault:
    message = (
        "The statement has committed the transaction that it ran in, as statements like CREATE, ALTER and DROP do in "
        "MySQL. Run it outside of the transaction."
    )
    return DriverFault(FaultKind.DATABASE_ERROR, {"message": message})
