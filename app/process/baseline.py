"""The check for a database whose tables another application made, with a history of migrations that is not ours."""

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
    try:
        found = await status(folder, url)
    except PrismaError:
        # There may be no database yet. `deploy` makes it, or says what is wrong.
        return
    first = found.found[0]
    # Without any history `deploy` itself refuses a database that has tables.
    if found.has_history and first in found.unapplied and await _has_tables(url):
        raise FatalError(
            f"The database has the tables of {first} already, but its history does not have that migration.",
            f"If they are the same: {shell_command(f'prisma migrate resolve --applied {first}')}, then start again.",
        )


async def _has_tables(url: str) -> bool:
    # Here, because there is no such name before the client is generated.
    from prisma import Prisma

    async with Prisma(datasource={"url": url}, use_dotenv=False) as db:
        found = await db.query_first(_HAS_TABLES)
    return bool(found and found["found"])
