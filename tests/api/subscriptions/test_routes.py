"""The routes for subscriptions: the rights to change them, and the allowed changes of states."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient, Response

from app.api.transitions import INVOICES, SUBSCRIPTIONS
from prisma import Prisma
from prisma.enums import InvoiceStatus, Role, SubscriptionStatus
from tests.conftest import Tenant

Enrol = Callable[..., Awaitable[Tenant]]
EARLIER, LATER = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
SUBSCRIPTIONS_URL = "/api/v1/subscriptions"


@pytest.fixture
async def ada(enrol: Enrol) -> Tenant:
    return await enrol("ada")


@pytest.fixture
async def admin(enrol: Enrol) -> Tenant:
    return await enrol("root", role=Role.ADMIN)


async def create(http: AsyncClient, admin: Tenant, **values: Any) -> Response:
    return await http.post(f"{SUBSCRIPTIONS_URL}?userId=ada", json={"plan": "PRO", **values}, headers=admin.headers)


async def change(http: AsyncClient, user: Tenant, id: str, values: dict[str, Any], **headers: str) -> Response:
    address = f"{SUBSCRIPTIONS_URL}/{id}?userId=ada"
    return await http.patch(address, json=values, headers={**user.headers, **headers})


def told(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code")


async def test_life_of_a_subscription(http: AsyncClient, ada: Tenant, admin: Tenant):
    created = await create(
        http,
        admin,
        stripeSubscriptionId="sub_1",
        stripeCustomerId="cus_1",
        currentPeriodStart="2026-01-01T00:00:00Z",
        currentPeriodEnd="2026-02-01T00:00:00Z",
    )
    assert created.status_code == 201
    shown = created.json()
    id = shown["id"]
    assert shown == {
        "id": id,
        "plan": "PRO",
        "status": "INCOMPLETE",
        "currentPeriodStart": "2026-01-01T00:00:00Z",
        "currentPeriodEnd": "2026-02-01T00:00:00Z",
        "cancelAtPeriodEnd": False,
        "createdAt": shown["createdAt"],
        "updatedAt": shown["updatedAt"],
    }
    read = await http.get(created.headers["location"], headers=ada.headers)
    assert (read.json(), read.headers["etag"]) == (shown, created.headers["etag"])

    states = [
        (await change(http, admin, id, {"status": status})).status_code
        for status in ("ACTIVE", "ACTIVE", "PAST_DUE", "ACTIVE", "CANCELED", "CANCELED")
    ]
    assert states == [200] * 6
    assert told(await change(http, admin, id, {"status": "ACTIVE"})) == (409, "impossible_transition")
    listed = await http.get(f"{SUBSCRIPTIONS_URL}?status=CANCELED&plan=PRO&fields=id,status", headers=ada.headers)
    assert listed.json()["items"] == [{"id": id, "status": "CANCELED"}]
    assert (await http.get(f"{SUBSCRIPTIONS_URL}?status=ACTIVE", headers=ada.headers)).json()["items"] == []


async def test_subscribers_may_only_end_it(http: AsyncClient, ada: Tenant, admin: Tenant):
    id = (await create(http, admin, status="ACTIVE")).json()["id"]
    ended = await change(http, ada, id, {"cancelAtPeriodEnd": True})
    assert (ended.status_code, ended.json()["cancelAtPeriodEnd"]) == (200, True)
    for values in ({"plan": "ENTERPRISE"}, {"status": "ACTIVE"}, {"cancelAtPeriodEnd": False, "plan": "PRO"}):
        assert told(await change(http, ada, id, values)) == (403, "admin_required")
    assert told(await http.post(SUBSCRIPTIONS_URL, json={"plan": "PRO"}, headers=ada.headers)) == (
        403,
        "admin_required",
    )


async def test_of_two_changes_at_once_one_is_refused(http: AsyncClient, admin: Tenant, ada: Tenant):
    id = (await create(http, admin, status="ACTIVE")).json()["id"]
    found = await asyncio.gather(
        change(http, admin, id, {"status": "CANCELED"}), change(http, admin, id, {"status": "PAST_DUE"})
    )
    # Either it was canceled first and can't be past due, or the other way round, which is allowed.
    assert sorted(answer.status_code for answer in found) in ([200, 200], [200, 409])
    read = await http.get(f"{SUBSCRIPTIONS_URL}/{id}", headers=ada.headers)
    assert read.json()["status"] == "CANCELED"


async def test_versions(http: AsyncClient, ada: Tenant, admin: Tenant):
    created = await create(http, admin)
    id, version = created.json()["id"], created.headers["etag"]
    first = await change(http, ada, id, {"cancelAtPeriodEnd": True}, **{"If-Match": version})
    second = await change(http, ada, id, {"cancelAtPeriodEnd": False}, **{"If-Match": version})
    assert (first.status_code, second.status_code) == (200, 412)
    unchanged = await http.get(
        f"{SUBSCRIPTIONS_URL}/{id}", headers={**ada.headers, "If-None-Match": first.headers["etag"]}
    )
    assert unchanged.status_code == 304


@pytest.mark.parametrize(
    ("values", "status", "code"),
    [
        ({"status": "CANCELED"}, 422, "invalid_request"),
        ({"plan": "GOLD"}, 422, "invalid_request"),
        ({"plan": None}, 422, "invalid_request"),
        ({"stripeSubscriptionId": ""}, 422, "invalid_request"),
        ({"stripeSubscriptionId": "taken"}, 409, "already_exists"),
        (
            {"currentPeriodStart": "2026-02-01T00:00:00Z", "currentPeriodEnd": "2026-01-01T00:00:00Z"},
            422,
            "invalid_request",
        ),
    ],
)
async def test_refused(
    http: AsyncClient, ada: Tenant, admin: Tenant, db: Prisma, values: dict[str, Any], status: int, code: str
):
    await create(http, admin, stripeSubscriptionId="taken")
    assert told(await create(http, admin, **values)) == (status, code)
    assert await db.subscription.count() == 1


async def test_a_period_is_judged_with_what_is_there(http: AsyncClient, ada: Tenant, admin: Tenant):
    id = (await create(http, admin, currentPeriodStart="2026-02-01T00:00:00Z")).json()["id"]
    assert told(await change(http, admin, id, {"currentPeriodEnd": "2026-01-01T00:00:00Z"})) == (422, "invalid_request")
    read = await http.get(f"{SUBSCRIPTIONS_URL}/{id}", headers=ada.headers)
    assert read.json()["currentPeriodEnd"] is None


async def test_none(http: AsyncClient, ada: Tenant):
    assert told(await change(http, ada, "nothing", {"cancelAtPeriodEnd": True})) == (404, "subscription_not_found")


def test_every_state_is_in_the_tables():
    assert (set(SUBSCRIPTIONS), set(INVOICES)) == (set(SubscriptionStatus), set(InvoiceStatus))


def test_what_is_over_stays_over():
    assert {str(state) for state, following in SUBSCRIPTIONS.items() if not following} == {
        "CANCELED",
        "INCOMPLETE_EXPIRED",
    }
    assert {str(state) for state, following in INVOICES.items() if not following} == {"PAID", "VOID"}
