"""Applies the migrations that a database lacks, as `prisma migrate deploy` does."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from prisma.frozen import Frozen
from prisma.migrate import errors
from prisma.migrate.database import ScriptRefused
from prisma.migrate.folder import Migration, check_provider, has_script, migration_names, provider_of, read_migrations
from prisma.migrate.kinds import database_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from prisma.migrate.database import Session
    from prisma.migrate.history import Record


class Deployment(Frozen):
    """What a deployment found and did; every name is a migration's.

    `edited` were changed after they had been applied here, or lost their script; `missing` were applied here but are
    gone from the folder: neither stops a deployment, both deserve a warning.
    """

    found: tuple[str, ...]
    applied: tuple[str, ...]
    edited: tuple[str, ...]
    missing: tuple[str, ...]


async def deploy(
    folder: Path,
    url: str,
    *,
    provider: str | None = None,
    on_apply: Callable[[str], object] | None = None,
    lock: bool = True,
) -> Deployment:
    """Apply the migrations in `folder` that the database behind `url` does not have yet.

    PostgreSQL gets each script as one simple query, so that a script without transaction statements is applied as a
    whole or not at all. SQLite gets it statement by statement, and MySQL at once, where each statement takes effect by
    itself. `on_apply` is called with the name of each migration
    before it is applied. Without `lock` other processes may migrate at the same time; poolers that can't hold the lock
    need this.

    Args:
        folder: the migrations; it need not exist.
        url: the database. The relative path of a file starts in the folder of the schema, which is around `folder`.
        provider: the schema's word for the database; without it, that of the migrations counts.

    Raises:
        MigrateError: P1002 locked, P3005 not empty, P3009 failed before, P3015 no script, P3018 failed, P3019 provider.
        DataError: the database can't be reached or refuses the login.
    """
    database = database_at(url, folder.parent, provider or provider_of(folder))
    check_provider(folder, database.providers)
    names = migration_names(folder)
    async with database.session(lock=lock) as session:
        history = session.history
        is_new = not await history.exists()
        if is_new and not await history.is_alone():
            raise errors.not_empty()
        records: Sequence[Record] = [] if is_new else await history.records()
        _refuse_after_failure(records)
        in_force = {record.migration: record.checksum for record in records if record.applied}
        # All of them before the first is applied, so that a missing file leaves nothing half done.
        pending = read_migrations(folder, [name for name in names if name not in in_force])
        if is_new and pending:
            await history.create()
        applied = [migration.name for migration in pending if await _apply(session, migration, on_apply)]
    return Deployment(
        found=tuple(names),
        applied=tuple(applied),
        edited=tuple(name for name in names if name in in_force and not _is_as_applied(folder, name, in_force[name])),
        missing=tuple(name for name in in_force if name not in names),
    )


def _refuse_after_failure(records: Sequence[Record]) -> None:
    failed = [(record.migration, record.started_at) for record in records if record.failed]
    if failed:
        raise errors.failed_before(failed)


def _is_as_applied(folder: Path, name: str, checksum: str) -> bool:
    return has_script(folder, name) and read_migrations(folder, [name])[0].matches(checksum)


async def _apply(session: Session, migration: Migration, on_apply: Callable[[str], object] | None) -> bool:
    """Apply a migration, and say whether that was left to do."""
    id = str(uuid.uuid4())
    if not await session.history.start(id, migration):
        return False
    if on_apply is not None:
        on_apply(migration.name)
    try:
        await session.run_script(migration.script)
    except ScriptRefused as refusal:
        error = errors.failed_now(migration.name, refusal.code, refusal.said)
        await session.history.fail(id, str(error))
        raise error from refusal.__cause__
    await session.history.finish(id)
    return True
