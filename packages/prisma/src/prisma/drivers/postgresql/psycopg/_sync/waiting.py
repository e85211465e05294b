"""Waiting for a socket, in a thread."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final, TypeVar

from psycopg import waiting

from prisma.drivers.postgresql.psycopg import wire

if TYPE_CHECKING:
    from psycopg.abc import PQGen, PQGenConn

T = TypeVar("T")

# psycopg looks up from its socket that often, in seconds: for Ctrl-C, and for limits.
_INTERVAL: Final = 0.1


def wait(gen: PQGen[T], descriptor: int, limit: float | None) -> T:
    """Wait for an exchange; TimeoutError after `limit` seconds."""
    return waiting.wait(gen if limit is None else wire.bounded(gen, limit), descriptor, interval=_interval(limit))


def wait_connection(gen: PQGenConn[T], limit: float | None) -> T:
    """The same for an exchange that names its sockets."""
    return waiting.wait_conn(gen if limit is None else wire.bounded(gen, limit), interval=_interval(limit))


def addresses(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _interval(limit: float | None) -> float:
    return _INTERVAL if limit is None else max(min(limit, _INTERVAL), 0.001)
