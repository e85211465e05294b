"""The table in which Prisma records what happened to each migration; each kind of database has its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from prisma.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from prisma.migrate.folder import Migration

TABLE = "_prisma_migrations"


class Record(Frozen):
    """A row of the history: one attempt to apply a migration."""

    migration: str
    checksum: str
    started_at: datetime
    finished_at: datetime | None
    rolled_back_at: datetime | None

    @property
    def applied(self) -> bool:
        """Whether the migration is applied."""
        return self.finished_at is not None and self.rolled_back_at is None

    @property
    def failed(self) -> bool:
        """Whether the attempt stopped in the middle and has not been resolved since."""
        return self.finished_at is None and self.rolled_back_at is None


class History(Protocol):
    """The history of one database."""

    async def exists(self) -> bool:
        """Tell whether the table is there."""
        ...

    async def is_alone(self) -> bool:
        """Tell whether the database has no other table."""
        ...

    async def create(self) -> None:
        """Make the table."""
        ...

    async def records(self) -> Sequence[Record]:
        """Return every record, oldest first."""
        ...

    async def start(self, id: str, migration: Migration) -> bool:
        """Record, under `id`, that a migration is being applied.

        False if it is applied already: another process was faster.
        """
        ...

    async def finish(self, id: str) -> None:
        """Record that the migration is applied."""
        ...

    async def fail(self, id: str, report: str) -> None:
        """Record why the migration failed."""
        ...

    async def roll_back(self, name: str) -> None:
        """Record that failed attempts at a migration were undone."""
        ...

    async def insert_applied(self, id: str, migration: Migration) -> None:
        """Record, under `id`, that a migration is applied without having been run here."""
        ...
