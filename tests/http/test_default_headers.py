"""The headers of every response, and HEAD requests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette

from app.admission.middleware import AdmissionMiddleware
from app.config.rate_limits import load_policy
from app.config.settings import Settings
from app.main import create_app
from prisma import Prisma
from prisma.enums import Role
from tests.conftest import Enrol, serving

PERSONAL = ("private, no-cache", "Authorization, X-API-Key, Cookie", "nosniff")


@pytest.mark.parametrize(
    ("path", "key", "expected"),
    [
        ("/api/v1/users/me", True, (200, *PERSONAL)),
        ("/api/v1/users/nobody", True, (404, *PERSONAL)),
        ("/api/v1/users/me", False, (401, *PERSONAL)),
        ("/api/health", False, (200, "no-store", None, "nosniff")),
        ("/nowhere", False, (404, None, None, "nosniff")),
    ],
)
async def test_headers(http: AsyncClient, enrol: Enrol, path: str, key: bool, expected: tuple[Any, ...]):
    ada = await enrol("ada")
    answer = await http.get(path, headers=ada.headers if key else {})
    found = [answer.headers.get(name) for name in ("cache-control", "vary", "x-content-type-options")]
    assert (answer.status_code, *found) == expected


async def test_a_new_key_is_not_stored_by_any_cache(http: AsyncClient, enrol: Enrol):
    answer = await http.post("/api/v1/api-keys", json={"name": "k"}, headers=(await enrol("ada")).headers)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/api/v1/users/me", "/api/v1/projects", "/api/v1/projects/none", "/api/health", "/x"])
async def test_head_is_get_without_content(http: AsyncClient, enrol: Enrol, path: str):
    headers = (await enrol("ada")).headers
    head, get = await http.head(path, headers=headers), await http.get(path, headers=headers)
    names = ("content-type", "content-length", "etag", "cache-control")
    assert head.content == b""
    assert (head.status_code, *(head.headers.get(name) for name in names)) == (
        get.status_code, *(get.headers.get(name) for name in names),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "unknown"),
    [
        ("/api/v1/projects?isactive=true", ["query.isactive"]),
        ("/api/v1/projects?isActive=true&take=1&x=", ["query.x"]),
        ("/api/v1/users/me?fields=id&Include=projects&userId=me", ["query.Include", "query.userId"]),
        ("/api/v1/projects?isActive=true&userId=ada", []),
    ],
)
async def test_unknown_query_parameters_are_refused(http: AsyncClient, enrol: Enrol, path: str, unknown: list[str]):
    answer = await http.get(path, headers=(await enrol("ada")).headers)
    assert answer.status_code == (422 if unknown else 200)
    assert [error["field"] for error in answer.json().get("errors", ())] == unknown


@pytest.mark.parametrize(
    ("path", "repeated"),
    [
        ("/api/v1/projects?take=1&take=2", ["query.take"]),
        ("/api/v1/projects?take=1&take=1", ["query.take"]),
        ("/api/v1/projects?cursor=a&take=1&cursor=b&userId=me&userId=ada", ["query.cursor", "query.userId"]),
        ("/api/v1/projects?%74ake=1&take=2&x=1&x=2", ["query.take", "query.x"]),
        ("/api/v1/projects?fields=id&fields=name", []),
        ("/api/v1/users/me?include=projects&include=apiKeys", []),
        ("/api/v1/usage-metrics/report?by=day&by=endpoint", []),
        ("/api/v1/usage-metrics/report?by=day&by=endpoint&take=1&take=1", ["query.take"]),
    ],
)
async def test_only_lists_may_be_repeated(http: AsyncClient, enrol: Enrol, path: str, repeated: list[str]):
    answer = await http.get(path, headers=(await enrol("ada")).headers)
    assert answer.status_code == (422 if repeated else 200), answer.text
    assert [error["field"] for error in answer.json().get("errors", ())] == repeated


@pytest.mark.parametrize(
    ("path", "body", "detail", "told"),
    [
        ("projects?" + "&".join(f"x{n}" for n in range(100)), None, "The request is not valid.", 100),
        ("projects?" + "&".join(f"x{n}" for n in range(101)), None, "The request is not valid: it has 101 faults.", 0),
        ("projects?fields=" + "x," * 100, None, "The request is not valid.", 100),
        ("projects?fields=" + "x," * 101, None, "The request is not valid.", 1),
        ("usage-metrics/report?" + "by=x&" * 101, None, "The request is not valid.", 1),
        ("projects", {f"x{n}": n for n in range(99)}, "The request is not valid.", 100),
        ("projects", {f"x{n}": n for n in range(100)}, "The request is not valid: it has 101 faults.", 0),
        ("usage-metrics/batch", {"items": [{}] * 101}, "The request is not valid: it has 101 faults.", 0),
    ],
)
async def test_a_request_with_many_faults_is_not_explained(
    http: AsyncClient, enrol: Enrol, path: str, body: Any, detail: str, told: int
):
    headers = (await enrol("ada")).headers
    answer = await http.request("POST" if body else "GET", f"/api/v1/{path}", json=body, headers=headers)
    found = answer.json()
    assert (answer.status_code, found["detail"], len(found.get("errors", ()))) == (422, detail, told)


@pytest.mark.parametrize("amount", ["1_0", "１２", " 10", "1e2", "0x1", "", "NaN", "٣"])
async def test_an_amount_has_plain_digits(http: AsyncClient, enrol: Enrol, amount: str):
    root = await enrol("root", role=Role.ADMIN)
    answer = await http.post("/api/v1/credits/grants", json={"amount": amount, "type": "BONUS"}, headers=root.headers)
    assert answer.status_code == 422, answer.text


async def test_location_works_for_the_caller_who_got_it(http: AsyncClient, enrol: Enrol):
    root, _ = await enrol("root", role=Role.ADMIN), await enrol("ada")
    asked: list[tuple[str, dict[str, Any]]] = [
        ("projects", {"name": "P"}),
        ("api-keys", {"name": "K"}),
        ("credits/grants", {"amount": "5", "type": "BONUS"}),
        ("subscriptions", {"plan": "PRO"}),
        ("usage-metrics", {"endpoint": "/v1/chat"}),
    ]
    found: list[tuple[str, int, int]] = []
    for noun, body in asked:
        for query in ("", "?userId=ada"):
            answer = await http.post(f"/api/v1/{noun}{query}", json=body, headers=root.headers)
            read = await http.get(answer.headers["location"], headers=root.headers)
            found.append((noun + query, answer.status_code, read.status_code))
    assert found == [(noun + query, 201, 200) for noun, _ in asked for query in ("", "?userId=ada")]


async def test_who_owes_money_is_not_deleted(http: AsyncClient, db: Prisma, enrol: Enrol):
    root, ada = await enrol("root", role=Role.ADMIN), await enrol("ada")
    await http.put("/api/v1/billing-info", json={"country": "DE"}, headers=ada.headers)
    invoice = {
        "stripeInvoiceId": "in_1", "amount": "5", "status": "OPEN",
        "periodStart": "2026-01-01T00:00:00Z", "periodEnd": "2026-02-01T00:00:00Z",
    }  # fmt: skip
    made = await http.post("/api/v1/invoices?userId=ada", json=invoice, headers=root.headers)
    refused = await http.delete("/api/v1/users/me", headers=ada.headers)
    wrong = [
        await http.patch(made.headers["location"], json={"paidAt": "2026-01-05T00:00:00Z"}, headers=root.headers),
        await http.post(
            "/api/v1/invoices?userId=ada",
            json={**invoice, "stripeInvoiceId": "in_2", "paidAt": "2026-01-05T00:00:00Z"},
            headers=root.headers,
        ),
        await http.patch(made.headers["location"], json={"status": "PAID", "paidAt": None}, headers=root.headers),
    ]
    await http.patch(made.headers["location"], json={"status": "VOID"}, headers=root.headers)
    done = await http.delete("/api/v1/users/me", headers=ada.headers)
    assert [refused.status_code, refused.json()["code"]] == [409, "unpaid_invoice"]
    assert ([answer.status_code for answer in wrong], done.status_code) == ([422] * 3, 204)


async def test_a_subscription_that_is_over_is_not_canceled_later(http: AsyncClient, enrol: Enrol):
    root = await enrol("root", role=Role.ADMIN)
    made = await http.post("/api/v1/subscriptions", json={"plan": "PRO", "status": "ACTIVE"}, headers=root.headers)
    path = made.headers["location"]
    found = [
        (await http.patch(path, json=change, headers=root.headers)).status_code
        for change in (
            {"cancelAtPeriodEnd": True},
            {"status": "CANCELED"},
            {"cancelAtPeriodEnd": True},
            {"cancelAtPeriodEnd": False},
        )
    ]
    assert found == [200, 200, 409, 200]


@pytest.mark.parametrize("public", [True, False])
async def test_what_is_closed_to_strangers(settings: Settings, enrol: Enrol, public: bool):
    ada, root = await enrol("ada"), await enrol("root", role=Role.ADMIN)
    async with serving(create_app(replace(settings, public_docs=public, public_stats=public))) as http:
        pages = [(await http.get(path)).status_code for path in ("/docs", "/redoc", "/openapi.json")]
        stats = [(await http.get("/api/stats", headers=who)).status_code for who in ({}, ada.headers, root.headers)]
    assert (pages, stats) == (([200] * 3, [200] * 3) if public else ([404] * 3, [401, 403, 200]))


@pytest.mark.parametrize(("in_production", "proxies", "warnings"), [(True, 0, 1), (True, 1, 0), (False, 0, 0)])
async def test_a_proxy_that_hides_who_calls_is_warned_of(
    db: Prisma, caplog: pytest.LogCaptureFixture, in_production: bool, proxies: int, warnings: int
):
    policy = load_policy({"TRUSTED_PROXIES": str(proxies)})
    admissions = AdmissionMiddleware(Starlette(), policy=policy, web=None, in_production=in_production)

    async def with_state(scope: Any, receive: Any, send: Any) -> None:
        await admissions({**scope, "state": {"db": db}}, receive, send)

    async with AsyncClient(transport=ASGITransport(with_state), base_url="http://service") as http:
        for _ in range(3):
            await http.get("/api/v1/users/me")
    assert len([record for record in caplog.records if "TRUSTED_PROXIES" in record.message]) == warnings
