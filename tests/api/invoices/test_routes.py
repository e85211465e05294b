"""The routes for invoices."""

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
INVOICES = "/api/v1/invoices"
INVOICE = {
    "stripeInvoiceId": "in_1",
    "amount": "49.00",
    "currency": "usd",
    "status": "OPEN",
    "pdfUrl": None,
    "periodStart": "2026-01-01T00:00:00Z",
    "periodEnd": "2026-02-01T00:00:00Z",
    "paidAt": None,
    "dueDate": "2026-02-14T00:00:00.123000Z",
}


@pytest.fixture
async def ada(enrol: Enrol, db: Prisma) -> Tenant:
    user = await enrol("ada")
    await db.billinginfo.create(data={"userId": "ada"})
    return user


@pytest.fixture
async def admin(enrol: Enrol) -> Tenant:
    return await enrol("root", role=Role.ADMIN)


async def create(http: AsyncClient, admin: Tenant, user: str = "ada", **values: Any) -> Response:
    return await http.post(f"{INVOICES}?userId={user}", json={**INVOICE, **values}, headers=admin.headers)


async def change(http: AsyncClient, admin: Tenant, id: str, **values: Any) -> Response:
    return await http.patch(f"{INVOICES}/{id}?userId=ada", json=values, headers=admin.headers)


def told(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code")


async def test_the_same_again_is_the_same_invoice(http: AsyncClient, ada: Tenant, admin: Tenant, db: Prisma):
    first = await create(http, admin)
    shown = first.json()
    assert first.status_code == 201
    assert shown == {**INVOICE, "id": shown["id"], "createdAt": shown["createdAt"]}
    await change(http, admin, shown["id"], status="PAID", paidAt="2026-02-02T00:00:00Z")

    again = await create(http, admin, amount=49, dueDate="2026-02-14T01:00:00.123456+01:00")
    assert (again.status_code, again.headers["location"]) == (200, first.headers["location"])
    assert again.json() == {**shown, "status": "PAID", "paidAt": "2026-02-02T00:00:00Z"}
    assert (await http.get(again.headers["location"], headers=ada.headers)).json() == again.json()
    assert (await http.get(f"{INVOICES}?status=PAID", headers=ada.headers)).json()["items"] == [again.json()]
    assert await db.invoice.count() == 1


async def test_many_at_once_make_one(http: AsyncClient, ada: Tenant, admin: Tenant, db: Prisma):
    found = await asyncio.gather(*(create(http, admin) for _ in range(8)))
    assert sorted(answer.status_code for answer in found) == [200] * 7 + [201]
    assert (len({answer.json()["id"] for answer in found}), await db.invoice.count()) == (1, 1)


@pytest.mark.parametrize(
    "values",
    [
        {"amount": "49.01"},
        {"currency": "eur"},
        {"periodStart": "2026-01-02T00:00:00Z"},
        {"periodEnd": "2026-02-02T00:00:00Z"},
        {"dueDate": None},
    ],
)
async def test_another_under_the_same_id_is_refused(
    http: AsyncClient, ada: Tenant, admin: Tenant, values: dict[str, Any]
):
    shown = (await create(http, admin)).json()
    assert told(await create(http, admin, **values)) == (409, "different_invoice")
    assert (await http.get(f"{INVOICES}/{shown['id']}", headers=ada.headers)).json() == shown


async def test_an_id_of_somebody_else_is_refused(
    http: AsyncClient, ada: Tenant, admin: Tenant, enrol: Enrol, db: Prisma
):
    await enrol("eve")
    assert told(await create(http, admin, "eve")) == (409, "billing_info_not_found")
    await db.billinginfo.create(data={"userId": "eve"})
    await create(http, admin)
    assert told(await create(http, admin, "eve")) == (409, "different_invoice")
    assert await db.invoice.count() == 1


async def test_states(http: AsyncClient, ada: Tenant, admin: Tenant):
    id = (await create(http, admin, status="DRAFT")).json()["id"]
    assert told(await change(http, admin, id, status="PAID")) == (409, "impossible_transition")
    assert (await change(http, admin, id, status="OPEN")).json()["paidAt"] is None
    paid = await change(http, admin, id, status="PAID", pdfUrl="https://invoices.example.com/1.pdf")
    assert (paid.status_code, paid.json()["paidAt"] is None) == (200, False)
    again = await change(http, admin, id, status="PAID")
    assert again.json() == paid.json()
    assert told(await change(http, admin, id, status="VOID")) == (409, "impossible_transition")
    assert told(await change(http, admin, "nothing", status="VOID")) == (404, "invoice_not_found")


async def test_only_an_admin_writes(http: AsyncClient, ada: Tenant, admin: Tenant):
    id = (await create(http, admin)).json()["id"]
    assert told(await create(http, ada)) == (403, "admin_required")
    assert told(await change(http, ada, id, status="PAID")) == (403, "admin_required")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": "-1"}, "body.amount"),
        ({"amount": "1.001"}, "body.amount"),
        ({"currency": "USD"}, "body.currency"),
        ({"status": "paid"}, "body.status"),
        ({"pdfUrl": "javascript:alert(1)"}, "body.pdfUrl"),
        ({"periodEnd": "2025-01-01T00:00:00Z"}, "body"),
        ({"stripeInvoiceId": ""}, "body.stripeInvoiceId"),
    ],
)
async def test_refused(http: AsyncClient, ada: Tenant, admin: Tenant, db: Prisma, values: dict[str, Any], field: str):
    answer = await create(http, admin, **values)
    assert answer.status_code == 422
    assert {error["field"].partition(".function")[0] for error in answer.json()["errors"]} == {field}
    assert await db.invoice.count() == 0
