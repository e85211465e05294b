"""Applies the migrations that a database lacks, as `prisma migrate deploy` does."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prisma.drivers.postgresql.sql_checks import check_sendable
from prisma.faults import DriverFault
from prisma.migrate import errors
from prisma.migrate.folder import Migration, check_provider, has_script, migration_names, read_migrations
from prisma.migrate.history import History, Record
from prisma.migrate.session import open_session

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from prisma.drivers._async.protocol import Connection


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a deployment found and did; every name is a migration's.

    `edited` were changed after they had been applied here, or lost their script; `missing` were applied here but are
    gone from the folder: neither stops a deployment, both deserve a warning.
    """

    found: tuple[str, ...]
    applied: tuple[str, ...]
    edited: tuple[str, ...]
    missing: tuple[str, ...]


async def deploy(
    folder: Path, url: str, *, on_apply: Callable[[str], object] | None = None, lock: bool = True
) -> Deployment:
    """Apply the migrations in `folder` that the database behind `url` does not have yet.

    Each script is sent as one simple query, so that a script without transaction statements is applied as a whole or
    not at all. `on_apply` is called with the name of each migration before it is applied. Without `lock` other
    processes may migrate at the same time; poolers that can't hold the lock need this.

    Raises:
        MigrateError: P1002 locked, P3005 not empty, P3009 failed before, P3015 no script, P3018 failed, P3019 provider.
        DataError: the database can't be reached or refuses the login.
    """
    check_provider(folder)
    names = migration_names(folder)
    async with open_session(url, lock=lock) as (connection, schema):
        history = History(connection, schema)
        is_new = not await history.exists()
        if is_new and not await history.schema_is_empty():
            raise errors.not_empty()
        records = [] if is_new else await history.records()
        _refuse_after_failure(records)
        in_force = {record.migration: record.checksum for record in records if record.applied}
        # All of them before the first is applied, so that a missing file leaves nothing half done.
        pending = read_migrations(folder, [name for name in names if name not in in_force])
        if is_new and pending:
            await history.create()
        for migration in pending:
            if on_apply is not None:
                on_apply(migration.name)
            await _apply(connection, history, migration)
    return Deployment(
        found=tuple(names),
        applied=tuple(migration.name for migration in pending),
        edited=tuple(name for name in names if name in in_force and not _is_as_applied(folder, name, in_force[name])),
        missing=tuple(name for name in in_force if name not in names),
    )


def _refuse_after_failure(records: Sequence[Record]) -> None:
    failed = [(record.migration, record.started_at) for record in records if record.failed]
    if failed:
        raise errors.failed_before(failed)


def _is_as_applied(folder: Path, name: str, checksum: str) -> bool:
    return has_script(folder, name) and read_migrations(folder, [name])[0].matches(checksum)


async def _apply(connection: Connection, history: History, migration: Migration) -> None:
    id = str(uuid.uuid4())
    await history.start(id, migration)
    try:
        check_sendable(migration.script)
        await connection.command(migration.script)
    except DriverFault as fault:
        # A script with a BEGIN leaves a failed transaction, in which the history can't be written.
        await connection.rollback()
        # The place in a function, which helps the author of a migration, is no field of a fault.
        where = getattr(fault.__cause__, "context", None)
        error = errors.failed_now(migration.name, {"message": str(fault), "where": where, **fault.fields})
        await history.fail(id, str(error))
        raise error from fault
    await history.finish(id)
