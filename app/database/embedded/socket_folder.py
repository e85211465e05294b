"""The folder of the server's socket: the data folder or, if its path is too long for a socket, a new one.

Both have the mode 0700 from the start and belong to the server's user, because every user who may enter the folder may
use the database.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import FatalError

if TYPE_CHECKING:
    from app.database.embedded.account import Account

LONGEST_PATH = 103  # bytes of a socket's path that every Unix takes; Linux takes 107
_SOCKET = ".s.PGSQL.5432"
_PREFIX = "postgres-"
# To libpq, a comma ends the name of a host.
_SEPARATOR = ","


def choose_socket_folder(data: Path, account: Account) -> Path:
    """Return the folder for the socket of the server whose data lie in `data`.

    Raises:
        FatalError: the path of the temporary folder is too long, too.
    """
    if _fits(data):
        return data
    for place in dict.fromkeys((tempfile.gettempdir(), "/tmp")):  # noqa: S108
        if os.access(place, os.W_OK | os.X_OK) and _fits(Path(place, f"{_PREFIX}12345678")):
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
            account.give(folder)
            account.allow_entering(folder)
            return folder
    raise FatalError(
        f"The path of {data} is too long for a socket, and the temporary folder can't take it.",
        "Set DATA_FOLDER to a folder with a shorter path, or TMPDIR to one that you may write to.",
    )


def discard_socket_folder(folder: Path, data: Path) -> None:
    """Remove the folder of an unused socket, unless it is the data folder.

    Only the server's own files are removed, because the server's user may write the file that names the folder.
    """
    if folder == data or not folder.name.startswith(_PREFIX):
        return
    with suppress(OSError):
        for name in (_SOCKET, f"{_SOCKET}.lock"):
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / _SOCKET)) <= LONGEST_PATH and _SEPARATOR not in str(folder)
