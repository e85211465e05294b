"""Deploying: bring a database to the state that the migrations describe, as `prisma migrate deploy` does."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prisma.faults import DriverFault
from prisma.migrate import errors
from prisma.migrate.folder import Migration, read_migrations
from prisma.migrate.history import History, Record
from prisma.migrate.session import open_session

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from prisma.drivers.protocol import Connection


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a deployment found and did; every name is a migration's.

    `edited` were changed after they had been applied here, `missing` were applied here but are gone from the folder:
    neither stops a deployment, both deserve a warning.
    """

    found: tuple[str, ...]
    applied: tuple[str, ...]
    edited: tuple[str, ...]
    missing: tuple[str, ...]


async def deploy(folder: Path, url: str, *, on_apply: Callable[[str], object] | None = None) -> Deployment:
    """Apply the migrations in `folder` that the database behind `url` does not have yet.

    Each script is sent as one simple query, so a script without transaction statements of its own happens as a whole
    or not at all. `on_apply` hears the name of each migration before it is applied.

    Raises:
        MigrateError: P1002 locked, P3005 not empty, P3009 failed before, P3015 no script, P3018 failed, P3019 provider.
        DataError: the database can't be reached or refuses the login.
    """
    migrations = read_migrations(folder)
    async with open_session(url) as (connection, schema):
        history = History(connection, schema)
        records = await _recorded(history, migrations, schema)
        _refuse_after_failure(records)
        in_force = {record.migration: record for record in records if record.applied}
        pending = [migration for migration in migrations if migration.name not in in_force]
        for migration in pending:
            if on_apply is not None:
                on_apply(migration.name)
            await _apply(connection, history, migration)
    names = tuple(migration.name for migration in migrations)
    return Deployment(
        found=names,
        applied=tuple(migration.name for migration in pending),
        edited=tuple(m.name for m in migrations if m.name in in_force and not m.matches(in_force[m.name].checksum)),
        missing=tuple(name for name in in_force if name not in names),
    )


async def _recorded(history: History, migrations: Sequence[Migration], schema: str) -> list[Record]:
    if await history.exists():
        return await history.records()
    if not await history.schema_is_empty():
        raise errors.not_empty(schema)
    if migrations:
        await history.create()
    return []


def _refuse_after_failure(records: Sequence[Record]) -> None:
    for record in records:
        if record.failed:
            raise errors.failed_before(record.migration, record.started_at)


async def _apply(connection: Connection, history: History, migration: Migration) -> None:
    id = str(uuid.uuid4())
    await history.start(id, migration)
    try:
        await connection.execute_script(migration.script)
    except DriverFault as fault:
        # A script with its own BEGIN leaves a transaction in which nothing more can be noted.
        await connection.execute_script("ROLLBACK")
        report = str(fault.fields.get("message") or fault)
        sqlstate = fault.fields.get("sqlstate")
        await history.fail(id, report)
        raise errors.failed_now(migration.name, str(sqlstate) if sqlstate else None, report) from fault
    await history.finish(id)
