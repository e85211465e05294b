"""Ids that another application wrote: any text that PostgreSQL holds is an address here."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from httpx import AsyncClient

from app.tenancy.access import MAX_ID
from prisma import Prisma
from prisma.enums import Role
from tests.conftest import Enrol

IDS = (
    "a b",
    "ü",
    "a/b",
    "/",
    "auth0|123",
    "user@x",
    "%2F",
    "100%",
    "a?b#c",
    "a+b&c=d",
    'say "x"; ',
    "a\nb\\c",
    "🦊" * MAX_ID,
)


def segment(id: str) -> str:
    return quote(id, safe="")


@pytest.mark.parametrize("id", IDS)
async def test_paths_and_queries_name_them(http: AsyncClient, db: Prisma, enrol: Enrol, id: str):
    admin = await enrol("admin", role=Role.ADMIN)
    await db.user.create(data={"id": id, "email": "x@example.com"})
    await db.project.create(data={"id": id, "name": "P", "userId": id})
    of_user: dict[str, Any] = {"params": {"userId": id}, "headers": admin.headers}
    made = await http.post("/api/v1/projects", json={"name": "Q"}, **of_user)
    address = f"/api/v1/projects/{segment(id)}"
    answers = [
        await http.get(f"/api/v1/users/{segment(id)}", headers=admin.headers),
        await http.get(made.headers["Location"], headers=admin.headers),
        await http.get(address, **of_user),
        await http.patch(address, json={"name": "R"}, **of_user),
    ]
    found = [(answer.status_code, answer.json().get("id"), answer.json()["name"]) for answer in answers]
    gone = await http.delete(address, **of_user)
    assert found == [(200, id, None), (200, made.json()["id"], "Q"), (200, id, "P"), (200, id, "R")]
    assert (gone.status_code, await db.project.count()) == (204, 1)


@pytest.mark.parametrize("id", IDS)
async def test_their_users_are_callers(http: AsyncClient, db: Prisma, enrol: Enrol, id: str):
    eve = await enrol("eve")
    ada = await enrol("ada")
    await db.user.update(where={"id": "ada"}, data={"id": id})
    own = await http.get("/api/v1/users/me", headers=ada.headers)
    named = await http.get(f"/api/v1/users/{segment(id)}", headers=ada.headers)
    other = await http.get(f"/api/v1/users/{segment(id)}", headers=eve.headers)
    assert [own.json().get("id"), named.json().get("id"), other.status_code] == [id, id, 404]


async def test_pages_go_on_behind_them(http: AsyncClient, db: Prisma, enrol: Enrol):
    ada = await enrol("ada")
    await db.project.create_many([{"id": id, "name": "P", "userId": "ada"} for id in IDS])
    address, found = "/api/v1/projects?take=1&fields=id", set[str]()
    while address:
        answer = await http.get(address, headers=ada.headers)
        found |= {item["id"] for item in answer.json()["items"]}
        address = answer.links.get("next", {}).get("url")
    assert found == set(IDS)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        # A slash that is not encoded separates.
        ("/api/v1/projects/a/b", 404),
        ("/api/v1/projects/a%00b", 400),
        ("/api/v1/projects/a%2Fb%00", 400),
        ("/api/v1/projects/%ED%A0%80", 400),
        (f"/api/v1/projects/{'a' * (MAX_ID + 1)}", 422),
        (f"/api/v1/projects?userId={'a' * (MAX_ID + 1)}", 422),
        ("/api/v1/projects?userId=", 422),
        ("/api/v1%2Fprojects", 404),
    ],
)
async def test_what_is_no_id(http: AsyncClient, db: Prisma, enrol: Enrol, address: str, status: int):
    ada = await enrol("ada")
    await db.project.create(data={"id": "a/b", "name": "P", "userId": "ada"})
    assert (await http.get(address, headers=ada.headers)).status_code == status
