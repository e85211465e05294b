"""The routes for sessions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from httpx import AsyncClient

from prisma import Prisma
from tests.conftest import Enrol

PATH = "/api/v1/sessions"


@pytest.fixture(autouse=True)
async def sessions(http: AsyncClient, db: Prisma, enrol: Enrol) -> None:
    """Two sessions of Ada, who calls, and one of Eve."""
    http.headers.update((await enrol("ada")).headers)
    await enrol("eve")
    for n, user in enumerate(("ada", "ada", "eve")):
        expires = datetime.now(UTC) + timedelta(hours=n + 1)
        await db.session.create(data={"id": f"s{n}", "sessionToken": f"TOKEN{n}", "userId": user, "expires": expires})


async def signed_in(http: AsyncClient, number: int) -> bool:
    answer = await http.get("/api/v1/users/me", headers={"Authorization": f"Bearer TOKEN{number}"})
    return answer.status_code == 200


async def test_read(http: AsyncClient):
    listed, one = await http.get(PATH), await http.get(f"{PATH}/s0")
    assert [item["id"] for item in listed.json()["items"]] == ["s1", "s0"]
    assert (set(one.json()), "TOKEN" in listed.text + one.text) == ({"id", "expires"}, False)
    assert (await http.get(f"{PATH}?fields=sessionToken")).status_code == 422


async def test_end_one(http: AsyncClient):
    before = [await signed_in(http, n) for n in range(3)]
    answers = [(await http.delete(f"{PATH}/{id}")).status_code for id in ("s0", "s0", "s2")]
    assert (before, answers) == ([True] * 3, [204, 404, 404])
    assert [await signed_in(http, n) for n in range(3)] == [False, True, True]


async def test_end_all(http: AsyncClient):
    assert (await http.delete(PATH)).status_code == 204
    assert [await signed_in(http, n) for n in range(3)] == [False, False, True]
