"""The routes for verification tokens."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from httpx import AsyncClient

from prisma import Prisma
from prisma.enums import Role
from tests.conftest import Enrol

PATH = "/api/v1/verification-tokens"
ADA = {"identifier": "ada@example.com", "token": "123"}


@pytest.fixture(autouse=True)
async def root(http: AsyncClient, enrol: Enrol) -> None:
    http.headers.update((await enrol("root", role=Role.ADMIN)).headers)


async def consume(http: AsyncClient, **values: str) -> tuple[int, str | None]:
    answer = await http.post(f"{PATH}/consume", json={**ADA, **values})
    return answer.status_code, answer.json().get("code")


async def test_of_fifty_at_once_one_succeeds(http: AsyncClient, db: Prisma):
    made = await http.post(PATH, json=ADA)
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    answers = await asyncio.gather(*(consume(http) for _ in range(50)))
    assert sorted(answers, key=str) == [(200, None)] + [(404, "verification_token_not_found")] * 49
    assert await db.verificationtoken.count() == 0


async def test_made_here(http: AsyncClient):
    before = datetime.now(UTC)
    made = (await http.post(PATH, json={"identifier": "ada@example.com"})).json()
    used = await http.post(f"{PATH}/consume", json={"identifier": "ada@example.com", "token": made["token"]})
    assert (len(made["token"]), used.json()) == (43, {"identifier": "ada@example.com", "expires": made["expires"]})
    expires = datetime.fromisoformat(made["expires"])
    assert timedelta(hours=24) <= expires - before + timedelta(milliseconds=1) < timedelta(hours=24, minutes=5)


async def test_everything_else_is_refused_alike(http: AsyncClient):
    await http.post(PATH, json=ADA)
    await http.post(PATH, json={**ADA, "token": "old", "expires": "2020-01-01T00:00:00Z"})
    refused = (404, "verification_token_not_found")
    wrong = [await consume(http, token="x"), await consume(http, identifier="x"), await consume(http, token="old")]
    assert (wrong, await consume(http)) == ([refused] * 3, (200, None))


async def test_taken(http: AsyncClient):
    assert [(await http.post(PATH, json=ADA)).status_code for _ in range(2)] == [201, 409]


async def test_delete_all_of_an_identifier(http: AsyncClient, db: Prisma):
    for token, identifier in (("1", "ada"), ("2", "ada"), ("3", "eve")):
        await http.post(PATH, json={"identifier": identifier, "token": token})
    assert (await http.delete(f"{PATH}?identifier=ada")).status_code == 204
    assert [row.identifier for row in await db.verificationtoken.find_many()] == ["eve"]


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_only_for_admins(http: AsyncClient, enrol: Enrol, method: str):
    eve = await enrol("eve")
    answers = [
        await http.request(method, f"{PATH}{path}", json=ADA, headers=eve.headers)
        for path in (("?identifier=x",) if method == "DELETE" else ("", "/consume"))
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "admin_required")}
