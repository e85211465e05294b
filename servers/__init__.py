"""Real servers for tests: PostgreSQL, PgBouncer, the service, and what they share."""

from __future__ import annotations

import os
import socket
from typing import TypedDict
from urllib.parse import urlencode

# Seconds to wait for what is sure to come, on a machine that is busy with other things, too.
PATIENCE = 240.0


class RunAs(TypedDict, total=False):
    """Arguments for subprocess: PostgreSQL and PgBouncer refuse to run as root."""

    user: int
    group: int


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
