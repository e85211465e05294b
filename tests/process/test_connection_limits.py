"""The limits of connections over real sockets: slow callers, silent callers, and too many of them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from app.process.connection_limits import FEWEST, MOST, LimitedProtocol, bound_of

GET = b"GET / HTTP/1.1\r\nHost: service\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: service\r\nContent-Length: 40\r\n\r\n"
OK = b"HTTP/1.1 200 OK"


class Quick(LimitedProtocol):
    HEADER_TIMEOUT = 0.3
    BODY_INTERVAL = 0.3
    MIN_RATE = 10.0
    bound = 8


begun = asyncio.Semaphore(0)  # released by each slow request


async def read_all(scope: Any, receive: Any, send: Any) -> None:
    """Answer a request after its body; `/slow` only after a second."""
    if scope["type"] != "http":
        return
    more = True
    while more:
        message = await receive()
        more = message.get("more_body", False)
    if scope["path"] == "/slow":
        begun.release()
        await asyncio.sleep(1)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def serving() -> AsyncGenerator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(read_all, http=Quick, log_config=None, lifespan="off", access_log=False)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve([listener]))
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            await task


async def say(port: int, *parts: bytes, pause: float = 0.1) -> bytes:
    """Send the parts and return what comes until the service hangs up, or has answered as often as it was asked."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    with contextlib.suppress(ConnectionError):
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        async with asyncio.timeout(5):
            while (more := await reader.read(4096)) and not answer.endswith(b"ok"):
                answer += more
                if answer.endswith(b"ok"):
                    break
    writer.close()
    return answer[:15]


@pytest.mark.parametrize(
    ("parts", "answer"),
    [
        ((), b""),
        ((GET[:20],), b""),
        ((GET[:10], GET[10:]), OK),
        ((POST,), b""),
        ((POST, b"x"), b""),
        ((POST, *[b"x" * 4] * 10), OK),
        ((b"GET /slow HTTP/1.1\r\nHost: service\r\n\r\n",), OK),
        ((GET, GET), OK),
    ],
    ids=["nothing", "half of the headers", "in two parts", "no body", "a slow body", "a body in time", "work", "twice"],
)
async def test_a_caller_has_so_much_time(parts: tuple[bytes, ...], answer: bytes):
    async with serving() as port:
        assert await say(port, *parts) == answer


async def test_those_who_wait_give_way(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Quick, "HEADER_TIMEOUT", 60.0)
    monkeypatch.setattr(f"{__name__}.begun", asyncio.Semaphore(0))
    async with serving() as port:
        busy = asyncio.create_task(say(port, b"GET /slow HTTP/1.1\r\nHost: service\r\n\r\n"))
        await begun.acquire()
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(40)]
        for _, writer in idle:
            writer.write(GET[:20])
        assert [await say(port, GET) for _ in range(5)] == [OK] * 5
        assert await busy == OK
        for _, writer in idle:
            writer.close()


@pytest.mark.parametrize(("descriptors", "bound"), [(64, FEWEST), (256, 128), (1024, 896), (1_000_000, MOST)])
def test_the_bound_leaves_descriptors_for_everything_else(descriptors: int, bound: int):
    assert bound_of(descriptors) == bound
