"""A file of SQLite that migrations are about."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from prisma.engine.error_codes import describe
from prisma.errors import data_error
from prisma.faults import DriverFault
from prisma.migrate.database import FILE_PROVIDERS
from prisma.migrate.faults import translated
from prisma.migrate.sqlite.objects import create_file, empty_file
from prisma.migrate.sqlite.session import SqliteSession, open_file, place

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from contextlib import AbstractContextManager

    from prisma.drivers.sqlite.file_url import FileOptions
    from prisma.errors import DataError
    from prisma.schema_engine import SchemaEngine


class SqliteDatabase:
    """The file of a URL; see `prisma.migrate.database.MigrationDatabase`."""

    providers = FILE_PROVIDERS

    def __init__(self, options: FileOptions) -> None:
        self._options = options

    async def create(self) -> bool:
        with translated(connecting=True):
            return create_file(self._options)

    @asynccontextmanager
    async def session(self, *, lock: bool, create_schema: bool = True) -> AsyncGenerator[SqliteSession]:
        # A process claims each migration before it applies it, with or without a lock. A file has no other schema.
        del lock, create_schema
        async with open_file(self._options) as file:
            yield SqliteSession(file)

    def engine(
        self,
        files: Sequence[tuple[str, str]],
        *,
        shadow_url: str | None = None,
        lock: bool,
        on_create: Callable[[], object] | None = None,
    ) -> AbstractContextManager[SchemaEngine]:
        del shadow_url, lock
        from prisma.migrate.sqlite.engine import open_file_engine

        return open_file_engine(self._options, files, on_create)

    def empty(self, engine: SchemaEngine) -> None:
        del engine
        empty_file(self._options)

    async def run_script(self, script: str) -> None:
        async with open_file(self._options) as file:
            try:
                await file.run_script(script)
            except DriverFault as fault:
                raise _refusal(fault, script) from fault


def _refusal(fault: DriverFault, script: str) -> DataError:
    described = describe(fault.kind, fault.fields, raw=True)
    position = fault.fields.get("position")
    where = f"\nPOSITION: {place(script, position)}" if isinstance(position, int) else ""
    return data_error(described.code, f"{described.message}{where}", described.meta)
