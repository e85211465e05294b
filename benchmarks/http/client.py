"""A light HTTP client: one kept-alive connection, whose cost beside the server's is small."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, and the body as it came."""

    status: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Client(asyncio.Protocol):
    """One connection; one request at a time. It reads answers that say their length, as all of ours do."""

    def __init__(self) -> None:
        self._transport: Any = None
        self._received = b""
        self._awaited: asyncio.Future[Reply] | None = None

    @classmethod
    async def connect(cls, port: int) -> Client:
        _, client = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if len(body) >= length and self._awaited is not None:
            self._received = body[length:]
            self._awaited.set_result(Reply(int(head[9:12]), body[:length]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_exception(ConnectionError("The server closed the connection."))

    async def send(self, request: bytes) -> Reply:
        """Send a whole request and return its answer."""
        if self._transport.is_closing():
            raise ConnectionError("The server closed the connection.")
        self._awaited = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._awaited

    def close(self) -> None:
        self._transport.close()
