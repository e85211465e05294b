"""Health over HTTP: it follows the database, without a restart."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from httpx import AsyncClient, Response

if TYPE_CHECKING:
    from servers.tcp import TcpServer

DOWN_WITHIN = 2.0  # seconds
UP_WITHIN = 5.0  # seconds
HEALTHY = (200, "healthy", "connected")
UNHEALTHY = (503, "unhealthy", "disconnected")

Serve = Callable[[str], AbstractAsyncContextManager[AsyncClient]]


def seen(response: Response) -> tuple[int, str, str]:
    body = response.json()
    assert set(body) == {"status", "database", "timestamp"}
    assert abs(datetime.now(UTC) - datetime.fromisoformat(body["timestamp"])) < timedelta(seconds=5)
    return response.status_code, body["status"], body["database"]


async def until(http: AsyncClient, expected: tuple[int, str, str], within: float) -> None:
    """Ask until the answer is the expected one, which must come in time."""
    deadline = time.monotonic() + within
    while (answer := seen(await http.get("/api/health"))) != expected:
        assert time.monotonic() < deadline, answer
        await asyncio.sleep(0.05)
    assert time.monotonic() < deadline


async def test_healthy(http: AsyncClient):
    response = await http.get("/api/health")
    assert (seen(response), response.headers["cache-control"]) == (HEALTHY, "no-store")


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_follows_a_server_that_stops_and_comes_back(tcp_server: TcpServer, serve: Serve, mode):
    async with serve(tcp_server.url()) as http:
        await until(http, HEALTHY, UP_WITHIN)
        await asyncio.to_thread(tcp_server.stop, mode)
        await until(http, UNHEALTHY, DOWN_WITHIN)
        users = await http.get("/api/v1/users/me", headers={"X-API-Key": "any"})
        await asyncio.to_thread(tcp_server.start)
        await until(http, HEALTHY, UP_WITHIN)

    assert (users.status_code, users.json()["code"], users.headers["retry-after"]) == (503, "database_unavailable", "5")


async def test_a_silent_server_is_unhealthy_in_time(tcp_server: TcpServer, serve: Serve):
    async with proxy(tcp_server.port) as (port, frozen), serve(_through(tcp_server, port)) as http:
        await until(http, HEALTHY, UP_WITHIN)
        frozen.set()
        await until(http, UNHEALTHY, DOWN_WITHIN)
        frozen.clear()
        await until(http, HEALTHY, UP_WITHIN)


def _through(server: TcpServer, port: int) -> str:
    return server.url().replace(f":{server.port}/", f":{port}/")


@asynccontextmanager
async def proxy(port: int) -> AsyncGenerator[tuple[int, asyncio.Event]]:
    """Run a way to `port` on which nothing arrives any more while the event is set."""
    frozen = asyncio.Event()
    tasks: set[asyncio.Task[None]] = set()

    async def forward(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                if not frozen.is_set():
                    target.write(data)
        finally:
            target.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        other_reader, other_writer = await asyncio.open_connection("127.0.0.1", port)
        for work in (forward(reader, other_writer), forward(other_reader, writer)):
            tasks.add(asyncio.create_task(work))

    listener = await asyncio.start_server(accept, "127.0.0.1", 0)
    yield listener.sockets[0].getsockname()[1], frozen
    listener.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)  # the transports close in the loop's next round
