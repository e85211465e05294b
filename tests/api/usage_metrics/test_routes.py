"""The routes for usage metrics."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient, Response

from prisma import Prisma
from prisma.enums import Role
from tests.conftest import Tenant

Enrol = Callable[..., Awaitable[Tenant]]
USAGE = "/api/v1/usage-metrics"


@pytest.fixture
async def ada(enrol: Enrol) -> Tenant:
    return await enrol("ada")


def usage(day: int, endpoint: str, cost: str, **values: Any) -> dict[str, Any]:
    return {"endpoint": endpoint, "date": f"2026-01-0{day}T12:00:00Z", "cost": cost, **values}


async def record(http: AsyncClient, user: Tenant, *items: dict[str, Any]) -> Response:
    return await http.post(f"{USAGE}/batch", json={"items": items}, headers=user.headers)


async def report(http: AsyncClient, user: Tenant, **params: Any) -> Any:
    answer = await http.get(f"{USAGE}/report", params=params, headers=user.headers)
    return answer.json()["items"] if answer.status_code == 200 else (answer.status_code, answer.json()["code"])


async def test_one(http: AsyncClient, ada: Tenant):
    body = {
        "endpoint": "/v1/embed'); DROP TABLE users;--",
        "method": "POST",
        "requests": 2,
        "tokens": 2**31 - 1,
        "embeddings": 3,
        "cost": "9999.999999",
        "date": "2026-01-01T10:00:00+02:00",
        "metadata": {"region": ["eu", None, 1.5]},
    }
    answer = await http.post(USAGE, json=body, headers=ada.headers)
    assert answer.status_code == 201
    shown = answer.json()
    assert shown == {**body, "id": shown["id"], "date": "2026-01-01T08:00:00Z"}
    assert (await http.get(answer.headers["location"], headers=ada.headers)).json() == shown
    assert (await http.get(USAGE, headers=ada.headers)).json()["items"] == [shown]


async def test_only_what_is_required(http: AsyncClient, ada: Tenant):
    shown = (
        await http.post(f"{USAGE}?fields=requests,cost,metadata", json={"endpoint": "/v1"}, headers=ada.headers)
    ).json()
    assert shown == {"requests": 1, "cost": "0.000000", "metadata": None}


async def test_a_thousand_together_and_not_one_more(http: AsyncClient, ada: Tenant, db: Prisma):
    items = [{"endpoint": f"/v1/{n}"} for n in range(1001)]
    refused = await record(http, ada, *items)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "body.items")
    answer = await record(http, ada, *items[:1000])
    assert (answer.status_code, answer.json(), await db.usagemetric.count()) == (201, {"recorded": 1000}, 1000)


async def test_a_batch_is_all_or_nothing(http: AsyncClient, ada: Tenant, db: Prisma):
    refused = await record(http, ada, {"endpoint": "/v1"}, {"endpoint": "/v1", "tokens": 2**31})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "body.items.1.tokens")
    assert await db.usagemetric.count() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"endpoint": ""}, "body.endpoint"),
        ({"endpoint": "a\x01"}, "body.endpoint"),
        ({"method": "get"}, "body.method"),
        ({"requests": -1}, "body.requests"),
        ({"requests": 1.5}, "body.requests"),
        ({"cost": "0.0000001"}, "body.cost"),
        ({"cost": "10000"}, "body.cost"),
        ({"cost": -1}, "body.cost"),
        ({"date": "0001-01-01T00:00:00+14:00"}, "body.date"),
        ({"date": "yesterday"}, "body.date"),
        ({"userId": "eve"}, "body.userId"),
    ],
)
async def test_refused(http: AsyncClient, ada: Tenant, db: Prisma, change: dict[str, Any], field: str):
    answer = await http.post(USAGE, json={"endpoint": "/v1", **change}, headers=ada.headers)
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])
    assert await db.usagemetric.count() == 0


async def test_report(http: AsyncClient, ada: Tenant, enrol: Enrol):
    eve, root = await enrol("eve"), await enrol("root", role=Role.ADMIN)
    await record(http, ada, usage(1, "/a", "0.000001", tokens=5), usage(1, "/a", "9999.999999", requests=2**31 - 1))
    await record(http, ada, usage(1, "/b", "0.1", requests=2**31 - 1), usage(2, "/a", "0.2", embeddings=7))
    await record(http, eve, usage(2, "/a", "1"))

    def group(requests: int, tokens: int, embeddings: int, cost: str, **by: str) -> dict[str, Any]:
        return {**by, "requests": requests, "tokens": tokens, "embeddings": embeddings, "cost": cost}

    most = 2**31 - 1
    assert await report(http, ada) == [group(2 * most + 2, 5, 7, "10000.300000")]
    assert await report(http, ada, by="day") == [
        group(2 * most + 1, 5, 0, "10000.100000", day="2026-01-01"),
        group(1, 0, 7, "0.200000", day="2026-01-02"),
    ]
    assert await report(http, ada, by="endpoint,day", since="2026-01-01", until="2026-01-02") == [
        group(most + 1, 5, 0, "10000.000000", day="2026-01-01", endpoint="/a"),
        group(most, 0, 0, "0.100000", day="2026-01-01", endpoint="/b"),
    ]
    assert await report(http, ada, by="user", endpoint="/a") == [group(most + 2, 5, 7, "10000.200000", userId="ada")]
    everyone = [
        group(1, 0, 7, "0.200000", day="2026-01-02", userId="ada"),
        group(1, 0, 0, "1.000000", day="2026-01-02", userId="eve"),
    ]
    assert await report(http, root, by="day,user", everyone=True, since="2026-01-02") == everyone
    assert await report(http, root, by="user", userId="eve") == [group(1, 0, 0, "1.000000", userId="eve")]
    assert await report(http, ada, everyone=True) == (403, "admin_required")
    assert await report(http, ada, until="2020-01-01") == []
    assert await report(http, ada, by="year") == (422, "invalid_request")


async def test_reports_come_in_parts(http: AsyncClient, ada: Tenant):
    await record(http, ada, *(usage(day, "/a", "1") for day in (1, 2, 3)))
    parts = [
        (await http.get(f"{USAGE}/report?by=day&take=2&skip={skip}", headers=ada.headers)).json() for skip in (0, 2)
    ]
    assert [([item["day"] for item in part["items"]], part["more"]) for part in parts] == [
        (["2026-01-01", "2026-01-02"], True),
        (["2026-01-03"], False),
    ]
