"""The schema engine on a database of PostgreSQL."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from prisma.drivers.postgresql.schema_engine.database import EngineDatabase
from prisma.drivers.postgresql.url import parse_url
from prisma.faults import DriverFault
from prisma.migrate import errors
from prisma.migrate.engine_session import explained
from prisma.migrate.faults import translated
from prisma.migrate.postgresql.session import LOCK_KEY, LOCK_NOT_AVAILABLE, LOCK_SECONDS
from prisma.schema_engine import SchemaEngine

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from prisma.drivers.postgresql.url import ConnectionOptions


@contextmanager
def open_engine(
    url: str,
    files: Sequence[tuple[str, str]],
    *,
    shadow_url: str | None = None,
    lock: bool = True,
) -> Generator[SchemaEngine]:
    """Yield an engine on the database of `url`; afterwards its connections are closed and its shadow databases gone.

    A schema that the URL names and the database lacks is created. Other migrations are locked out meanwhile, unless
    `lock` forbids that: the engine itself locks in some of its calls only.

    Raises:
        MigrateError: P1002 locked, P3014 no shadow database.
        EngineConnectionError: the database or the shadow database can't be reached or refuses the login.
        SchemaEngineError: the engine refused a call in the block.
    """
    with translated(connecting=True), explained():
        options = parse_url(url)
        shadow = parse_url(shadow_url) if shadow_url else None
        database = EngineDatabase(options, shadow, may_create_schema=True, lock=False)
        with _locked(options) if lock else nullcontext(), database, SchemaEngine(database, files) as engine:
            yield engine


@contextmanager
def _locked(options: ConnectionOptions) -> Generator[None]:
    with EngineDatabase(options) as database:
        try:
            database.connect().execute_raw(f"SELECT pg_advisory_lock({LOCK_KEY})", ())
        except DriverFault as fault:
            if fault.fields.get("sqlstate") == LOCK_NOT_AVAILABLE:
                raise errors.lock_timeout(LOCK_KEY, LOCK_SECONDS) from fault
            raise
        yield
