"""A database of MySQL or MariaDB that migrations are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from prisma.engine.error_codes import describe
from prisma.errors import UnsupportedDatabaseError, data_error
from prisma.faults import DriverFault
from prisma.migrate.database import MYSQL_PROVIDERS
from prisma.migrate.mysql.session import connected, create_database, open_session

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractAsyncContextManager

    from prisma.drivers.mysql.url import MysqlOptions
    from prisma.migrate.mysql.session import MysqlSession
    from prisma.schema_engine import SchemaEngine


class MysqlDatabase:
    """The database of a URL; see `prisma.migrate.database.MigrationDatabase`. No schema engine works on it."""

    providers = MYSQL_PROVIDERS

    def __init__(self, options: MysqlOptions) -> None:
        self._options = options

    async def create(self) -> bool:
        return await create_database(self._options)

    def session(self, *, lock: bool, create_schema: bool = True) -> AbstractAsyncContextManager[MysqlSession]:
        # A schema is a database here, and `create` makes it.
        del create_schema
        return open_session(self._options, lock=lock)

    def engine(
        self,
        files: Sequence[tuple[str, str]],
        *,
        shadow_url: str | None = None,
        lock: bool,
        on_create: Callable[[], object] | None = None,
    ) -> NoReturn:
        del files, shadow_url, lock, on_create
        raise UnsupportedDatabaseError("MySQL", "Prisma's schema engine")

    def empty(self, engine: SchemaEngine) -> None:
        del engine
        raise UnsupportedDatabaseError("MySQL", "Prisma's schema engine")

    async def run_script(self, script: str) -> None:
        async with connected(self._options) as connection:
            try:
                await connection.command(script)
            except DriverFault as fault:
                described = describe(fault.kind, fault.fields, raw=True)
                raise data_error(described.code, described.message, described.meta) from fault
