"""Refusals before a byte of the body is read: of unknown callers, and of requests that other sites send."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from httpx import AsyncClient, Request, Response

from app.config.settings import Settings, WebApplication
from app.main import create_app
from prisma import Prisma
from tests.conftest import Enrol, serving

COOKIE = {"Cookie": "next-auth.session-token=a-session"}
JSON = {"Content-Type": "application/json"}
WEB = "https://studio.example.com"


class Body:
    """A body that counts what is read of it."""

    def __init__(self, content: bytes = b'{"name": "A"}') -> None:
        self.content = content
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.read += 1
        yield self.content


async def send(http: AsyncClient, body: Body, method: str, path: str, headers: dict[str, str]) -> Response:
    request = Request(method, f"http://service{path}", headers={**JSON, **headers}, content=body)
    return await http.send(request)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/v1/projects"), ("PATCH", "/api/v1/users/me"), ("PUT", "/api/v1/billing-info"),
     ("POST", "/api/v1/projects/nothing/here"), ("POST", "/api/v1/")],
)  # fmt: skip
@pytest.mark.parametrize("headers", [{}, {"X-API-Key": "ain_unknown"}, {"Authorization": "Basic eA=="}, COOKIE])
async def test_the_body_of_an_unknown_caller_is_not_read(
    http: AsyncClient, method: str, path: str, headers: dict[str, str]
):
    body = Body(b"[" + b"{}," * 300_000 + b"{}]")
    answer = await send(http, body, method, path, headers)
    assert (answer.status_code, answer.json()["code"], body.read) == (401, "unauthorized", 0)


async def test_it_is_read_for_who_is_known(http: AsyncClient, enrol: Enrol):
    body = Body()
    answer = await send(http, body, "POST", "/api/v1/projects", (await enrol("ada")).headers)
    assert (answer.status_code, body.read) == (201, 1)


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        ({}, 403),
        ({"Origin": "http://service"}, 201),
        ({"Origin": "https://service"}, 201),
        ({"Origin": WEB}, 201),
        ({"Origin": f"{WEB}.evil.com"}, 403),
        ({"Origin": "https://evil.com"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": WEB, "Sec-Fetch-Site": "cross-site"}, 201),
        ({"Origin": "https://evil.com", "Sec-Fetch-Site": "same-origin"}, 403),
    ],
)
async def test_a_cookie_must_come_from_a_page_of_ours(
    settings: Settings, db: Prisma, enrol: Enrol, shown: dict[str, str], status: int
):
    await enrol("ada")
    expires = datetime.now(UTC) + timedelta(days=1)
    await db.session.create(data={"sessionToken": "a-session", "userId": "ada", "expires": expires})
    app = create_app(replace(settings, web=WebApplication(f"{WEB}/studio", None)))
    body = Body()
    async with serving(app) as http:
        answer = await send(http, body, "POST", "/api/v1/projects", {**COOKIE, **shown})
        read = await http.get("/api/v1/projects", headers={**COOKIE, **shown})
        bearer = await send(http, Body(), "POST", "/api/v1/projects", {"Authorization": "Bearer a-session", **shown})
    assert (answer.status_code, body.read, read.status_code, bearer.status_code) == (
        status, int(status == 201), 200, 201,
    )  # fmt: skip
