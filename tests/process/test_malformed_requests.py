"""What is no HTTP request, over real sockets: a problem, and no traceback."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from app.process.connection_limits import LimitedProtocol

CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


async def answer_at_once(scope: Any, receive: Any, send: Any) -> None:
    """Answer before the body, as the service does to a caller whom it does not know."""
    await send({"type": "http.response.start", "status": 401, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"no"})


async def read_first(scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await answer_at_once(scope, receive, send)


@asynccontextmanager
async def connected(app: Any) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to a server of the application."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, http=LimitedProtocol, log_config=None, lifespan="off", access_log=False)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve([listener]))
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        try:
            yield reader, writer
        finally:
            writer.close()
            server.should_exit = True
            await task


def get(*headers: bytes, target: bytes = b"/") -> bytes:
    return b"\r\n".join((b"GET " + target + b" HTTP/1.1", *headers, b"", b""))


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (b"\x16\x03\x01\x02\x00\r\n\r\n", "malformed_request"),
        (get(), "malformed_request"),
        (get(b"Host: x", b"Host: y"), "malformed_request"),
        (get(b"Host: x", b"no colon"), "malformed_request"),
        (get(b"Host: x", b"X: a\x00b"), "malformed_request"),
        (get(b"Host: x", b"Content-Length: -1"), "malformed_request"),
        (get(b"Host: x", b"Transfer-Encoding: gzip"), "malformed_request"),
        (get(b"Host: x", target=b"/\xe9"), "malformed_request"),
        (CHUNKED + b"zz\r\n", "malformed_request"),
        (CHUNKED + b"1;" + b"a" * 70_000 + b"\r\nx\r\n", "malformed_request"),
        (CHUNKED + b"1;" + b"a" * 70_000 + b"\r\nx\r\n0\r\n\r\n", "malformed_request"),
        (CHUNKED + (b"1;" + b"a" * 700 + b"\r\nx\r\n") * 100, "malformed_request"),
        (get(b"Host: x", b"X: " + b"a" * 66_000).rstrip(), "headers_too_large"),
    ],
    ids=[
        "TLS",
        "no host",
        "two hosts",
        "no colon",
        "NUL",
        "length",
        "encoding",
        "target",
        "chunk",
        "extension",
        "whole",
        "extensions",
        "long",
    ],
)
async def test_it_is_refused_as_a_problem(request_: bytes, code: str):
    async with connected(read_first) as (reader, writer):
        writer.write(request_)
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    problem = json.loads(body)
    status, *headers = head.lower().split(b"\r\n")
    assert (problem["code"], status.split()[1].decode()) == (code, str(problem["status"]))
    assert {b"content-type: application/problem+json", b"connection: close"} <= set(headers)


async def test_after_the_answer_it_only_ends_the_connection(caplog: pytest.LogCaptureFixture):
    async with connected(answer_at_once) as (reader, writer):
        writer.write(CHUNKED + b"1\r\na\r\n")
        await reader.readuntil(b"no")
        writer.write(b"zz\r\n")
        assert await reader.read() == b""
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_small_chunks_are_taken_and_so_is_what_comes_behind_them():
    async with connected(read_first) as (reader, writer):
        for extension in (b"", b";a=b", b";" + b"a" * 20_000):
            chunks = (b"1;x\r\nx\r\n" * 30_000) + b"2" + extension + b"\r\nxy\r\n0\r\nTrailer: t\r\n\r\n"
            writer.write(CHUNKED + chunks + get(b"Host: x"))
            for _ in range(2):
                assert (await reader.readuntil(b"no")).startswith(b"HTTP/1.1 401")
