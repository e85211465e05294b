"""A session: one connection of `sqlite3`, with the writer's turn that it may hold. All its methods block."""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prisma.dialects.sqlite import SQLITE
from prisma.drivers.results import RawRows
from prisma.drivers.sqlite.faults import fault_of, lost_file, unreachable
from prisma.drivers.sqlite.numbered import by_number
from prisma.drivers.sqlite.parameters import Parameters
from prisma.drivers.sqlite.scripts import statements
from prisma.drivers.sqlite.writer_lock import WRITER_LOCKS, Turn
from prisma.faults import DriverFault, FaultKind
from prisma.forks import leave_to_parent_on_fork

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from prisma.drivers.sqlite.file_url import FileOptions

OLDEST: Final = (3, 38, 0)
"""The first version that has all that Prisma's statements use: RETURNING, `->` and `->>`."""

FAILURES: Final = (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeEncodeError)
"""What `sqlite3` raises for a statement or its parameters."""

_READING: Final = ("SELECT", "VALUES", "EXPLAIN", "PRAGMA")
_CHANGES_CONNECTION: Final = re.compile(r"[\s;]*(?:PRAGMA|ATTACH|DETACH|CREATE\s+TEMP)", re.IGNORECASE)
# Of SQLite's virtual machine, which makes them in some hundredths of a second.
_STEPS: Final = 1_000_000
# As many as it makes in about half a millisecond, in which an event loop may wait.
_SHORT: Final = 10_000
# Statements that are known to take longer; more of them than a program has would only cost memory.
_KEPT_LONG: Final = 1_000
_SPACE: Final = " \t\r\n("
_TYPES: Final[dict[type, str]] = {int: "int8", float: "float8", str: "text", bytes: "bytea"}


