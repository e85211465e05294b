"""The embedded PostgreSQL: a real server in the data folder, for machines without one.

Only its own user and root can reach it: it listens on a Unix socket in a folder that no other user may enter.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.config.check import check_configuration
from app.config.database_url import DatabaseUrl
from app.config.settings import ROOT, load_settings
from app.errors import FatalError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from app.config.settings import Settings
    from app.database.embedded.cluster import Cluster

DATABASE = "ainative"
USER = "postgres"
OTHER_SERVER = "set DATABASE_URL to use another PostgreSQL"
_FOLDER = "postgres"


@contextmanager
def project_database() -> Generator[str]:
    """Yield the URL of the database of this checkout; `[tool.prisma] database` in pyproject.toml names this function.

    Raises:
        FatalError: the settings can't be used, or the server can't be started.
    """
    with database_of(load_settings()) as url:
        yield url


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
    """Run the server whose data are in `data_folder`, and yield the URL of its database.

    Several processes share one server. The last one to leave stops it; if that one is killed, the process of
    `stop_when_unused` does.

    Raises:
        FatalError: the server can't be started.
    """
    if sys.platform == "win32":
        raise FatalError("The embedded PostgreSQL needs Unix sockets, which Windows lacks.", f"{OTHER_SERVER}.")
    # Not at the top: it needs fcntl, which Windows lacks.
    from app.database.embedded.usage_locks import UsageLocks

    with _explained(data_folder):
        folder = _usable(data_folder.resolve())
        folder.mkdir(parents=True, exist_ok=True)
        users = UsageLocks(folder)
    with users:
        with users.exclusive(), _explained(folder):
            users.join()
            cluster = cluster_of(folder)
            socket_folder = cluster.socket_folder()
            if socket_folder is None:
                # Before the server starts, so that an interruption at any moment leaves no server running.
                _start_stopping_process(folder)
                socket_folder = cluster.start()
            cluster.create_database(DATABASE, socket_folder)
        try:
            yield DatabaseUrl(user=USER, host=str(socket_folder), port=cluster.port, database=DATABASE)
        finally:
            with users.exclusive():
                if users.leave():
                    cluster.stop()


def cluster_of(data_folder: Path) -> Cluster:
    """Return the server, running or not, of a data folder."""
    from app.database.embedded.cluster import Cluster

    return Cluster((data_folder / _FOLDER).resolve(), USER)


def _start_stopping_process(data_folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "app.database.embedded.stop_when_unused", str(data_folder)],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    # Waited for, because it may end before this process does and would then stay a zombie.
    threading.Thread(target=process.wait, daemon=True).start()


def _usable(folder: Path) -> Path:
    """Return the path of a folder, if URLs and the files of the server can contain it."""
    try:
        complaint = None if len(str(folder).encode().splitlines()) == 1 else "its path holds a line break"
    except UnicodeEncodeError:
        complaint = "its path is not UTF-8"
    if folder.exists() and not folder.is_dir():
        complaint = "it is not a folder"
    if complaint is not None:
        shown = str(folder).encode(errors="backslashreplace").decode().replace("\n", "\\n")
        raise FatalError(
            f"The embedded PostgreSQL can't use {shown}: {complaint}.",
            f"Set DATA_FOLDER to another folder, or {OTHER_SERVER}.",
        )
    return folder


@contextmanager
def _explained(folder: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise FatalError(
            f"The embedded PostgreSQL can't use {error.filename or folder}: {error.strerror or error}.",
            f"Make it usable for this user, or set DATA_FOLDER to a folder that is, or {OTHER_SERVER}.",
        ) from error
