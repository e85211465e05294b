"""The application as a whole: unknown routes, documentation, statistics, and a database that is not ready."""

from __future__ import annotations

from pathlib import Path

from httpx import AsyncClient

from prisma import Prisma
from prisma.enums import Plan, SubscriptionStatus

EVERY_ROUTE = {
    "/api/health": {"get"},
    "/api/stats": {"get"},
    "/api/users": {"get", "post"},
    "/api/users/{id}": {"get", "patch", "delete"},
}


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

    assert {path: set(methods) for path, methods in document["paths"].items()} == EVERY_ROUTE
    refusals = {
        (path, method): sorted(code for code in operation["responses"] if code >= "400")
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    assert refusals == {
        ("/api/health", "get"): ["503"],
        ("/api/stats", "get"): ["503"],
        ("/api/users", "get"): ["422", "503"],
        ("/api/users", "post"): ["409", "422", "503"],
        ("/api/users/{id}", "get"): ["404", "422", "503"],
        ("/api/users/{id}", "patch"): ["404", "409", "422", "503"],
        ("/api/users/{id}", "delete"): ["404", "422", "503"],
    }
    answer = document["paths"]["/api/users/{id}"]["get"]["responses"]["404"]["content"]
    assert answer == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert "Problem" in document["components"]["schemas"]
    assert (await http.get("/docs")).status_code == 200


async def test_a_database_without_migrations(database: str, serve, tmp_path: Path):
    async with serve(database, tmp_path) as http:
        health, users = await http.get("/api/health"), await http.get("/api/users")
    assert (health.status_code, users.status_code, users.json()["code"]) == (200, 503, "database_not_migrated")
