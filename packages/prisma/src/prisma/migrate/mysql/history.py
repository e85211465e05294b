"""The history of migrations in a database of MySQL or MariaDB."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from prisma.migrate.history import TABLE, Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma.drivers._async.protocol import Connection
    from prisma.migrate.folder import Migration

# The columns are a contract with Prisma's command line, which reads and writes the same table.
_CREATE: Final = """
CREATE TABLE {table} (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at DATETIME(3),
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at DATETIME(3),
    started_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    applied_steps_count INTEGER UNSIGNED NOT NULL DEFAULT 0
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci
"""
_TABLES: Final = (
    "SELECT table_name AS name FROM information_schema.tables "
    "WHERE table_schema = ? AND table_type = 'BASE TABLE' AND table_name {} ? LIMIT 1"
)
# As text, because the columns hold no time zone: they are in UTC.
_RECORDS: Final = """
SELECT migration_name AS name, checksum AS checksum, CAST(started_at AS CHAR) AS started,
    CAST(finished_at AS CHAR) AS finished, CAST(rolled_back_at AS CHAR) AS rolled_back
FROM {table} ORDER BY started_at
"""
_START: Final = "INSERT INTO {table} (id, checksum, migration_name, started_at) VALUES (?, ?, ?, UTC_TIMESTAMP(3))"
_FINISH: Final = "UPDATE {table} SET finished_at = UTC_TIMESTAMP(3), applied_steps_count = 1 WHERE id = ?"
_FAIL: Final = "UPDATE {table} SET logs = ? WHERE id = ?"
_ROLL_BACK: Final = (
    "UPDATE {table} SET rolled_back_at = UTC_TIMESTAMP(3) "
    "WHERE migration_name = ? AND finished_at IS NULL AND rolled_back_at IS NULL"
)
_INSERT_APPLIED: Final = (
    "INSERT INTO {table} (id, checksum, migration_name, logs, started_at, finished_at) "
    "VALUES (?, ?, ?, '', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))"
)


def quoted(name: str) -> str:
    """Return the name of a database in quotes."""
    return f"`{name.replace('`', '``')}`"


class MysqlHistory:
    """The history in the database of that name.

    The table is always named with its database: a migration may choose another one.
    """

    def __init__(self, connection: Connection, database: str) -> None:
        self._connection = connection
        self._database = database
        self._table = f"{quoted(database)}.{TABLE}"

    async def exists(self) -> bool:
        return bool(await self._connection.query(_TABLES.format("="), [self._database, TABLE]))

    async def is_alone(self) -> bool:
        return not await self._connection.query(_TABLES.format("<>"), [self._database, TABLE])

    async def create(self) -> None:
        await self._connection.command(self._named(_CREATE))

    async def records(self) -> Sequence[Record]:
        rows = await self._connection.query(self._named(_RECORDS), [])
        return [
            Record(
                migration=str(row["name"]),
                checksum=str(row["checksum"]),
                started_at=_moment(row["started"]) or datetime.min.replace(tzinfo=UTC),
                finished_at=_moment(row["finished"]),
                rolled_back_at=_moment(row["rolled_back"]),
            )
            for row in rows
        ]

    async def start(self, id: str, migration: Migration) -> bool:
        # The lock keeps others from being faster.
        await self._connection.execute(self._named(_START), [id, migration.checksum, migration.name])
        return True

    async def finish(self, id: str) -> None:
        await self._connection.execute(self._named(_FINISH), [id])

    async def fail(self, id: str, report: str) -> None:
        await self._connection.execute(self._named(_FAIL), [report, id])

    async def roll_back(self, name: str) -> None:
        await self._connection.execute(self._named(_ROLL_BACK), [name])

    async def insert_applied(self, id: str, migration: Migration) -> None:
        await self._connection.execute(self._named(_INSERT_APPLIED), [id, migration.checksum, migration.name])

    def _named(self, sql: str) -> str:
        return sql.replace("{table}", self._table)


def _moment(text: object) -> datetime | None:
    return None if text is None else datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
