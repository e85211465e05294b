"""A database of PostgreSQL that migrations are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.migrate.database import COCKROACH_PROVIDERS, SERVER_PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    from prisma.migrate.postgresql.session import PostgresSession
    from prisma.schema_engine import SchemaEngine


class PostgresDatabase:
    """The database of a URL; see `prisma.migrate.database.MigrationDatabase`."""

    providers: Sequence[str] = SERVER_PROVIDERS
    has_lock = True

    def __init__(self, url: str) -> None:
        self._url = url

    async def create(self) -> bool:
        # Imported when asked for: the driver of the engine is another one.
        from prisma.migrate.postgresql.creation import create_database

        return await create_database(self._url)

    def session(self, *, lock: bool, create_schema: bool = True) -> AbstractAsyncContextManager[PostgresSession]:
        from prisma.migrate.postgresql.session import open_session

        return open_session(self._url, lock=lock and self.has_lock, create_schema=create_schema)

    def engine(
        self,
        files: Sequence[tuple[str, str]],
        *,
        shadow_url: str | None = None,
        lock: bool,
        on_create: Callable[[], object] | None = None,
    ) -> AbstractContextManager[SchemaEngine]:
        from prisma.migrate.postgresql.engine import open_engine

        return open_engine(self._url, files, shadow_url=shadow_url, lock=lock and self.has_lock, on_create=on_create)

    def empty(self, engine: SchemaEngine) -> None:
        engine.reset()

    async def run_script(self, script: str) -> None:
        from prisma.migrate.postgresql.script import run_script

        await run_script(script, self._url)


class CockroachDatabase(PostgresDatabase):
    """The same of CockroachDB, which has no advisory locks: its own way with Prisma's command line, too, is without."""

    providers = COCKROACH_PROVIDERS
    has_lock = False
