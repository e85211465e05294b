"""The check of URLs, in front of an application that echoes its requests."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from fastapi import FastAPI, Request
from httpx import ASGITransport, AsyncClient, Response

from app.http.request_checks.middleware import UrlCheck


@pytest.fixture
async def echo() -> AsyncGenerator[AsyncClient]:
    """An application whose every route answers with path and query."""
    app = FastAPI()
    app.add_middleware(UrlCheck)

    @app.api_route("/{path:path}", methods=["GET", "DELETE"])
    async def _(path: str, request: Request) -> dict[str, Any]:
        return {"path": path, "query": dict(request.query_params)}

    async with AsyncClient(transport=ASGITransport(app), base_url="http://service") as client:
        yield client


def refusal(response: Response) -> tuple[int, str, str]:
    return response.status_code, response.json()["code"], response.headers["content-type"]


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


async def test_a_slash_in_a_value_does_not_separate(echo: AsyncClient):
    answers = [(await echo.get(f"/a/b{slash}c")).json()["path"] for slash in ("%2F", "%2f", "%252F", "%25", "/")]
    assert answers == ["a/b\0c", "a/b\0c", "a/b%2Fc", "a/b%c", "a/b/c"]


async def test_other_addresses_pass(echo: AsyncClient):
    answer = await echo.get("/Zo%C3%AB%27%20OR%201=1?q=%F0%9F%A6%8A&r=%27;--")
    assert answer.json() == {"path": "Zoë' OR 1=1", "query": {"q": "🦊", "r": "';--"}}
