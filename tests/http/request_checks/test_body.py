"""The check of bodies, in front of routes that echo what they get."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import pytest
from fastapi import APIRouter, Body, FastAPI, Request
from httpx import ASGITransport, AsyncClient, Response

from app.http.problems import install_error_handlers
from app.http.request_checks.body import MAX_BODY, CheckedRoute

JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def echo() -> AsyncGenerator[AsyncClient]:
    """An application that answers with the value of the body, and what a dependency reads of its bytes."""
    app, router = FastAPI(), APIRouter(route_class=CheckedRoute)
    install_error_handlers(app)

    @router.post("/x")
    async def _(request: Request, value: Any = Body(default=None)) -> dict[str, Any]:  # noqa: B008
        return {"value": value, "bytes": len(await request.body())}

    @router.post("/nothing")
    async def _() -> str:
        return "not read"

    app.include_router(router)
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
    assert (answer.status_code, answer.json()["bytes"]) == (200, MAX_BODY)


@pytest.mark.parametrize("in_pieces", [False, True])
@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
async def test_one_byte_more_does_not(echo: AsyncClient, in_pieces: bool, kind: str):
    body = b"1" * (MAX_BODY + 1)
    answer = await echo.post("/x", content=pieces(body) if in_pieces else body, headers={"Content-Type": kind})
    assert refusal(answer) == (413, "body_too_large", "application/problem+json")


@pytest.mark.parametrize(("path", "read"), [("/x", MAX_BODY // 65_536 + 1), ("/nothing", 0)])
async def test_a_body_without_end_is_read_no_further(echo: AsyncClient, path: str, read: int):
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while True:
            given += 1
            yield b" " * 65_536

    answer = await echo.post(path, content=endless(), headers=JSON)
    assert (answer.status_code, given) == (413 if read else 200, read)


async def test_a_length_that_lies_is_counted(echo: AsyncClient):
    body = b" " * (MAX_BODY + 1)
    answer = await echo.post("/x", content=pieces(body), headers={**JSON, "Content-Length": "5"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("types", "body", "expected"),
    [
        (["application/json"], b'{"a": 1}', {"a": 1}),
        (["application/json"], b"", None),
        ([], b"", None),
        (["application/merge-patch+json; charset=utf-8"], b"[1.5]", [1.5]),
        (["APPLICATION/JSON \t; charset=utf-8"], b'"x"', "x"),
        (["application/json"], b'{"a": 1e999}', (400, "number_out_of_range")),
        (["application/merge-patch+json; charset=utf-8"], b"{", (400, "invalid_json")),
        (["APPLICATION/JSON"], b'"\\u0000"', (400, "zero_byte")),
        (["application/json"], b'{"a": 1, "a": 2}', (400, "duplicate_name")),
        (["application/json", "text/plain"], b'{"a": 1, "a": 2}', (400, "two_content_types")),
        (["text/plain", "application/json"], b"{}", (400, "two_content_types")),
        (["application/json\xa0"], b'{"a": 1, "a": 2}', (415, "not_json")),
        (["application/json\x85"], b"1" * 5000, (415, "not_json")),
        (["application/jsonp"], b"{}", (415, "not_json")),
        (["text/plain"], b"{}", (415, "not_json")),
        (["application/x-www-form-urlencoded"], b"a=1", (415, "not_json")),
        ([""], b"{}", (415, "not_json")),
        ([], b"{}", (415, "not_json")),
    ],
)
async def test_what_is_used_is_what_was_checked(echo: AsyncClient, types: list[str], body: bytes, expected: Any):
    headers = [(b"Content-Type", kind.encode("latin-1")) for kind in types]
    answer = await echo.post("/x", content=body, headers=headers)
    found = answer.json()["value"] if answer.is_success else (answer.status_code, answer.json()["code"])
    assert found == expected
