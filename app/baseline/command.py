"""The baseline command: it compares the tables with those of the first migration, then records that migration."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING

from app.baseline.comparison import differences
from app.baseline.history import unrecorded, unrecorded_error
from app.command_line import shell_command, tell
from app.config.check import check_configuration
from app.config.settings import ROOT, load_settings
from app.database.embedded import database_of
from app.errors import FatalError, fatal_from
from prisma import Prisma
from prisma.errors import PrismaError
from prisma.migrate import mark_applied

if TYPE_CHECKING:
    from pathlib import Path

MIGRATIONS = ROOT / "migrations"


def run(arguments: list[str] | None = None) -> int:
    """Record the first migration in the database that the settings name, if its tables are there without a record.

    Raises:
        FatalError: the tables differ, a dry run found that there is something to record, or the database can't be used.
    """
    parser = argparse.ArgumentParser(
        prog="python -m app.baseline",
        description="Record the first migration in a database whose tables another application made.",
    )
    parser.add_argument("--dry-run", action="store_true", help="only look: exit code 1 if there is something to record")
    options = parser.parse_args(arguments)
    settings = load_settings()
    # Not the pooler: the record is written under a lock that belongs to the session.
    direct = check_configuration(settings).direct
    with database_of(settings) as url:
        try:
            asyncio.run(_baseline(MIGRATIONS, url if direct is None else direct.text(), dry_run=options.dry_run))
        except PrismaError as error:
            raise fatal_from(error, "DIRECT_DATABASE_URL (or DATABASE_URL)") from error
    return 0


async def _baseline(folder: Path, url: str, *, dry_run: bool) -> None:
    first = await unrecorded(folder, url)
    if first is None:
        tell("There is nothing to record.")
        return
    script = (folder / first / "migration.sql").read_text(encoding="utf-8")
    async with Prisma(datasource={"url": url}, use_dotenv=False) as db:
        found = await differences(db, script)
    if found:
        raise FatalError(
            f"The tables differ from those of {first}: {'; '.join(found)}.",
            "Change the tables, or use a database of its own. Nothing was changed.",
        )
    tell(f"The tables are those of {first}.")
    if dry_run:
        raise unrecorded_error(first)
    await mark_applied(folder, first, url)
    tell(f"It is recorded as applied. For the others: {shell_command('prisma migrate deploy')}")
