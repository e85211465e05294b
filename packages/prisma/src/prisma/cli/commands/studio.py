"""`prisma studio`: serve Prisma Studio on the loopback of this machine."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import webbrowser
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from prisma.cli.project.database import check_url, kind_of_schema, migration_database
from prisma.cli.project.errors import CommandError
from prisma.cli.project.kinds import check_studio
from prisma.drivers.sqlite.file_url import is_file_url
from prisma.migrate.faults import translated
from prisma.migrate.kinds import DEFAULT, kind_of_url
from prisma.schema.files import read_schema
from prisma.studio.access import HOST, NAMES
from prisma.studio.server import StudioServer

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from types import FrameType

    from prisma.drivers.postgresql.url import ConnectionOptions
    from prisma.studio.database import StudioDatabase

DEFAULT_PORT: Final = 5555
LAST_PORT: Final = 5564  # that is tried where none is asked for
MAX_CONNECTIONS: Final = 5  # to the database: a long query, and the table beside it
CLOSE_TIMEOUT: Final = 2.0  # seconds for statements under way to end
NO_BROWSER: Final = "none"


def studio(schema: Path | None, url: str | None, port: int | None, hostname: str, browser: str | None) -> int:
    """Serve Studio on the schema's database, or on `url`, until it is stopped."""
    if hostname not in NAMES:
        raise CommandError(
            f"Studio listens on {HOST} only, not on {hostname}: it shows all data to everyone who reaches it.",
            "Leave out --hostname, or reach it through a tunnel (`ssh -L`).",
        )
    assets = _assets()
    if url is None:
        found = read_schema(schema)
        check_studio(kind_of_schema(found))
        url = migration_database(found).url
    check_url(url)
    check_studio(kind_of_url(url) or DEFAULT)
    connected = _file(url) if is_file_url(url) else _server(url)
    with connected as database, _stopping_on_termination():
        server = _listening(port, database, assets)
        click.echo(f"\n{click.style('Prisma Studio is running at:', bold=True)} {server.access.address}")
        _open(server.access.address_once(), browser)
        try:
            server.run()
        except KeyboardInterrupt:
            click.echo()
    return 0


def _assets() -> Mapping[str, bytes]:
    try:
        from prisma_studio import SCRIPT, STYLESHEET, read_asset
    except ImportError as error:
        message = "Studio's page is a package of its own: install it with `pip install 'prisma[studio]'`."
        raise CommandError(message) from error
    return {name: read_asset(name) for name in (SCRIPT, STYLESHEET)}


@contextmanager
def _file(url: str) -> Generator[StudioDatabase]:
    from prisma.drivers.sqlite.file_url import parse_file_url
    from prisma.drivers.sqlite.session import Session
    from prisma.studio.sqlite import SqliteStudio

    with translated(connecting=True):
        options = parse_file_url(url, Path.cwd())
        if options.is_memory:
            raise CommandError("A database in memory is another one for each program: Studio needs a file.")
        # What can't be opened is said now, and not in the page.
        Session(options).close()
    yield SqliteStudio(options)


@contextmanager
def _server(url: str) -> Generator[StudioDatabase]:
    from prisma.drivers.postgresql.psycopg.text_connection import TextPool
    from prisma.drivers.postgresql.url import parse_url
    from prisma.studio.postgresql import PostgresStudio

    with translated(connecting=True):
        pool = TextPool(studio_options(parse_url(url)))
        pool.open()
    try:
        yield PostgresStudio(pool)
    finally:
        pool.close(CLOSE_TIMEOUT)


def studio_options(options: ConnectionOptions) -> ConnectionOptions:
    """Return the options of Studio's connections."""
    return options.for_changes().__replace__(
        connection_limit=min(options.connection_limit, MAX_CONNECTIONS),
        settings={"application_name": "prisma-studio", **options.settings},
    )


def _listening(port: int | None, database: StudioDatabase, assets: Mapping[str, bytes]) -> StudioServer:
    """Return the server on the port, or on the first free one of the usual ports."""
    last = LAST_PORT if port is None else port
    for each in range(DEFAULT_PORT if port is None else port, last):
        with suppress(OSError):
            return StudioServer(each, database, assets)
    try:
        return StudioServer(last, database, assets)
    except OSError as error:
        taken = f"Ports {DEFAULT_PORT} to {last} are taken." if port is None else f"Port {port} is taken."
        raise CommandError(taken, f"Name another one: prisma studio --port {last + 1}") from error


def _open(address: str, name: str | None) -> None:
    """Open the address in the browser of a name, of the variable BROWSER, or else the desktop's."""
    if (name or os.environ.get("BROWSER", "")).lower() == NO_BROWSER:
        return
    browser = _browser(name)
    if browser is not None:
        # Some wait until the browser has started, or has ended.
        threading.Thread(target=browser.open, args=(address,), daemon=True).start()
    elif name:
        click.echo(f"There is no browser {name}: open the address yourself.", err=True)


def _browser(name: str | None) -> webbrowser.BaseBrowser | None:
    try:
        found = webbrowser.get(name)
    except webbrowser.Error:
        program = shutil.which(name) if name else None
        return webbrowser.BackgroundBrowser(program) if program else None
    # Without a desktop, the last choice is a browser that would take this terminal.
    takes_terminal = type(found) is webbrowser.GenericBrowser
    return None if takes_terminal and not name and not os.environ.get("BROWSER") else found


@contextmanager
def _stopping_on_termination() -> Generator[None]:
    """Let SIGTERM end the block as Ctrl-C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
