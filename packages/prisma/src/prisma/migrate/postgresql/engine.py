"""The schema engine on a database of PostgreSQL."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from prisma.drivers.postgresql.schema_engine.database import EngineDatabase
from prisma.drivers.postgresql.url import parse_url
from prisma.faults import LockRefused
from prisma.migrate import errors
from prisma.migrate.engine_session import explained
from prisma.migrate.faults import translated
from prisma.migrate.postgresql.lock import LOCK, LOCK_KEY, LOCK_SECONDS
from prisma.schema_engine import SchemaEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence


@contextmanager
def open_engine(
    url: str,
    files: Sequence[tuple[str, str]],
    *,
    shadow_url: str | None = None,
    lock: bool = True,
    on_create: Callable[[], object] | None = None,
) -> Generator[SchemaEngine]:
    """Yield an engine on the database of `url`; afterwards its connections are closed and its shadow databases gone.

    A schema that the URL names and the database lacks is created. So is the database, with `on_create`, which is called
    then. Other migrations are locked out meanwhile, unless `lock` forbids that: the engine itself locks in some of its
    calls only.

    Raises:
        MigrateError: P1002 locked, P3014 no shadow database.
        EngineConnectionError: the database or the shadow database can't be reached or refuses the login.
        SchemaEngineError: the engine refused a call in the block.
    """
    with translated(connecting=True), explained():
        database = EngineDatabase(
            parse_url(url),
            parse_url(shadow_url) if shadow_url else None,
            may_create_schema=True,
            lock=False,
            held_lock=LOCK_KEY if lock else None,
            on_create=on_create,
        )
        try:
            with database, SchemaEngine(database, files) as engine:
                yield engine
        except LockRefused as fault:
            raise errors.lock_timeout(LOCK, LOCK_SECONDS) from fault
