"""Opens the connection that migrations run in, and locks the database against other migrations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from prisma.drivers.postgresql.asyncpg import AsyncpgPool
from prisma.drivers.postgresql.settings import quote_identifier
from prisma.drivers.postgresql.sql_checks import check_sendable
from prisma.drivers.postgresql.url import parse_url
from prisma.errors import DataError
from prisma.faults import DriverFault
from prisma.migrate import errors
from prisma.migrate.database import ScriptRefused
from prisma.migrate.faults import translated
from prisma.migrate.postgresql.history import PostgresHistory
from prisma.migrate.postgresql.lock import LOCK, LOCK_KEY, LOCK_SECONDS

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from prisma.drivers._async.protocol import Connection
    from prisma.drivers.postgresql.asyncpg import AsyncpgConnection
    from prisma.drivers.postgresql.url import ConnectionOptions

LOCK_NOT_AVAILABLE = "55P03"
_NO_SUCH_DATABASE = "P1003"


class PostgresSession:
    """A connection; see `prisma.migrate.database.Session`. Its history is in the schema of that name."""

    def __init__(self, connection: Connection, schema: str) -> None:
        self._connection = connection
        self.history = PostgresHistory(connection, schema)

    async def run_script(self, script: str) -> None:
        """Send the script as one simple query, so that one without transaction statements is applied as a whole."""
        try:
            check_sendable(script)
            await self._connection.command(script)
        except DriverFault as fault:
            # A script with a BEGIN leaves a failed transaction, in which the history can't be written.
            await self._connection.rollback()
            raise _refusal(fault) from fault


@asynccontextmanager
async def open_session(url: str, *, lock: bool = True, create_schema: bool = True) -> AsyncGenerator[PostgresSession]:
    """Yield a connection that holds the migration lock.

    A schema that the URL names and the database lacks is created, unless `create_schema` forbids it.

    Raises:
        EngineConnectionError: the database can't be reached or refuses the login.
        DataError: the database refused something else.
    """
    with translated(connecting=True):
        options = parse_url(url)
    async with connected(options) as connection:
        if lock:
            await _lock(connection)
        yield PostgresSession(connection, await _schema(connection, options.schema, create=create_schema))


@asynccontextmanager
async def connected(options: ConnectionOptions) -> AsyncGenerator[Connection]:
    """Yield a connection that is closed afterwards, with everything that it holds.

    Raises: as `open_session`.
    """
    pool: AsyncpgPool | None = None
    connection: AsyncpgConnection | None = None
    try:
        with translated(connecting=True):
            pool = AsyncpgPool(options.for_changes())
            connection = await pool.acquire()
        with translated(connecting=False):
            yield connection
    finally:
        if pool is not None:
            # The end of the session frees the lock and everything else that it holds.
            if connection is not None:
                await pool.release(connection)
            await pool.close(0)


async def version_word(url: str) -> str | None:
    """Return the first word of a server's version, such as `PostgreSQL`; None if the database does not exist.

    Raises: as `open_session`.
    """
    with translated(connecting=True):
        options = parse_url(url)
    try:
        async with connected(options) as connection:
            rows = await connection.query("SELECT version()::text AS version", [])
    except DataError as error:
        if error.code == _NO_SUCH_DATABASE:
            return None
        raise
    return str(rows[0]["version"]).partition(" ")[0]


def _refusal(fault: DriverFault) -> ScriptRefused:
    sqlstate = fault.fields.get("sqlstate")
    # The place in a function, which helps the author of a migration, is no field of a fault.
    facts = {"where": getattr(fault.__cause__, "context", None), "message": str(fault), **fault.fields}
    said = [f"{facts.get('severity') or 'ERROR'}: {facts['message']}"]
    said += [f"{name.upper()}: {facts[name]}" for name in ("detail", "hint", "where") if facts.get(name)]
    return ScriptRefused(str(sqlstate) if sqlstate else None, "\n\n".join(said))


async def _lock(connection: Connection) -> None:
    # The lock belongs to the session, because scripts may end transactions.
    await connection.command(f"SET lock_timeout = '{LOCK_SECONDS}s'")
    try:
        await connection.query("SELECT pg_advisory_lock($1)::text AS locked", [LOCK_KEY])
    except DriverFault as fault:
        if fault.fields.get("sqlstate") == LOCK_NOT_AVAILABLE:
            raise errors.lock_timeout(LOCK, LOCK_SECONDS) from fault
        raise
    await connection.command("RESET lock_timeout")


async def _schema(connection: Connection, wanted: str, *, create: bool) -> str:
    rows = await connection.query("SELECT current_schema()::text AS name", [])
    current = rows[0]["name"]
    if current is not None:
        return str(current)
    if create:
        await connection.command(f"CREATE SCHEMA IF NOT EXISTS {quote_identifier(wanted)}")
    return wanted