class Session:
    """One connection, used by one thread at a time; only `interrupt` and `close` may be called meanwhile.

    A file that does not exist is made if `may_create` says so.
    """

    def __init__(self, options: FileOptions, *, may_create: bool = False) -> None:
        self._busy_timeout = options.busy_timeout
        # What a fault says of a lock that was waited for.
        self._waited: Final = {"timeout": options.busy_timeout, "path": options.path}
        self._is_memory = options.is_memory
        self._parameters = Parameters(options.timestamp_format)
        self._lock = WRITER_LOCKS.of(options)
        self._turn: Turn | None = None
        self._cursors: dict[str, sqlite3.Cursor] = {}
        self._is_changed = False
        # Whether a transaction was opened here and not yet ended: SQLite may have rolled it back on its own.
        self._is_begun = False
        self._connection = _open(options, may_create=may_create)
        # Held by who runs a statement: `sqlite3` breaks when a connection is closed meanwhile.
        self._in_use = threading.RLock()
        # With a write-ahead log nobody makes a reader wait.
        self._is_wal = self._connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        self._long: set[str] = set()
        self._ticks = 0
        self._is_unwanted: Callable[[], bool] | None = None
        self._path = options.path
        self._file = None if options.is_memory else _identity(options.path)
        # Whether the file is another one by now, or gone.
        self._is_lost = False
        leave_to_parent_on_fork(self)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        try:
            return self._connection.in_transaction
        except sqlite3.ProgrammingError:
            # Another thread has closed it.
            return False

    @property
    def is_untidy(self) -> bool:
        """Whether the next user would find what the last one left behind."""
        return bool(self._is_changed or self._is_lost or self._cursors or self._connection.in_transaction)

    def query(self, sql: str, args: Sequence[object]) -> Sequence[Any]:
        """Run a statement and return its rows."""
        # The usual statement needs no turn: entering and leaving `_statement` would take a fifth of its time.
        if self._turn is None and not self._is_begun and sql.startswith("SELECT") and "\0" not in sql:
            try:
                with self._in_use:
                    return self._connection.execute(sql, self._parameters.converted(args)).fetchall()
            except FAILURES as error:
                raise self._fault(error) from error
        with self._statement(sql):
            return self._connection.execute(sql, self._parameters.converted(args)).fetchall()

    def query_at_once(self, sql: str, args: Sequence[object]) -> Sequence[Any] | None:
        """Return the rows of a SELECT that takes SQLite less than about a millisecond; None for others."""
        if self._turn is not None or self._is_begun or not self._is_wal or sql in self._long:
            return None
        if not sql.startswith("SELECT") or "\0" in sql:
            return None
        connection = self._connection
        self._ticks = 0
        connection.set_progress_handler(self._is_long, _SHORT)
        try:
            return connection.execute(sql, self._parameters.converted(args)).fetchall()
        except FAILURES as error:
            if getattr(error, "sqlite_errorname", None) != "SQLITE_INTERRUPT":
                raise self._fault(error) from error
            if len(self._long) < _KEPT_LONG:
                self._long.add(sql)
            return None
        finally:
            connection.set_progress_handler(self._is_unwanted, _STEPS)

    def _is_long(self) -> bool:
        # SQLite counts the steps of a kept statement through all its runs, so the first time says nothing of this run.
        self._ticks += 1
        return self._ticks > 1

    def execute(self, sql: str, args: Sequence[object]) -> int:
        """Run a statement of the plan's and return the number of affected rows."""
        if _may_read_its_changes(sql):
            return len(self.query(f"{sql} RETURNING 1", args))
        return self._execute(sql, args)

    def _execute(self, sql: str, args: Sequence[object]) -> int:
        with self._statement(sql):
            return max(self._connection.execute(sql, self._parameters.converted(args)).rowcount, 0)

    def execute_raw(self, sql: str, args: Sequence[object]) -> int:
        """Run a statement, or several without parameters; return how many rows the last one affected."""
        self._note(sql)
        if args:
            with self._statement(sql):
                return max(self._connection.execute(sql, self._raw_parameters(sql, args)).rowcount, 0)
        affected = 0
        for statement in statements(sql):
            affected = self._execute(statement, ())
        return affected

    def query_raw(self, sql: str, args: Sequence[object]) -> RawRows:
        """Run a statement of the caller's and return its rows; a column has the type of its first value."""
        self._note(sql)
        with self._statement(sql):
            cursor = self._connection.execute(sql, self._raw_parameters(sql, args))
            rows = [tuple(row) for row in cursor.fetchall()]
            names = tuple(column[0] for column in cursor.description or ())
        return RawRows(names=names, types=tuple(_type_of(rows, index) for index in range(len(names))), rows=rows)

    @contextmanager
    def rows(self, sql: str, args: Sequence[object]) -> Generator[tuple[Sequence[str], Iterator[Sequence[object]]]]:
        """Run a statement of the caller's; yield the names of its columns, and its rows while they are read."""
        self._note(sql)
        with self._statement(sql), closing(self._connection.execute(sql, self._raw_parameters(sql, args))) as cursor:
            yield [column[0] for column in cursor.description or ()], cursor

    def _raw_parameters(self, sql: str, args: Sequence[object]) -> Sequence[object] | Mapping[str, object]:
        return by_number(sql, self._parameters.converted(args))

    def script(self, sql: str) -> None:
        """Run several statements, without a transaction around them."""
        for statement in statements(sql):
            with self._statement(statement):
                self._connection.execute(statement)

    def open_cursor(self, name: str, sql: str, args: Sequence[object]) -> None:
        """Begin to read the rows of a statement."""
        with self._statement(sql):
            self._cursors[name] = self._connection.execute(sql, self._parameters.converted(args))

    def fetch(self, name: str, count: int) -> Sequence[Mapping[str, object]]:
        """Return the next rows of a cursor."""
        with self._statement("SELECT"):
            return self._cursors[name].fetchmany(count)

    def close_cursor(self, name: str) -> None:
        """Forget a cursor."""
        cursor = self._cursors.pop(name, None)
        if cursor is not None:
            cursor.close()

    def begin(self, isolation_level: str | None, settings: Mapping[str, str] | None) -> None:
        """Open a transaction that may write."""
        if settings:
            SQLITE.local_settings(settings)
        try:
            sql = SQLITE.begin(isolation_level)
        except KeyError as error:
            message = f"{isolation_level!r} is not an isolation level of SQLite, which has Serializable alone."
            raise DriverFault(FaultKind.INVALID_INPUT_VALUE, {"message": message}) from error
        with self._statement(sql):
            self._connection.execute(sql)
        self._is_begun = True

    def begin_to_read(self, settings: Mapping[str, str] | None) -> None:
        """Open a transaction that reads: it sees one moment, and writers go on meanwhile."""
        if settings:
            SQLITE.local_settings(settings)
        with self._statement("SELECT"):
            self._connection.execute(SQLITE.begin_to_read())
        self._is_begun = True

    def commit(self) -> None:
        """Commit; DriverFault if SQLite has rolled back before."""
        self._close_cursors()
        # One that the caller's SQL has opened is meant to take effect as well.
        if self._is_begun or self._connection.in_transaction:
            with self._statement("SELECT"):
                self._connection.execute("COMMIT")

    def rollback(self) -> None:
        """Roll back."""
        self._close_cursors()
        self._is_begun = False
        if self._connection.in_transaction:
            with self._statement("SELECT"):
                self._connection.execute("ROLLBACK")

    def tidy(self) -> bool:
        """Leave no transaction and no cursor behind; False if more is left, and only a new connection is without it."""
        self.rollback()
        return not (self._is_changed or self._is_lost)

    def watch(self, is_unwanted: Callable[[], bool]) -> None:
        """Ask now and then, while a statement runs, whether to end it.

        An `interrupt` that comes just before the statement has no effect.
        """
        self._is_unwanted = is_unwanted
        self._connection.set_progress_handler(is_unwanted, _STEPS)

    def interrupt(self) -> None:
        """End what runs, or waits, with an error; for other threads."""
        if self._turn is not None:
            self._lock.give_up(self._turn)
        with suppress(sqlite3.ProgrammingError):
            self._connection.interrupt()

    def close(self) -> None:
        """Close the connection, and roll back what is open; a statement that runs is waited for."""
        with self._in_use, self._lock.closing:
            self._cursors.clear()
            # An interrupt lasts until the next statement. It would keep SQLite from putting the write-ahead log back.
            with suppress(sqlite3.Error):
                self._connection.execute("SELECT 1")
            with suppress(sqlite3.Error):
                self._connection.close()
            self._pass_turn(is_over=True)

    def leave_to_parent(self) -> None:
        """Keep the connection open for ever, in a forked process.

        Closing it, as Python does at its end, would change memory that SQLite shares with the parent. A transaction
        that is open there would find the file malformed.
        """
        with suppress(ImportError):
            import ctypes

            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._connection))

    def _close_cursors(self) -> None:
        """Close the cursors, which belong to the transaction."""
        for name in list(self._cursors):
            self.close_cursor(name)

    def _note(self, sql: str) -> None:
        """Remember that raw SQL may change the connection itself."""
        if _CHANGES_CONNECTION.match(sql):
            self._is_changed = not self._is_memory

    @contextmanager
    def _statement(self, sql: str) -> Generator[None]:
        """Hold the writer's turn for a statement that may write, and turn errors into faults."""
        if "\0" in sql:
            raise DriverFault(FaultKind.DATABASE_ERROR, {"message": "SQL must not hold a zero byte."})
        if self._is_begun and not self.in_transaction:
            # Without this, what follows would take effect by itself.
            message = "SQLite rolled the transaction back, because one of its statements had failed."
            raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message, "sqlstate": "SQLITE_ABORT_ROLLBACK"})
        if self._turn is None and not _only_reads(sql):
            self._take_turn()
        with self._in_use:
            try:
                yield
                # A statement that worked and ended the transaction was meant to.
                self._is_begun = self._is_begun and self._connection.in_transaction
            except FAILURES as error:
                raise self._fault(error) from error
            finally:
                self._pass_turn(is_over=not self.in_transaction)

    def _fault(self, error: Exception) -> DriverFault:
        fault = fault_of(error, None if self._is_memory else self._path)
        if fault.kind is FaultKind.SOCKET_TIMEOUT:
            fault.fields |= self._waited
        return fault

    def _take_turn(self) -> None:
        turn = self._turn = Turn()
        if not self._lock.acquire(turn, self._busy_timeout):
            self._turn = None
            message = f"another connection has been writing to the database for {self._busy_timeout:g} s"
            fields = {"message": message, "sqlstate": "SQLITE_BUSY", **self._waited}
            raise DriverFault(FaultKind.SOCKET_TIMEOUT, fields)
        # SQLite would write to a file that no name leads to, and all would be lost.
        if self._file is not None and _identity(self._path) != self._file:
            self._is_lost = True
            self._pass_turn(is_over=True)
            raise lost_file(self._path)

    def _pass_turn(self, *, is_over: bool) -> None:
        if self._turn is not None and is_over:
            self._turn = None
            self._lock.release()


