"""Real servers for tests: PostgreSQL, PgBouncer, the service, and what they share."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Final, TypedDict
from urllib.parse import urlencode

import psutil

MEMORY: Final = Path("/dev/shm")
# More than the servers of all processes of pytest take.
PLENTY: Final = 6 << 30  # bytes

# Seconds to wait for what is sure to come, on a machine that is busy with other things, too.
PATIENCE = 240.0


class RunAs(TypedDict, total=False):
    """Arguments for subprocess: PostgreSQL and PgBouncer refuse to run as root."""

    user: int
    group: int


def data_folder(prefix: str) -> Path:
    """Make a folder for a server's data: in memory if there is plenty, where a new database costs a tenth.

    Not in pytest's folder, because a socket's path may have 107 bytes at most.
    """
    plenty = (
        os.access(MEMORY, os.W_OK) and min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available) > PLENTY
    )
    return Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY if plenty else None))


def free_port() -> int:
    """Return a TCP port of the loopback address that nothing uses at the moment."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def run_as(uid: int, gid: int) -> RunAs:
    """Return the arguments that run a program as this user, if this process may choose."""
    return {"user": uid, "group": gid} if os.geteuid() == 0 else {}


def with_parameters(url: str, parameters: dict[str, str]) -> str:
    """Return `url` with its parameters."""
    return f"{url}?{urlencode(parameters)}" if parameters else url
