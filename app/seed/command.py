"""The seed command: its arguments, its database and its output."""

from __future__ import annotations

import argparse
import asyncio

from app.command_line import shell_command
from app.config.settings import load_settings
from app.database.embedded import database_of
from app.errors import FatalError, fatal_from
from app.seed.example_users import EXAMPLE_USERS
from app.seed.fill import fill, is_filled
from app.seed.progress import ProgressBar
from prisma import Prisma
from prisma.errors import DataError, PrismaError

MAX_USERS = 1_000_000
GOES_ON = "run the same command again: it goes on from there."


def run(arguments: list[str] | None = None) -> None:
    """Seed the database that the environment names, or else the embedded one.

    Raises:
        FatalError: the database can't be reached, or does not fit.
        KeyboardInterrupt: Ctrl+C; what was written stays.
    """
    parser = argparse.ArgumentParser(prog="prisma_seed.py", description="Fill the database with example data.")
    parser.add_argument("--users", type=_number, default=0, metavar="N", help="add N made-up users, for volume")
    parser.add_argument("--if-empty", action="store_true", help="do nothing if the database has a user")
    options = parser.parse_args(arguments)
    with database_of(load_settings()) as url:
        try:
            asyncio.run(_seed(url, users=options.users, if_empty=options.if_empty))
        except PrismaError as error:
            raise _fatal(error, options.users) from error
        except KeyboardInterrupt:
            _say(f"\nstopped; {GOES_ON}")
            raise


async def _seed(url: str, *, users: int, if_empty: bool) -> None:
    async with Prisma(datasource={"url": url}, use_dotenv=False) as db:
        if if_empty and await is_filled(db):
            _say("there are users already: nothing to seed")
            return
        counts = await fill(db, users=users, say=_say, progress=ProgressBar())
    _say(f"for an API key: {shell_command(f'python -m app.keys create --user {EXAMPLE_USERS[0].email}')}")
    _say("rows now: " + ", ".join(f"{name} {count}" for name, count in counts.items()))


def _fatal(error: PrismaError, users: int) -> FatalError:
    fatal = fatal_from(error)
    # The client has retried it; the rows written before stay.
    if users and isinstance(error, DataError) and error.retriable:
        return FatalError(fatal.message, f"{fatal.fix or ''} Then {GOES_ON}".strip())
    return fatal


def _say(text: str) -> None:
    print(f"      {text}", flush=True)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > MAX_USERS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to {MAX_USERS}")
    return int(text)
