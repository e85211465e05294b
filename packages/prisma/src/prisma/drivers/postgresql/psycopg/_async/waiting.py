"""Waiting for a socket, in an event loop."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Final, TypeVar

from psycopg import waiting

if TYPE_CHECKING:
    from psycopg.abc import PQGen, PQGenConn

T = TypeVar("T")

# psycopg looks up from its socket that often, in seconds; a task that is cancelled wakes without it.
_INTERVAL: Final = 3600.0


async def wait(gen: PQGen[T], descriptor: int, limit: float | None) -> T:
    """Wait for an exchange; TimeoutError after `limit` seconds."""
    if limit is None:
        return await waiting.wait_async(gen, descriptor, interval=_INTERVAL)
    async with asyncio.timeout(limit):
        return await waiting.wait_async(gen, descriptor, interval=_INTERVAL)


async def wait_connection(gen: PQGenConn[T], limit: float | None) -> T:
    """The same for an exchange that names its sockets."""
    async with asyncio.timeout(limit):
        return await waiting.wait_conn_async(gen, interval=_INTERVAL)


async def addresses(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
