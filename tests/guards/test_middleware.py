"""The guards in front of an application that echoes what reaches it."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI, Request
from httpx import ASGITransport, AsyncClient, Response

from app.guards.middleware import MAX_BODY, Guards

JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def echo() -> AsyncGenerator[AsyncClient]:
    """An application whose every route answers with path, query and body."""
    app = FastAPI()
    app.add_middleware(Guards)

    @app.api_route("/{path:path}", methods=["GET", "POST", "DELETE"])
    async def _(path: str, request: Request) -> dict[str, Any]:
        return {"path": path, "query": dict(request.query_params), "body": (await request.body()).decode("latin-1")}

    async with AsyncClient(transport=ASGITransport(app), base_url="http://service") as client:
        yield client


async def pieces(body: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


def refusal(response: Response) -> tuple[int, str, str]:
    return response.status_code, response.json()["code"], response.headers["content-type"]


@pytest.mark.parametrize("in_pieces", [False, True])
async def test_a_body_of_one_mebibyte_passes(echo: AsyncClient, in_pieces: bool):
    body = json.dumps("a" * (MAX_BODY - 2)).encode()
    answer = await echo.post("/x", content=pieces(body) if in_pieces else body, headers=JSON)
    assert (answer.status_code, len(answer.json()["body"])) == (200, MAX_BODY)


@pytest.mark.parametrize("in_pieces", [False, True])
@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
async def test_one_byte_more_does_not(echo: AsyncClient, in_pieces: bool, kind: str):
    body = b"1" * (MAX_BODY + 1)
    answer = await echo.post("/x", content=pieces(body) if in_pieces else body, headers={"Content-Type": kind})
    assert refusal(answer) == (413, "body_too_large", "application/problem+json")


async def test_a_body_without_end_is_read_no_further(echo: AsyncClient):
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while True:
            given += 1
            yield b" " * 65_536

    answer = await echo.post("/x", content=endless(), headers=JSON)
    assert (answer.status_code, given) == (413, MAX_BODY // 65_536 + 1)


async def test_a_length_that_lies_is_counted(echo: AsyncClient):
    body = b" " * (MAX_BODY + 1)
    answer = await echo.post("/x", content=pieces(body), headers={**JSON, "Content-Length": "5"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"a": 1}', 200),
        ("application/json", b'{"a": 1e999}', 400),
        ("application/merge-patch+json; charset=utf-8", b"{", 400),
        ("APPLICATION/JSON", b'"\\u0000"', 400),
        ("text/plain", b"{", 200),
        ("application/json", b"", 200),
    ],
)
async def test_only_json_is_read_as_json(echo: AsyncClient, kind: str, body: bytes, status: int):
    answer = await echo.post("/x", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert status != 200 or answer.json()["body"] == body.decode()


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("/a%00b", "zero_byte"),
        ("/a?q=%00", "zero_byte"),
        ("/a?%00=1", "zero_byte"),
        ("/%ff", "not_utf8"),
        ("/%ed%a0%80", "not_utf8"),
        ("/a?q=%c3%28", "not_utf8"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_addresses_that_are_no_text(echo: AsyncClient, method: str, target: str, code: str):
    answer = await echo.request(method, target)
    assert refusal(answer) == (400, code, "application/problem+json")


async def test_other_addresses_pass(echo: AsyncClient):
    answer = await echo.get("/Zo%C3%AB%27%20OR%201=1?q=%F0%9F%A6%8A&r=%27;--")
    assert answer.json() == {"path": "Zoë' OR 1=1", "query": {"q": "🦊", "r": "';--"}, "body": ""}
