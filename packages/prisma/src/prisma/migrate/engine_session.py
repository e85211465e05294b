"""Opens the schema engine on a database, and turns its failures into errors with Prisma's codes."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Final

from prisma.drivers.postgresql.schema_engine import EngineDatabase, ShadowRefused
from prisma.drivers.postgresql.url import parse_url
from prisma.drivers.sqlite.schema_engine import FileDatabase
from prisma.faults import DriverFault
from prisma.migrate import errors
from prisma.migrate.folder import LOCK_NAME, SCRIPT_NAME, migration_names, read_lock, read_migrations
from prisma.migrate.session import LOCK_KEY, LOCK_NOT_AVAILABLE, LOCK_SECONDS, translated
from prisma.schema_engine import SchemaEngine, SchemaEngineError
from prisma.schema_engine.targets import migration_list

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path
    from typing import Any

    from prisma.drivers.postgresql.url import ConnectionOptions
    from prisma.drivers.sqlite.file_url import FileOptions

_SHADOW_REFUSED: Final = "P3006"


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
def open_file_engine(options: FileOptions, files: Sequence[tuple[str, str]]) -> Generator[SchemaEngine]:
    """Yield an engine on a database file, which is made if it does not exist.

    Raises:
        EngineConnectionError: the file can't be opened.
        SchemaEngineError: the engine refused a call in the block.
    """
    with translated(connecting=True), explained(), FileDatabase(options) as file, SchemaEngine(file, files) as engine:
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


@contextmanager
def explained() -> Generator[None]:
    """Turn failures of the engine and its shadow databases into errors with Prisma's codes and words."""
    try:
        yield
    except ShadowRefused as fault:
        raise errors.no_shadow_database(str(fault.fields.get("message") or fault)) from fault
    except SchemaEngineError as error:
        fault = error.__cause__
        if error.code != _SHADOW_REFUSED or not isinstance(fault, DriverFault):
            raise
        message = errors.shadow_refused(error.message, fault.fields)
        raise SchemaEngineError(message, error.code, error.meta) from fault


def listed(folder: Path) -> dict[str, Any]:
    """Return the migrations of a folder in the form that the engine reads.

    Raises:
        MigrateError: P3015 for a migration without a readable script.
    """
    migrations = read_migrations(folder, migration_names(folder))
    scripts = [(migration.name, SCRIPT_NAME, migration.script) for migration in migrations]
    return migration_list(str(folder), (LOCK_NAME, read_lock(folder)), scripts)
