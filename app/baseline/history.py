"""Looks in the history of a database whether the first migration must be recorded instead of run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.command_line import shell_command
from app.errors import FatalError
from prisma.errors import PrismaError
from prisma.migrate import status

if TYPE_CHECKING:
    from pathlib import Path

_HAS_TABLES = "SELECT to_regclass('users') IS NOT NULL AS found"


async def check_baseline(folder: Path, url: str) -> None:
    """Look before migrations run: the first one would fail, and its record block both applications.

    Raises:
        FatalError: the tables are there, and the history does not have the migration that makes them.
    """
    first = await unrecorded(folder, url)
    if first is not None:
        raise unrecorded_error(first)


async def unrecorded(folder: Path, url: str) -> str | None:
    """Return the first migration of `folder` if its tables are there and the history does not have it."""
    try:
        found = await status(folder, url)
    except PrismaError:
        # There may be no database yet. `deploy` makes it, or says what is wrong.
        return None
    first = found.found[0]
    is_pending = first in found.unapplied or first in found.failed
    return first if is_pending and await _has_tables(url) else None


def unrecorded_error(first: str) -> FatalError:
    """Return the error about a first migration that is not recorded."""
    return FatalError(
        f"The database has the tables of {first} already, but its history does not have that migration.",
        f"Compare and record them: {shell_command('python -m app.baseline')}, then start again.",
    )


async def _has_tables(url: str) -> bool:
    # Here, because there is no such name before the client is generated.
    from prisma import Prisma

    async with Prisma(datasource={"url": url}, use_dotenv=False) as db:
        found = await db.query_first(_HAS_TABLES)
    return bool(found and found["found"])
