"""Compares the migrations of a folder with the history of a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.frozen import Frozen
from prisma.migrate import errors
from prisma.migrate.folder import check_provider, has_script, migration_names, provider_of
from prisma.migrate.kinds import database_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from prisma.migrate.history import Record


class Status(Frozen):
    """The result of a comparison; every name is a migration's.

    `unapplied` are in the folder and unknown to the database, `missing` the other way round; `failed` stopped in the
    middle and have not been resolved since. `has_history` tells whether the database has a history at all.
    """

    found: tuple[str, ...]
    unapplied: tuple[str, ...]
    missing: tuple[str, ...]
    failed: tuple[str, ...]
    has_history: bool

    @property
    def last_common(self) -> str | None:
        """The migration before the first unapplied one."""
        position = self.found.index(self.unapplied[0]) if self.unapplied else len(self.found)
        return self.found[position - 1] if position else None


async def status(folder: Path, url: str, *, provider: str | None = None) -> Status:
    """Compare the migrations in `folder` with the database behind `url`; without changes, and without a lock.

    `provider` is the schema's word for the database; without it, that of the migrations counts.

    Raises:
        MigrateError: P3015 no script, P3019 provider.
        DataError: the database can't be reached or refuses the login.
    """
    database = database_at(url, folder.parent, provider or provider_of(folder))
    check_provider(folder, database.providers)
    found = migration_names(folder)
    async with database.session(lock=False, create_schema=False) as session:
        history = session.history
        has_history = await history.exists()
        records: Sequence[Record] = await history.records() if has_history else []
    known = list(dict.fromkeys(record.migration for record in records))
    for name in found:
        if name in known and not has_script(folder, name):
            raise errors.script_missing(folder / name)
    return Status(
        found=tuple(found),
        unapplied=tuple(name for name in found if name not in known),
        missing=tuple(name for name in known if name not in found),
        failed=tuple(record.migration for record in records if record.failed),
        has_history=has_history,
    )
