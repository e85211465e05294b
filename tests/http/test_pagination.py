"""The pages of a list: in the same order each time, with links both ways, also if rows are added or deleted."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from httpx import AsyncClient, Response

from prisma import Prisma
from tests.conftest import Enrol

MOMENTS = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 1, 1, 2, 3, 3, 4)]
NEWEST = ["p6", "p5", "p4", "p3", "p2", "p1", "p0"]
PATH = "/api/v1/projects"


@pytest.fixture(autouse=True)
async def projects(http: AsyncClient, db: Prisma, enrol: Enrol) -> None:
    http.headers.update((await enrol("ada")).headers)
    await db.project.create_many(
        data=[
            {"id": f"p{n}", "name": f"P{n}", "userId": "ada", "createdAt": moment, "isActive": n % 2 == 0}
            for n, moment in enumerate(MOMENTS)
        ]
    )


def ids(response: Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [item["id"] for item in response.json()["items"]]


async def walk(http: AsyncClient, address: str, relation: str) -> list[list[str]]:
    pages = []
    while address:
        response = await http.get(address)
        pages.append(ids(response))
        address = response.links.get(relation, {}).get("url", "")
    return pages


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("take=3", [["p6", "p5", "p4"], ["p3", "p2", "p1"], ["p0"]]),
        ("take=7", [NEWEST]),
        ("", [NEWEST]),
        ("take=1", [[id] for id in NEWEST]),
        ("take=2&isActive=true", [["p6", "p4"], ["p2", "p0"]]),
        ("take=2&isActive=false&fields=id", [["p5", "p3"], ["p1"]]),
    ],
)
async def test_there_and_back(http: AsyncClient, query: str, pages: list[list[str]]):
    assert await walk(http, f"{PATH}?{query}", "next") == pages
    last = f"{PATH}?{query}"
    while following := (await http.get(last)).links.get("next"):
        last = following["url"]
    assert await walk(http, last, "prev") == pages[::-1]


async def test_links(http: AsyncClient):
    first = await http.get(f"{PATH}?take=3&fields=id&isActive=true")
    second = await http.get(first.links["next"]["url"])
    start = f"{PATH}?take=3&fields=id&isActive=true"
    assert {name: link["url"].partition("&cursor=")[0] for name, link in first.links.items()} == {
        "first": start,
        "next": start,
    }
    assert first.links["next"]["url"] == f"{start}&cursor={first.json()['next']}"
    assert (set(second.links), second.json()["next"]) == ({"first", "prev"}, None)


async def test_rows_come_and_go_meanwhile(http: AsyncClient, db: Prisma):
    first = await http.get(f"{PATH}?take=3")
    await db.project.create(data={"id": "new", "name": "new", "userId": "ada"})
    await db.project.delete_many(where={"id": {"in": ["p4", "p2"]}})  # p4 is the one that the cursor names
    second = await http.get(first.links["next"]["url"])
    back = await http.get(second.links["prev"]["url"])
    assert (ids(first), ids(second), ids(back)) == (["p6", "p5", "p4"], ["p3", "p1", "p0"], ["new", "p6", "p5"])


async def test_nothing_there(http: AsyncClient, db: Prisma):
    first = await http.get(f"{PATH}?take=3")
    await db.project.delete_many()
    second = await http.get(first.links["next"]["url"])
    assert (second.json(), set(second.links)) == ({"items": [], "next": None}, {"first"})


def cursor(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


MOMENT = "2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "%C3%A4",
        cursor(),
        cursor("a", MOMENT),
        cursor("a", MOMENT, "p1", "p2"),
        cursor("c", MOMENT, "p1"),
        cursor("a", "today", "p1"),
        cursor("a", "2026-01-01T00:00:00", "p1"),
        cursor("a", "0001-01-01T00:00:00+14:00", "p1"),
        cursor("a", MOMENT, "p\x00"),
        cursor("a", MOMENT, "\ud800"),
        cursor("a", MOMENT, 1),
        cursor("a", 1, "p1"),
        cursor({"a": 1}, MOMENT, "p1"),
        base64.urlsafe_b64encode(b"[" * 700).decode(),
        "1" * 1000,
    ],
    ids=range(16),
)
async def test_what_is_no_cursor(http: AsyncClient, text: str):
    response = await http.get(f"{PATH}?cursor={text}")
    assert (response.status_code, response.json()["code"]) == (422, "invalid_cursor")


async def test_a_cursor_of_somebody_else_shows_nothing_of_theirs(http: AsyncClient, enrol: Enrol):
    found = (await http.get(f"{PATH}?take=3")).links["next"]["url"]
    eve = await enrol("eve")
    assert ids(await http.get(found, headers=eve.headers)) == []
