"""The history of migrations in a file of SQLite.

SQLite has no lock that a connection could hold while its scripts begin and end transactions and others read. So a
migration is claimed: the process that records its start, in a transaction that looks first, applies it. Others wait.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from prisma.drivers.sqlite.moments import moment_of
from prisma.migrate import errors
from prisma.migrate.history import TABLE, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prisma.drivers.sqlite.session import Session
    from prisma.migrate.folder import Migration

T = TypeVar("T")

PATIENCE: Final = timedelta(seconds=10)
"""How long a migration that another process has begun may take until it counts as failed: as long as Prisma's command
waits for its lock."""
_PAUSE: Final = 0.1  # seconds between two looks

# Letter for letter as Prisma's engine writes it, because SQLite keeps the text.
_CREATE: Final = """\
CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)"""
_TABLES: Final = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name {} ?"
)
_RECORDS: Final = (
    f"SELECT migration_name, checksum, started_at, finished_at, rolled_back_at, logs FROM {TABLE} ORDER BY started_at"  # noqa: S608
)
_START: Final = f"INSERT INTO {TABLE} (id, checksum, started_at, migration_name) VALUES (?, ?, ?, ?)"  # noqa: S608
_FINISH: Final = f"UPDATE {TABLE} SET finished_at = ?, applied_steps_count = applied_steps_count + 1 WHERE id = ?"  # noqa: S608
_FAIL: Final = f"UPDATE {TABLE} SET logs = ? WHERE id = ?"  # noqa: S608
_ROLL_BACK: Final = (
    f"UPDATE {TABLE} SET rolled_back_at = ? "  # noqa: S608
    "WHERE migration_name = ? AND finished_at IS NULL AND rolled_back_at IS NULL"
)
_INSERT_APPLIED: Final = (
    f"INSERT INTO {TABLE} (id, checksum, logs, started_at, finished_at, migration_name) "  # noqa: S608
    "VALUES (?, ?, '', ?, ?, ?)"
)


class Run(Protocol):
    """Runs a function in the thread of the connection."""

    async def __call__(self, function: Callable[..., T], *args: Any) -> T: ...


class _Attempt(Record):
    """A record; `is_reported` says that its failure is in it."""

    is_reported: bool

    @property
    def is_under_way(self) -> bool:
        """Whether another process may be at it."""
        return self.failed and not self.is_reported and datetime.now(UTC) - self.started_at < PATIENCE


class SqliteHistory:
    """The history in the file of a session; `run` runs a function of it."""

    def __init__(self, session: Session, run: Run) -> None:
        self._session = session
        self._run = run

    async def exists(self) -> bool:
        return bool(await self._run(self._session.query, _TABLES.format("="), [TABLE]))

    async def is_alone(self) -> bool:
        # Another process may have made the history, and tables after it, since `exists` was asked.
        return not await self._run(self._session.query, _TABLES.format("<>"), [TABLE]) or await self.exists()

    async def create(self) -> None:
        await self._run(self._session.execute, _CREATE, [])

    async def records(self) -> Sequence[Record]:
        while True:
            attempts = [_attempt(row) for row in await self._run(self._session.query, _RECORDS, [])]
            if not any(attempt.is_under_way for attempt in attempts):
                return attempts
            await asyncio.sleep(_PAUSE)

    async def start(self, id: str, migration: Migration) -> bool:
        while (other := await self._run(self._claimed, id, migration)) is not None:
            if other.applied:
                return False
            if not other.is_under_way:
                raise errors.failed_before([(other.migration, other.started_at)])
            await asyncio.sleep(_PAUSE)
        return True

    async def finish(self, id: str) -> None:
        await self._run(self._session.execute, _FINISH, [datetime.now(UTC), id])

    async def fail(self, id: str, report: str) -> None:
        await self._run(self._session.execute, _FAIL, [report, id])

    async def roll_back(self, name: str) -> None:
        await self._run(self._session.execute, _ROLL_BACK, [datetime.now(UTC), name])

    async def insert_applied(self, id: str, migration: Migration) -> None:
        now = datetime.now(UTC)
        await self._run(self._session.execute, _INSERT_APPLIED, [id, migration.checksum, now, now, migration.name])

    def _claimed(self, id: str, migration: Migration) -> _Attempt | None:
        """Record the start of a migration; return another attempt at it that counts, if there is one."""
        self._session.begin(None, None)
        try:
            attempts = [_attempt(row) for row in self._session.query(_RECORDS, [])]
            others = (each for each in attempts if each.migration == migration.name and each.rolled_back_at is None)
            other = next(others, None)
            if other is None:
                self._session.execute(_START, [id, migration.checksum, datetime.now(UTC), migration.name])
            self._session.commit()
        except BaseException:
            if self._session.in_transaction:
                self._session.rollback()
            raise
        return other


def _attempt(row: Any) -> _Attempt:
    began, finished, rolled_back = (
        None if row[name] is None else moment_of(row[name]) for name in ("started_at", "finished_at", "rolled_back_at")
    )
    return _Attempt(
        migration=str(row["migration_name"]),
        checksum=str(row["checksum"]),
        started_at=began or datetime.min.replace(tzinfo=UTC),
        finished_at=finished,
        rolled_back_at=rolled_back,
        is_reported=row["logs"] is not None,
    )
