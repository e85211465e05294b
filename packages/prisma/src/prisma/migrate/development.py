"""Brings the schema, its migrations and a development database into step, as `prisma migrate dev` does.

The schema engine does this by trying the migrations in a shadow database. Nothing here prints or asks.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import TYPE_CHECKING

from prisma.migrate.deploy import deploy
from prisma.migrate.engine_session import listed
from prisma.migrate.folder import check_provider, migration_names, read_migrations
from prisma.migrate.kinds import database_at
from prisma.migrate.new_migration import name_after, write_migration
from prisma.schema.urls import provider_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from prisma.schema_engine.answers import DataLoss


class Development:
    """The steps from a changed schema to an applied migration; the caller may ask the developer between two steps.

    First `diagnose`, then `apply` what is pending, `evaluate` the change, `create` its migration and `apply` that. From
    the first step to the end of the block other migrations are locked out. The steps block, and Ctrl-C ends them: call
    them outside an event loop.

    Args:
        folder: the migrations; it need not exist.
        files: the schema, as pairs of path and text.
        url: the database; a schema that the URL names is created.
        shadow_url: a database that may be emptied to try migrations in; without it, temporary ones are created.
        lock: whether other migrations are locked out; poolers that can't hold the lock need this off.
        on_create: called if the database did not exist and was created, which only happens with it on a server.

    Attributes:
        is_new: whether the database was created.

    Raises:
        MigrateError: from any step: P1002 locked, P3014 no shadow database, P3015 no script, P3018 failed, P3019
            provider.
        SchemaEngineError: from any step: for example P3006, a migration can't be applied to the shadow database.
        DataError: from any step: the database can't be reached, or refuses something else.
    """

    def __init__(
        self,
        folder: Path,
        files: Sequence[tuple[str, str]],
        url: str,
        *,
        shadow_url: str | None = None,
        lock: bool = True,
        on_create: Callable[[], object] | None = None,
    ) -> None:
        self._folder = folder
        self._files = files
        self._url = url
        self._database = database_at(url, folder.parent, provider_in(files))
        self._on_create = on_create
        self._session = self._database.engine(
            files, shadow_url=shadow_url, lock=lock, on_create=on_create and self._note_creation
        )
        self._cleanup = ExitStack()
        # Whether the engine has seen all migrations as applied; it relies on what it saw last.
        self._is_informed = False
        self.is_new = False

    def __enter__(self) -> Self:
        check_provider(self._folder, self._database.providers)
        self._engine = self._cleanup.enter_context(self._session)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return self._cleanup.__exit__(kind, error, trace)

    def diagnose(self) -> str | None:
        """Return why the database must be reset before it can be migrated; None if it need not be."""
        reason = self._engine.dev_diagnostic(listed(self._folder))
        self._is_informed = True
        return reason

    def apply(self) -> tuple[str, ...]:
        """Apply the migrations that the database lacks and return their names."""
        if not self._engine.diagnose_migration_history(listed(self._folder), use_shadow=False).unapplied:
            return ()
        # Over a connection of their own, because scripts may change their session. The engine's holds the lock.
        applied = asyncio.run(deploy(self._folder, self._url, provider=provider_in(self._files), lock=False)).applied
        self._is_informed = self._is_informed and not applied
        return applied

    def evaluate(self) -> DataLoss:
        """Say what a migration to the schema would do to the database as it is now."""
        if not self._is_informed:
            self.diagnose()
        return self._engine.evaluate_data_loss(listed(self._folder), self._files)

    def create(self, name: str, *, draft: bool) -> str | None:
        """Write the migration to the schema into the folder and return its name, which has the time before `name`.

        A `draft` is written also where the schema has not changed; otherwise there is nothing to write then, and None
        is returned.

        Raises:
            OSError: the migration can't be written.
        """
        migration = self._engine.create_migration(listed(self._folder), self._files, name=name, draft=draft)
        if migration.script is None:
            return None
        name = name_after(max(migration_names(self._folder), default=None), migration.name)
        write_migration(self._folder, name, migration.script, self._database.providers[0])
        return name

    def _note_creation(self) -> None:
        self.is_new = True
        if self._on_create is not None:
            self._on_create()


def reset(
    folder: Path,
    files: Sequence[tuple[str, str]],
    url: str,
    *,
    lock: bool = True,
    on_create: Callable[[], object] | None = None,
) -> tuple[str, ...]:
    """Remove everything from the schemas of a database, apply all migrations, and return their names.

    It blocks, and Ctrl-C ends it: call it outside an event loop. Arguments and errors are those of `Development`.
    """
    database = database_at(url, folder.parent, provider_in(files))
    check_provider(folder, database.providers)
    # Before anything is removed, so that migrations that can't be read do no harm.
    read_migrations(folder, migration_names(folder))
    with database.engine(files, lock=lock, on_create=on_create) as engine:
        database.empty(engine)
        # The engine's session holds the lock.
        return asyncio.run(deploy(folder, url, provider=provider_in(files), lock=False)).applied
