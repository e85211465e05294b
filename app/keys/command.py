"""The keys command: its arguments, its settings and its output."""

from __future__ import annotations

import argparse
import asyncio
import sys

from app.api.api_keys.queries import create_api_key
from app.api.api_keys.schemas import DEFAULT_HOURLY, MAX_HOURLY
from app.config.settings import load_settings
from app.database.embedded import database_of
from app.errors import FatalError, fatal_from
from prisma import Prisma
from prisma.errors import PrismaError
from prisma.models import User

NAME = "Command line"


def run(arguments: list[str] | None = None) -> None:
    """Make a key in the database that the environment names, or else in the embedded one.

    The key alone goes to standard output, so that a shell can take it: KEY=$(python -m app.keys create …).

    Raises:
        FatalError: there is no such user, or the database can't be used.
    """
    options = _parser().parse_args(arguments)
    with database_of(load_settings()) as url:
        try:
            key, user = asyncio.run(_create(url, options.user, options.name, options.rate_limit))
        except PrismaError as error:
            raise fatal_from(error) from error
    print(f"A key of {user.email} ({user.role}). It is shown this once:", file=sys.stderr, flush=True)
    print(key, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.keys", description="API keys of the service.")
    create = parser.add_subparsers(required=True, metavar="COMMAND").add_parser("create", help="make a key")
    create.add_argument("--user", required=True, metavar="EMAIL", help="whose key it is: an address, or an id")
    create.add_argument("--name", default=NAME, help=f"what it is called in lists (default: {NAME})")
    create.add_argument(
        "--rate-limit", type=_limit, default=DEFAULT_HOURLY, metavar="N",
        help=f"requests per hour (default: {DEFAULT_HOURLY})",
    )  # fmt: skip
    return parser


async def _create(url: str, who: str, name: str, limit: int) -> tuple[str, User]:
    async with Prisma(datasource={"url": url}, use_dotenv=False) as db:
        user = await db.user.find_first(where={"OR": [{"email": who}, {"id": who}]})
        if user is None:
            raise FatalError(f"There is no user {who}.", "Name the address or the id of one in the table users.")
        made = await create_api_key(db, user.id, {"name": name, "rateLimit": limit})
    return made["key"], user


def _limit(text: str) -> int:
    most = max(MAX_HOURLY.values())
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {most}")
    return int(text)
