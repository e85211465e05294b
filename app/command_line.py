"""Commands: what `python -m app.keys` and `python -m app.users` share."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from app.config.settings import load_settings
from app.database.embedded import database_of
from app.errors import FatalError, fatal_from
from prisma.errors import ClientNotGeneratedError, PrismaError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator, Sequence

    from prisma import Prisma

Result = TypeVar("Result")

FAILED = 1


def exit_code_of(run: Callable[[], int]) -> int:
    """Run a command and return its exit code; an error that only the operator can repair is printed, with its fix."""
    try:
        return run()
    except ClientNotGeneratedError as error:
        print(f"Error: {error}", file=sys.stderr)
    except FatalError as error:
        print(error.render(), file=sys.stderr)
    except BrokenPipeError:
        # The reader has enough, such as `head`. Python would complain about what it can't write at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED


def with_database(work: Callable[[Prisma], Coroutine[Any, Any, Result]]) -> Result:
    """Do work in the database that the settings name, or else in the embedded one, and return its result.

    Raises:
        FatalError: the database can't be used.
    """
    with database_of(load_settings()) as url, _fatal():
        return asyncio.run(_connected(url, work))


async def _connected(url: str, work: Callable[[Prisma], Coroutine[Any, Any, Result]]) -> Result:
    # Here, because there is no such name before the client is generated.
    from prisma import Prisma

    async with Prisma(datasource={"url": url}, use_dotenv=False) as db:
        return await work(db)


@contextmanager
def _fatal() -> Generator[None]:
    try:
        yield
    except PrismaError as error:
        raise fatal_from(error) from error


def shell_command(words: str) -> str:
    """Return a command as the reader's shell understands it: with `uv run` in front if this program was started so."""
    # Set by `uv run` for what it starts. Then the shell itself may not know the project's Python.
    return f"uv run {words}" if "UV_RUN_RECURSION_DEPTH" in os.environ else words


def tell(text: str) -> None:
    """Print a line for people: to standard error, because standard output is for what programs read."""
    print(text, file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """Print a value for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=_plain), flush=True)


def print_table(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows for people, with their columns aligned."""
    lines = [list(titles), *([_text(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
    sys.stdout.flush()


def _text(value: Any) -> str:
    if value is None:
        return "never"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
