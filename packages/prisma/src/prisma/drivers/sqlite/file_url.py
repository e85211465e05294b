"""URLs of SQLite: `file:./dev.db`, with parameters after a question mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from prisma.dialects.dialect import TimestampFormat
from prisma.drivers.url_parameters import UrlParameters, cpu_count, invalid_url
from prisma.frozen import Frozen

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE: Final = "file:./dev.db"
MEMORY: Final = ":memory:"

DEFAULT_POOL_TIMEOUT: Final = 10.0  # seconds, as Prisma documents it
DEFAULT_BUSY_TIMEOUT: Final = 5.0  # seconds, as long as Prisma's own driver waits for a lock
DEFAULT_STATEMENT_CACHE_SIZE: Final = 100  # prepared statements for each connection, as Prisma documents it


class FileOptions(Frozen):
    """One database file. Times are seconds; None means without limit.

    Attributes:
        path: the file, or `:memory:`.
        busy_timeout: how long a writer waits for another one.
        schema: SQLite's name for the database of the file.
    """

    path: str
    connection_limit: int
    pool_timeout: float | None = DEFAULT_POOL_TIMEOUT
    busy_timeout: float = DEFAULT_BUSY_TIMEOUT
    statement_cache_size: int = DEFAULT_STATEMENT_CACHE_SIZE
    timestamp_format: TimestampFormat = TimestampFormat.MILLISECONDS
    schema: str = "main"

    @property
    def is_memory(self) -> bool:
        """Whether the database is gone with its connection."""
        return self.path == MEMORY


def is_file_url(url: str) -> bool:
    """Say whether a URL is SQLite's."""
    return url.lstrip().startswith(("file:", "sqlite:"))


def parse_file_url(url: str, folder: Path) -> FileOptions:
    """Return the options in `url`; a relative path starts in `folder`.

    A DriverFault of kind INVALID_URL says in one sentence what is wrong with it.
    """
    place, _, query = url.strip().partition("?")
    parameters = UrlParameters(query)
    path = _path(place, folder)
    limit = parameters.integer("connection_limit", default=cpu_count() * 2 + 1, minimum=1)
    options = FileOptions(
        path=path,
        # Each connection to memory would have a database of its own.
        connection_limit=1 if path == MEMORY else limit,
        pool_timeout=parameters.seconds("pool_timeout", DEFAULT_POOL_TIMEOUT),
        busy_timeout=parameters.seconds("socket_timeout", DEFAULT_BUSY_TIMEOUT) or DEFAULT_BUSY_TIMEOUT,
        statement_cache_size=parameters.integer(
            "statement_cache_size", default=DEFAULT_STATEMENT_CACHE_SIZE, minimum=0
        ),
        timestamp_format=parameters.word("timestamp_format", TimestampFormat) or TimestampFormat.MILLISECONDS,
    )
    parameters.report_rest()
    return options


def absolute_file_url(url: str, folder: Path) -> str:
    """Return a URL with the whole path of its file; a relative path starts in `folder`.

    Raises DriverFault as `parse_file_url` does.
    """
    place, mark, query = url.strip().partition("?")
    return f"file:{quote(_path(place, folder), safe='/:')}{mark}{query}"


def _path(place: str, folder: Path) -> str:
    scheme, separator, rest = place.partition(":")
    if scheme not in {"file", "sqlite"} or not separator:
        raise invalid_url(f"for SQLite it must start with file:, as in {EXAMPLE}")
    try:
        # `file:///folder/dev.db`, with an empty host, is `/folder/dev.db`.
        path = unquote(rest.removeprefix("//"), errors="strict")
    except UnicodeDecodeError:
        raise invalid_url("the path is not percent-encoded UTF-8") from None
    if "\0" in path:
        raise invalid_url("the path holds a zero byte")
    if not path:
        raise invalid_url(f"it names no file; its form is {EXAMPLE}")
    return MEMORY if path == MEMORY else str(folder / path)
