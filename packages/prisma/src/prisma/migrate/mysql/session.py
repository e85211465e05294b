"""Opens the connection that migrations run in, creates their database, and keeps other migrations away."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from prisma.drivers.mysql.session_state import setup
from prisma.errors import DataError
from prisma.faults import DriverFault, FaultKind
from prisma.migrate import errors
from prisma.migrate.database import ScriptRefused
from prisma.migrate.faults import translated
from prisma.migrate.mysql.history import MysqlHistory, quoted

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from prisma.drivers._async.protocol import Connection
    from prisma.drivers.mysql.url import MysqlOptions

LOCK_SECONDS: Final = 10
_LOCK: Final = f"SELECT GET_LOCK('prisma_migrate', {LOCK_SECONDS})"
"""The lock, and how long it is waited for, are those of Prisma's command line: they never migrate at the same time."""
_NO_SUCH_DATABASE: Final = "P1003"
_NOT_ENDED: Final = "The script begins a transaction and does not end it, so what the transaction did was rolled back."


class MysqlSession:
    """A connection; see `prisma.migrate.database.Session`."""

    def __init__(self, connection: Connection, options: MysqlOptions) -> None:
        self._connection = connection
        # What a script leaves behind, such as the locks of a dump, would keep the history from being written. And the
        # next migration must do what it does in a deployment of its own.
        self._as_before = (
            f"ROLLBACK; UNLOCK TABLES; USE {quoted(options.schema)}; "
            f"SET foreign_key_checks = DEFAULT, unique_checks = DEFAULT; {setup(options)}"
        )
        self.history = MysqlHistory(connection, options.schema)

    async def run_script(self, script: str) -> None:
        """Send the script as one message; what ran before a statement that fails stays, as DDL is not transactional."""
        try:
            await self._connection.command(script)
        except DriverFault as fault:
            await self._connection.command(self._as_before)
            code = fault.fields.get("sqlstate")
            said = str(fault.fields.get("message") or fault)
            raise ScriptRefused(None if code is None else str(code), said) from fault
        is_open = self._connection.in_transaction
        await self._connection.command(self._as_before)
        if is_open:
            raise ScriptRefused(None, _NOT_ENDED)


@asynccontextmanager
async def open_session(options: MysqlOptions, *, lock: bool) -> AsyncGenerator[MysqlSession]:
    """Yield a connection that holds the migration lock, if `lock` asks for it.

    Raises:
        MigrateError: P1002, others have kept the lock for too long.
        EngineConnectionError: the database does not exist, can't be reached or refuses the login.
        DataError: the database refused something else.
    """
    async with connected(options) as connection:
        if lock:
            rows = await connection.query(f"{_LOCK} AS locked", [])
            if rows[0]["locked"] != 1:
                raise errors.lock_timeout(f"a lock ({_LOCK})", LOCK_SECONDS)
        yield MysqlSession(connection, options)


@asynccontextmanager
async def connected(options: MysqlOptions) -> AsyncGenerator[Connection]:
    """Yield a connection that is closed afterwards, with everything that it holds.

    Raises: as `open_session`.
    """
    with translated(connecting=True):
        # Here, because it refuses without its library.
        from prisma.drivers.mysql._async.pool import AsyncMysqlPool

        pool = AsyncMysqlPool(options.for_changes())
    connection = None
    try:
        with translated(connecting=True):
            connection = await pool.acquire()
        with translated(connecting=False):
            yield connection
    finally:
        if connection is not None:
            await pool.release(connection)
        await pool.close(0)


async def create_database(options: MysqlOptions) -> bool:
    """Create the database unless it exists, and tell whether that was necessary.

    Raises:
        EngineConnectionError: the server can't be reached or refuses the login.
        DataError: the user may not create databases.
    """
    try:
        async with connected(options):
            return False
    except DataError as error:
        if error.code != _NO_SUCH_DATABASE:
            raise
    async with connected(options.__replace__(schema="")) as connection:
        try:
            await connection.command(f"CREATE DATABASE {quoted(options.schema)}")
        except DriverFault as fault:
            # Another process was faster.
            if fault.kind is not FaultKind.DATABASE_ALREADY_EXISTS:
                raise
            return False
    return True
