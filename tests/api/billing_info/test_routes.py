"""The routes for billing info."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient, Response

from prisma import Prisma
from prisma.enums import Role
from tests.conftest import Tenant

Enrol = Callable[..., Awaitable[Tenant]]
BILLING = "/api/v1/billing-info"
ADDRESS = {
    "addressLine1": "1 Market Street",
    "addressLine2": None,
    "city": "Cork",
    "state": None,
    "postalCode": "T12",
    "country": "IE",
    "last4": "4242",
    "cardBrand": "visa",
}


@pytest.fixture
async def ada(enrol: Enrol) -> Tenant:
    return await enrol("ada")


async def put(http: AsyncClient, user: Tenant, body: dict[str, Any], query: str = "", **headers: str) -> Response:
    return await http.put(f"{BILLING}{query}", json=body, headers={**user.headers, **headers})


def told(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code")


async def test_none_then_one_then_another(http: AsyncClient, ada: Tenant):
    assert told(await http.get(BILLING, headers=ada.headers)) == (404, "billing_info_not_found")
    created = await put(http, ada, {**ADDRESS, "paymentMethodId": "pm_SECRET"})
    assert created.status_code == 201
    shown = created.json()
    assert shown == {**ADDRESS, "id": shown["id"], "createdAt": shown["createdAt"], "updatedAt": shown["updatedAt"]}
    assert (await http.get(BILLING, headers=ada.headers)).json() == shown

    changed = await put(http, ada, {"city": "Galway"})
    assert changed.status_code == 200
    assert changed.json() == {
        **dict.fromkeys(ADDRESS), "city": "Galway", "id": shown["id"], "createdAt": shown["createdAt"],
        "updatedAt": changed.json()["updatedAt"],
    }  # fmt: skip


async def test_only_an_admin_says_who_pays(http: AsyncClient, ada: Tenant, enrol: Enrol, db: Prisma):
    root, eve = await enrol("root", role=Role.ADMIN), await enrol("eve")
    assert told(await put(http, ada, {"stripeCustomerId": "cus_1"})) == (403, "admin_required")
    assert (await put(http, root, {"stripeCustomerId": "cus_1"}, "?userId=ada")).status_code == 201
    assert (await put(http, ada, {"city": "Cork"})).status_code == 200
    (row,) = await db.billinginfo.find_many()
    assert (row.userId, row.city, row.stripeCustomerId) == ("ada", "Cork", "cus_1")
    assert told(await put(http, root, {"stripeCustomerId": "cus_1"}, "?userId=eve")) == (409, "already_exists")
    assert told(await put(http, root, {"city": "Cork"}, "?userId=nobody")) == (404, "user_not_found")
    assert told(await put(http, eve, {"city": "Cork"}, "?userId=ada")) == (403, "admin_required")


async def test_many_at_once_make_one(http: AsyncClient, ada: Tenant, db: Prisma):
    found = await asyncio.gather(*(put(http, ada, {"city": f"City {n}"}) for n in range(8)))
    assert sorted(answer.status_code for answer in found) == [200] * 7 + [201]
    assert await db.billinginfo.count() == 1


async def test_versions(http: AsyncClient, ada: Tenant):
    assert told(await put(http, ada, ADDRESS, **{"If-Match": '"1"'})) == (412, "changed_meanwhile")
    version = (await put(http, ada, ADDRESS)).headers["etag"]
    assert (await put(http, ada, ADDRESS, **{"If-Match": version})).status_code == 200
    assert told(await put(http, ada, ADDRESS, **{"If-Match": version})) == (412, "changed_meanwhile")
    current = await http.get(BILLING, headers=ada.headers)
    again = await http.get(BILLING, headers={**ada.headers, "If-None-Match": current.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"country": "ie"}, "body.country"),
        ({"country": "IRL"}, "body.country"),
        ({"last4": "42"}, "body.last4"),
        ({"last4": 4242}, "body.last4"),
        ({"city": " "}, "body.city"),
        ({"city": "a" * 201}, "body.city"),
        ({"userId": "eve"}, "body.userId"),
    ],
)
async def test_refused(http: AsyncClient, ada: Tenant, db: Prisma, change: dict[str, Any], field: str):
    answer = await put(http, ada, {**ADDRESS, **change})
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])
    assert await db.billinginfo.count() == 0
