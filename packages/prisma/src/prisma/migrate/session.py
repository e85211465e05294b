"""Opens the connection that migrations run in, and locks the database against other migrations."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from prisma.drivers.postgresql.asyncpg import AsyncpgPool
from prisma.drivers.postgresql.settings import quote_identifier
from prisma.drivers.postgresql.url import parse_url
from prisma.engine.error_codes import describe
from prisma.engine.errors import EngineConnectionError
from prisma.errors import PrismaError, data_error
from prisma.faults import DriverFault
from prisma.migrate import errors

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from prisma.drivers._async.protocol import Connection
    from prisma.drivers.postgresql.asyncpg import AsyncpgConnection
    from prisma.drivers.postgresql.url import ConnectionOptions

# The key that Prisma's command line locks with, so that the two never migrate at the same time.
LOCK_KEY = 72707369
LOCK_SECONDS = 10  # how long Prisma's command line waits, too
LOCK_NOT_AVAILABLE = "55P03"


@asynccontextmanager
async def open_session(
    url: str, *, lock: bool = True, create_schema: bool = True
) -> AsyncGenerator[tuple[Connection, str]]:
    """Yield a connection that holds the migration lock, and the schema that unqualified names mean in it.

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
        yield connection, await _schema(connection, options.schema, create=create_schema)


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


@contextmanager
def translated(*, connecting: bool) -> Generator[None]:
    """Turn a driver's fault inside the block into an error with Prisma's code."""
    try:
        yield
    except DriverFault as fault:
        raise _translated(fault, connecting=connecting) from fault


async def _lock(connection: Connection) -> None:
    # The lock belongs to the session, because scripts may end transactions.
    await connection.command(f"SET lock_timeout = '{LOCK_SECONDS}s'")
    try:
        await connection.query("SELECT pg_advisory_lock($1)::text AS locked", [LOCK_KEY])
    except DriverFault as fault:
        if fault.fields.get("sqlstate") == LOCK_NOT_AVAILABLE:
            raise errors.lock_timeout(LOCK_KEY, LOCK_SECONDS) from fault
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


def _translated(fault: DriverFault, *, connecting: bool) -> PrismaError:
    described = describe(fault.kind, fault.fields)
    error = data_error(described.code, described.message, described.meta)
    return EngineConnectionError(error.data, message=described.message) if connecting else error