def _open(options: FileOptions, *, may_create: bool) -> sqlite3.Connection:
    if sqlite3.sqlite_version_info < OLDEST:
        needed = ".".join(map(str, OLDEST))
        message = f"Python's SQLite is {sqlite3.sqlite_version}, and Prisma's statements need {needed}."
        raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message})
    exists = options.is_memory or _exists(options.path)
    if not exists and not may_create:
        facts = {"database": Path(options.path).name, "path": options.path, "message": "no such file"}
        raise DriverFault(FaultKind.DATABASE_DOES_NOT_EXIST, facts)
    try:
        connection = sqlite3.connect(
            options.path,
            timeout=options.busy_timeout,
            isolation_level=None,
            # A session is used by one thread at a time, though not always by the same.
            check_same_thread=False,
            cached_statements=options.statement_cache_size,
        )
    except sqlite3.Error as error:
        raise unreachable(error, options.path, options.busy_timeout) from error
    try:
        _prepare(connection, is_new=not exists)
    except sqlite3.Error as error:
        connection.close()
        raise unreachable(error, options.path, options.busy_timeout) from error
    return connection


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except OSError as error:
        # A folder that may not be entered, a name that is too long.
        message = str(error.strerror).lower()
        raise DriverFault(FaultKind.DATABASE_NOT_REACHABLE, {"message": message, "path": path}) from error


