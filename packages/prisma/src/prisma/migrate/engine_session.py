"""What the schema engine is told of migrations, and its failures as errors with Prisma's codes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from prisma.faults import DriverFault, FaultKind, ShadowRefused
from prisma.migrate import errors
from prisma.migrate.folder import LOCK_NAME, SCRIPT_NAME, migration_names, read_lock, read_migrations
from prisma.schema_engine import SchemaEngineError
from prisma.schema_engine.targets import migration_list

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path
    from typing import Any

_SHADOW_REFUSED: Final = "P3006"
# What the engine has no word for: a database that others keep locked, and one that is gone.
_BEYOND_ENGINE: Final = (FaultKind.SOCKET_TIMEOUT, FaultKind.CONNECTION_CLOSED)


@contextmanager
def explained() -> Generator[None]:
    """Turn failures of the engine and its shadow databases into errors with Prisma's codes and words.

    A DriverFault says that others have kept the database locked for too long, or that the connection was lost.
    """
    try:
        yield
    except ShadowRefused as fault:
        raise errors.no_shadow_database(str(fault.fields.get("message") or fault)) from fault
    except SchemaEngineError as error:
        fault = error.__cause__
        if isinstance(fault, DriverFault) and fault.kind in _BEYOND_ENGINE:
            raise fault from None
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
