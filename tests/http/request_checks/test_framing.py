"""The checks of a request's target and of its body's length; and that they come before callers are asked for a key."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient
from starlette.datastructures import Headers

from app.http.request_checks.framing import FramingCheck
from tests.conftest import application


@pytest.mark.parametrize(
    ("target", "host", "path"),
    [
        (b"http://other/a/b", b"other", "/a/b"),
        (b"HTTPS://other:8443/Zo%C3%AB%2Fb", b"other:8443", "/Zo\u00eb/b"),
        (b"http://other", b"other", "/"),
        (b"http:///a", b"service", "http:///a"),
        (b"/http://other/a", b"service", "/http://other/a"),
        (b"*", b"service", "*"),
    ],
)
async def test_a_whole_address_as_target(target: bytes, host: bytes, path: str):
    """Its host counts, whatever the header says."""
    seen: list[tuple[list[tuple[bytes, bytes]], str]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((scope["headers"], scope["path"]))

    await FramingCheck(app)(scope_of(target, (b"host", b"service")), unused, unused)
    assert seen == [([(b"host", host)], path)]


@pytest.mark.parametrize("path", ["/api/v1/users/me", "/api/v1/projects?take=1", "/api/health"])
async def test_a_whole_address_is_admitted_like_its_path(http: AsyncClient, migrated: str, path: str):
    answer = await http.get(path)
    usual = answer.status_code, answer.headers.get("vary")
    target, _, query = path.partition("?")
    scope = {**scope_of(b"http://other" + target.encode()), "query_string": query.encode()}
    seen: list[tuple[int, str | None]] = []

    async def send(message: Any) -> None:
        if "status" in message:
            seen.append((message["status"], Headers(raw=message["headers"]).get("vary")))

    app = application(migrated)
    async with app.router.lifespan_context(app) as state:
        await app({**scope, "state": dict(state or {})}, nothing, send)
    assert seen == [usual]


async def test_a_body_has_one_length(http: AsyncClient):
    both = {"Transfer-Encoding": "chunked", "Content-Length": "2", "Content-Type": "application/json"}
    answer = await http.post("/api/v1/projects", headers=both, content=b"{}")
    kind, end = answer.headers["content-type"], answer.headers["connection"]
    assert (answer.status_code, answer.json()["code"], kind, end) == (
        400, "two_lengths", "application/problem+json", "close"
    )  # fmt: skip


async def test_other_versions_are_refused():
    found: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.append(200)

    async def send(message: Any) -> None:
        if "status" in message:
            found.append(message["status"])

    # What a server of HTTP/1.1 reads in the first line, and the words of servers of later versions.
    for version in ("1.0", "1.1", "1.2", "0.9", "2.0", "3.0", "2", "3"):
        await FramingCheck(app)({**scope_of(b"/"), "http_version": version}, unused, send)
    assert found == [200, 200, 200, 505, 505, 505, 200, 200]


def scope_of(target: bytes, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    """Return the scope of a GET request, as uvicorn makes it."""
    names = ("method", "scheme", "root_path", "query_string", "http_version")
    rest: dict[str, Any] = dict(zip(names, ("GET", "http", "", b"", "1.1"), strict=True))
    path = {"raw_path": target, "path": target.decode().replace("%C3%AB", "\u00eb").replace("%2F", "/")}
    return {"type": "http", **rest, **path, "headers": list(headers), "client": ("127.0.0.1", 1), "server": ("x", 80)}


async def nothing() -> Any:
    return {"type": "http.request", "body": b"", "more_body": False}


async def unused(*_: Any) -> Any:
    raise AssertionError("nothing is read or sent")