def _prepare(connection: sqlite3.Connection, *, is_new: bool) -> None:
    connection.row_factory = sqlite3.Row
    # Off unless asked for; without it no foreign key means anything.
    connection.execute("PRAGMA foreign_keys = ON")
    if is_new:
        # Readers and the writer don't wait for each other. It stays with the file, so only a new one gets it.
        connection.execute("PRAGMA journal_mode = WAL")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        # With a write-ahead log this loses nothing when the process dies, and the last transactions at most when the
        # power does.
        connection.execute("PRAGMA synchronous = NORMAL")


def _identity(path: str) -> tuple[int, int] | None:
    """Return what tells a file from all others; None if it does not exist."""
    try:
        found = os.stat(path)  # noqa: PTH116 - before each write
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _only_reads(sql: str) -> bool:
    return sql.lstrip(_SPACE)[:7].upper().startswith(_READING)


def _may_read_its_changes(sql: str) -> bool:
    """Say whether SQLite must be made to choose all rows of an UPDATE before it changes the first.

    Versions such as 3.40 do not, although a condition reads the table that changes; with RETURNING they do.
    """
    return sql.startswith("UPDATE") and "SELECT" in sql


def _type_of(rows: Sequence[Sequence[object]], index: int) -> str:
    first = next((row[index] for row in rows if row[index] is not None), None)
    return _TYPES.get(type(first), "text")
