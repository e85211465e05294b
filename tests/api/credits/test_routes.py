"""The routes for credits."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from httpx import AsyncClient, Response

from prisma import Prisma
from prisma.enums import CreditType, Role
from tests.conftest import Tenant, application, serving

Enrol = Callable[..., Awaitable[Tenant]]
CREDITS = "/api/v1/credits"
DAYS = ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z")


@pytest.fixture
async def ada(enrol: Enrol) -> Tenant:
    return await enrol("ada")


@pytest.fixture
async def admin(enrol: Enrol) -> Tenant:
    return await enrol("root", role=Role.ADMIN)


async def give(http: AsyncClient, admin: Tenant, amount: str, **values: Any) -> Response:
    body = {"amount": amount, "type": "BONUS", **values}
    return await http.post(f"{CREDITS}/grants?userId=ada", json=body, headers=admin.headers)


async def balance(http: AsyncClient, user: Tenant) -> str:
    return (await http.get(f"{CREDITS}/balance", headers=user.headers)).json()["balance"]


async def test_grant_spend_and_balance(http: AsyncClient, ada: Tenant, admin: Tenant):
    assert await balance(http, ada) == "0.00"
    given = await give(http, admin, "10.50", description="Welcome", reference="in_1")
    spent = await http.post(f"{CREDITS}/spend", json={"amount": "0.75"}, headers=ada.headers)

    assert (given.status_code, spent.status_code) == (201, 201)
    first, second = given.json(), spent.json()
    # Each for the caller who got it: the ADMIN acted for Ada.
    for movement, answer, query in ((first, given, "?userId=ada"), (second, spent, "")):
        assert answer.headers["location"] == f"{CREDITS}/{movement['id']}{query}"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", movement["createdAt"])
        assert (await http.get(answer.headers["location"], headers=ada.headers)).json() == movement
    ids = {"id", "createdAt"}
    assert [{k: v for k, v in movement.items() if k not in ids} for movement in (first, second)] == [
        {"amount": "10.50", "type": "BONUS", "description": "Welcome", "reference": "in_1"},
        {"amount": "-0.75", "type": "USAGE", "description": None, "reference": None},
    ]
    assert await balance(http, ada) == "9.75"
    ledger = (await http.get(CREDITS, headers=ada.headers)).json()
    assert ledger == {"items": [second, first], "next": None}


async def test_no_more_than_there_is(http: AsyncClient, ada: Tenant, admin: Tenant):
    await give(http, admin, "1.00")
    refused = await http.post(f"{CREDITS}/spend", json={"amount": "1.01"}, headers=ada.headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_credits")
    assert (await http.post(f"{CREDITS}/spend", json={"amount": "1.00"}, headers=ada.headers)).status_code == 201
    assert await balance(http, ada) == "0.00"


async def test_only_an_admin_grants(http: AsyncClient, ada: Tenant):
    body = {"amount": "1.00", "type": "BONUS"}
    answer = await http.post(f"{CREDITS}/grants", json=body, headers=ada.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "admin_required")
    assert await balance(http, ada) == "0.00"


async def test_nobody_to_grant_to(http: AsyncClient, admin: Tenant):
    answer = await give(http, admin, "1.00")
    assert (answer.status_code, answer.json()["code"]) == (404, "user_not_found")


@pytest.mark.parametrize("amount", ["0", "0.001", "-1", "100000000", "NaN", "1e9", "Infinity", "x", None, True, "", []])
async def test_amounts_that_are_none(http: AsyncClient, ada: Tenant, amount: Any):
    answer = await http.post(f"{CREDITS}/spend", json={"amount": amount}, headers=ada.headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"].startswith("body.amount")) == (422, True)


async def test_filters(http: AsyncClient, ada: Tenant, admin: Tenant, db: Prisma):
    for day in (1, 2, 3):
        for kind in ("BONUS", "REFUND"):
            await db.credit.create(
                data={"userId": "ada", "amount": Decimal(day), "type": kind, "createdAt": f"2026-01-0{day}T00:00:00Z"}  # type: ignore[typeddict-item]
            )
    found = await http.get(
        CREDITS,
        params={"type": "BONUS", "since": "2026-01-02", "until": "2026-01-03T01:00:00+01:00", "fields": "amount,type"},
        headers=ada.headers,
    )
    assert found.json()["items"] == [{"amount": "2.00", "type": CreditType.BONUS}]


async def test_pages_of_a_type_forwards_and_backwards(http: AsyncClient, ada: Tenant, db: Prisma):
    """Rows of the same moment are in the order of their ids."""
    rows: Any = [
        {"id": f"{kind}{n}", "userId": "ada", "amount": Decimal(n), "type": kind, "createdAt": DAYS[n // 3]}
        for n in range(1, 8)
        for kind in ("BONUS", "REFUND")
    ]
    await db.credit.create_many(rows)
    seen: list[list[str]] = []
    address, way = f"{CREDITS}?type=BONUS&take=3&fields=id", "next"
    while address:
        page = await http.get(address, headers=ada.headers)
        seen.append([item["id"] for item in page.json()["items"]])
        if way == "next" and "next" not in page.links:
            way = "prev"
        address = page.links.get(way, {}).get("url", "")
    first, second, third = ["BONUS7", "BONUS6", "BONUS5"], ["BONUS4", "BONUS3", "BONUS2"], ["BONUS1"]
    assert seen == [first, second, third, second, first]


async def test_two_hundred_spend_one_balance(either: str, ada: Tenant, admin: Tenant, db: Prisma):
    await db.credit.create(data={"userId": "ada", "amount": Decimal("100.00"), "type": CreditType.BONUS})
    async with serving(application(either)) as one, serving(application(either)) as two:

        async def spend(number: int) -> int:
            http = (one, two)[number % 2]
            return (await http.post(f"{CREDITS}/spend", json={"amount": "0.73"}, headers=ada.headers)).status_code

        found = await asyncio.gather(*(spend(number) for number in range(200)))

    # 136 × 0.73 = 99.28, and 0.72 is less than one more.
    assert (sorted(found), await balance_in(db)) == ([201] * 136 + [409] * 64, ("0.72", 136))
    sums = await db.query_raw(
        'SELECT min(sum)::text AS lowest FROM (SELECT sum(amount) OVER (ORDER BY "createdAt", id) FROM credits) s'
    )
    assert Decimal(sums[0]["lowest"]) >= 0


async def balance_in(db: Prisma) -> tuple[str, int]:
    found = await db.query_raw(
        "SELECT sum(amount)::text AS sum, count(*) FILTER (WHERE type = 'USAGE')::int AS spent FROM credits"
    )
    return found[0]["sum"], found[0]["spent"]


async def test_spending_once_with_a_key(http: AsyncClient, ada: Tenant, admin: Tenant):
    await give(http, admin, "10.00")
    headers = {**ada.headers, "Idempotency-Key": '"order-1"'}
    found = [await http.post(f"{CREDITS}/spend", json={"amount": "4.00"}, headers=headers) for _ in range(3)]
    assert len({(answer.status_code, answer.content, answer.headers["location"]) for answer in found}) == 1
    assert [answer.headers.get("idempotent-replayed") for answer in found] == [None, "true", "true"]
    other = await http.post(f"{CREDITS}/spend", json={"amount": "5.00"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    malformed = await http.post(
        f"{CREDITS}/spend", json={"amount": "5.00"}, headers={**ada.headers, "Idempotency-Key": '"'}
    )
    assert (malformed.status_code, malformed.json()["code"]) == (400, "invalid_idempotency_key")
    assert await balance(http, ada) == "6.00"
