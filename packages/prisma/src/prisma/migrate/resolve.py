"""Records in the history that a migration was applied by other means, or that a failed one was rolled back."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from prisma.migrate import errors
from prisma.migrate.folder import has_script, provider_of, read_migrations
from prisma.migrate.kinds import database_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from prisma.migrate.history import Record


async def mark_applied(folder: Path, name: str, url: str, *, provider: str | None = None, lock: bool = True) -> None:
    """Record that a migration of `folder` is applied in the database of `url`; its script is not run.

    A history is created if there is none, so that a database with existing tables can get one. `provider` is the
    schema's word for the database; without it, that of the migrations counts.

    Raises:
        MigrateError: P1002 locked, P3008 it is applied already, P3017 there is no such migration.
        DataError: the database can't be reached or refuses the login.
    """
    if not has_script(folder, name):
        raise errors.unknown(name)
    (migration,) = read_migrations(folder, [name])
    async with database_at(url, folder.parent, provider or provider_of(folder)).session(lock=lock) as session:
        history = session.history
        if not await history.exists():
            await history.create()
        if any(record.applied for record in await history.records() if record.migration == name):
            raise errors.in_force_already(name)
        await history.roll_back(name)
        await history.insert_applied(str(uuid.uuid4()), migration)


async def mark_rolled_back(name: str, url: str, *, provider: str | None = None, lock: bool = True) -> None:
    """Record that a failed migration was rolled back, so that it is applied again.

    `provider` is the schema's word for the database.

    Raises:
        MigrateError: P1002 locked, P3011 it was never applied, P3012 it did not fail.
        DataError: the database can't be reached or refuses the login.
    """
    async with database_at(url, provider=provider).session(lock=lock, create_schema=False) as session:
        history = session.history
        found: Sequence[Record] = await history.records() if await history.exists() else []
        records = [record for record in found if record.migration == name]
        if not records:
            raise errors.never_applied(name)
        if all(record.finished_at is not None for record in records):
            raise errors.not_failed(name)
        await history.roll_back(name)
