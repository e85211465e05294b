"""The history of migrations in a schema of PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from prisma.drivers.postgresql.settings import quote_identifier
from prisma.migrate.history import TABLE, Record

if TYPE_CHECKING:
    from datetime import datetime

    from prisma.drivers._async.protocol import Connection
    from prisma.migrate.folder import Migration

# The columns are a contract with Prisma's command line, which reads and writes the same table.
_CREATE = """
CREATE TABLE {table} (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
)
"""
_OTHER_TABLES = """
SELECT EXISTS (
    SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relname <> $2
    -- An extension such as PostGIS brings tables.
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
) AS found
"""


class PostgresHistory:
    """The history in one schema of the database behind `connection`.

    The table is always named with its schema: a migration may change the session's search path.
    """

    def __init__(self, connection: Connection, schema: str) -> None:
        self._connection = connection
        self._schema = schema
        self._table = f"{quote_identifier(schema)}.{TABLE}"

    async def exists(self) -> bool:
        """Tell whether the table is there."""
        rows = await self._connection.query("SELECT to_regclass($1) IS NOT NULL AS found", [self._table])
        return bool(rows[0]["found"])

    async def is_alone(self) -> bool:
        """Tell whether the schema holds no other table."""
        rows = await self._connection.query(_OTHER_TABLES, [self._schema, TABLE])
        return not rows[0]["found"]

    async def create(self) -> None:
        """Make the table."""
        await self._connection.command(_CREATE.format(table=self._table))

    async def records(self) -> list[Record]:
        """Return every record, oldest first."""
        rows = await self._connection.query(
            "SELECT migration_name, checksum, started_at, finished_at, rolled_back_at "  # noqa: S608 the table's name is ours
            f"FROM {self._table} ORDER BY started_at",
            [],
        )
        return [
            Record(
                migration=str(row["migration_name"]),
                checksum=str(row["checksum"]),
                started_at=cast("datetime", row["started_at"]),
                finished_at=cast("datetime | None", row["finished_at"]),
                rolled_back_at=cast("datetime | None", row["rolled_back_at"]),
            )
            for row in rows
        ]

    async def start(self, id: str, migration: Migration) -> bool:
        """Record, under `id`, that a migration is being applied; the lock keeps others from being faster."""
        await self._connection.execute(
            f"INSERT INTO {self._table} (id, checksum, migration_name) VALUES ($1, $2, $3)",  # noqa: S608
            [id, migration.checksum, migration.name],
        )
        return True

    async def finish(self, id: str) -> None:
        """Record that the migration is applied."""
        await self._connection.execute(
            f"UPDATE {self._table} SET finished_at = now(), applied_steps_count = 1 WHERE id = $1",  # noqa: S608
            [id],
        )

    async def fail(self, id: str, report: str) -> None:
        """Record why the migration failed."""
        await self._connection.execute(f"UPDATE {self._table} SET logs = $2 WHERE id = $1", [id, report])  # noqa: S608

    async def roll_back(self, name: str) -> None:
        """Record that failed attempts at a migration were undone."""
        await self._connection.execute(
            f"UPDATE {self._table} SET rolled_back_at = now() "  # noqa: S608
            "WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL",
            [name],
        )

    async def insert_applied(self, id: str, migration: Migration) -> None:
        """Record, under `id`, that a migration is applied without having been run here."""
        await self._connection.execute(
            f"INSERT INTO {self._table} (id, checksum, migration_name, logs, started_at, finished_at) "  # noqa: S608
            "VALUES ($1, $2, $3, '', now(), now())",
            [id, migration.checksum, migration.name],
        )
