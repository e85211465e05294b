"""The routes for accounts."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient

from prisma import Prisma
from tests.conftest import Enrol

PATH = "/api/v1/accounts"


@pytest.fixture(autouse=True)
async def accounts(http: AsyncClient, db: Prisma, enrol: Enrol) -> None:
    http.headers.update((await enrol("ada")).headers)
    for provider in ("github", "google"):
        row: Any = {
            "id": provider, "userId": "ada", "type": "oauth", "provider": provider, "providerAccountId": "1",
            "scope": "email", "token_type": "bearer", "expires_at": 1,
        }  # fmt: skip
        secrets = ("access_token", "refresh_token", "id_token", "session_state")
        await db.account.create(data=row | {name: f"SECRET-{name}" for name in secrets})


async def test_read(http: AsyncClient):
    listed, one = await http.get(PATH), await http.get(f"{PATH}/github")
    assert [item["id"] for item in listed.json()["items"]] == ["github", "google"]
    assert one.json() == {
        "id": "github", "type": "oauth", "provider": "github", "providerAccountId": "1", "scope": "email",
        "token_type": "bearer", "expires_at": 1,
    }  # fmt: skip
    assert "SECRET" not in listed.text + one.text
    assert [item["id"] for item in (await http.get(f"{PATH}?provider=google")).json()["items"]] == ["google"]


@pytest.mark.parametrize("name", ["access_token", "refresh_token", "id_token", "userId", "user"])
async def test_no_token_can_be_asked_for(http: AsyncClient, name: str):
    assert (await http.get(f"{PATH}?fields={name}")).status_code == 422


async def test_pages(http: AsyncClient):
    first = await http.get(f"{PATH}?take=1")
    second = await http.get(first.links["next"]["url"])
    assert [page.json()["items"][0]["id"] for page in (first, second)] == ["github", "google"]


async def test_unlink(http: AsyncClient, db: Prisma):
    assert [(await http.delete(f"{PATH}/github")).status_code for _ in range(2)] == [204, 404]
    assert [row.id for row in await db.account.find_many()] == ["google"]
