"""The application as a whole: unknown routes, statistics, and a database that is not ready."""

from __future__ import annotations

from httpx import AsyncClient

from prisma import Prisma
from prisma.enums import Plan, SubscriptionStatus

PUBLIC = {"/api/health": {"get": ["400", "503"]}, "/api/stats": {"get": ["400", "429", "503"]}}
TENANT = ["400", "401", "403", "422", "429", "503"]
WITH_BODY = ["413", "415"]
ONCE = ["409", "501"]
# What each verb of a resource answers beside these.
RESOURCES: dict[str, dict[str, list[str]]] = {
    "/api/v1/users": {"get": [], "post": [*ONCE]},
    "/api/v1/users/{id}": {"get": ["404"], "patch": ["404", "409", "412"], "delete": ["404", "409", "412"]},
    "/api/v1/accounts": {"get": []},
    "/api/v1/accounts/{id}": {"get": ["404"], "delete": ["404"]},
    "/api/v1/sessions": {"get": [], "delete": []},
    "/api/v1/sessions/{id}": {"get": ["404"], "delete": ["404"]},
    "/api/v1/verification-tokens": {"post": [*ONCE], "delete": []},
    "/api/v1/verification-tokens/consume": {"post": ["404", *ONCE]},
    "/api/v1/api-keys": {"get": [], "post": [*ONCE]},
    "/api/v1/api-keys/{id}": {"get": ["404"], "patch": ["404"], "delete": ["404"]},
    "/api/v1/api-keys/{id}/rotate": {"post": ["404", *ONCE]},
    "/api/v1/projects": {"get": [], "post": [*ONCE]},
    "/api/v1/projects/{id}": {"get": ["404"], "patch": ["404", "412"], "delete": ["404", "412"]},
    "/api/v1/usage-metrics": {"get": [], "post": [*ONCE]},
    "/api/v1/usage-metrics/batch": {"post": [*ONCE]},
    "/api/v1/usage-metrics/report": {"get": []},
    "/api/v1/usage-metrics/{id}": {"get": ["404"]},
    "/api/v1/subscriptions": {"get": [], "post": [*ONCE]},
    "/api/v1/subscriptions/{id}": {"get": ["404"], "patch": ["404", "409", "412"]},
    "/api/v1/billing-info": {"get": ["404"], "put": ["404", "409", "412"]},
    "/api/v1/invoices": {"get": [], "post": [*ONCE]},
    "/api/v1/invoices/{id}": {"get": ["404"], "patch": ["404", "409"]},
    "/api/v1/credits": {"get": []},
    "/api/v1/credits/balance": {"get": []},
    "/api/v1/credits/grants": {"post": ["404", *ONCE]},
    "/api/v1/credits/spend": {"post": ["404", *ONCE]},
    "/api/v1/credits/{id}": {"get": ["404"]},
    "/api/v1/rate-limits": {"get": [], "delete": []},
    "/api/v1/rate-limits/{id}": {"delete": ["404"]},
}
WITHOUT_BODY = {("/api/v1/api-keys/{id}/rotate", "post")}


async def test_statistics(http: AsyncClient, db: Prisma):
    for number in range(2):
        await db.user.create(
            data={
                "email": f"u{number}@example.com",
                "projects": {"create": [{"name": "a"}, {"name": "b"}]},
                "apiKeys": {"create": [{"name": "k", "key": f"key-{number}"}]},
                "subscriptions": {"create": [{"plan": Plan.PRO, "status": SubscriptionStatus.ACTIVE}]},
            }
        )
    await db.subscription.delete_many(where={"user": {"is": {"email": "u0@example.com"}}})

    response = await http.get("/api/stats")
    assert (response.status_code, response.json()) == (
        200,
        {"users": 2, "apiKeys": 2, "subscriptions": 1, "projects": 4},
    )


async def test_unknown_route_and_method(http: AsyncClient):
    found = [await http.get("/api/nothing"), await http.put("/api/stats")]
    assert [(answer.status_code, answer.json()["code"]) for answer in found] == [
        (404, "not_found"),
        (405, "method_not_allowed"),
    ]
    assert found[1].headers["allow"] == "GET"


async def test_documentation(http: AsyncClient):
    document = (await http.get("/openapi.json")).json()

    refusals = {
        path: {
            method: sorted(code for code in operation["responses"] if code >= "400")
            for method, operation in methods.items()
        }
        for path, methods in document["paths"].items()
    }
    assert refusals == PUBLIC | {
        path: {
            method: sorted([*TENANT, *codes, *(WITH_BODY if has_body(path, method) else ())])
            for method, codes in methods.items()
        }
        for path, methods in RESOURCES.items()
    }
    answer = document["paths"]["/api/v1/users/{id}"]["get"]["responses"]["404"]["content"]
    assert answer == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    listed, created = (document["paths"]["/api/v1/projects"][method]["responses"] for method in ("get", "post"))
    limits = {"RateLimit", "RateLimit-Policy"}
    assert set(listed["200"]["headers"]) == {"Link", *limits}
    assert set(created["201"]["headers"]) == {"ETag", *limits}
    assert set(created["429"]["headers"]) == {"Retry-After", *limits}
    assert "Problem" in document["components"]["schemas"]
    assert (await http.get("/docs")).status_code == 200


def has_body(path: str, method: str) -> bool:
    return method in ("post", "put", "patch") and (path, method) not in WITHOUT_BODY


async def test_a_database_without_migrations(database: str, serve):
    async with serve(database) as http:
        health, users = await http.get("/api/health"), await http.get("/api/v1/users/me", headers={"X-API-Key": "any"})
    assert (health.status_code, users.status_code, users.json()["code"]) == (200, 503, "database_not_migrated")
