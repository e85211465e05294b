"""The routes for rate limits, for ADMIN."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient

from prisma import Prisma
from prisma.enums import Role
from tests.conftest import Tenant

Enrol = Callable[..., Awaitable[Tenant]]
LIMITS = "/api/v1/rate-limits"


@pytest.fixture
async def admin(enrol: Enrol, db: Prisma) -> Tenant:
    for identifier, endpoint, count in (("user:ada", "api", 7), ("user:ada", "abuse", 10), ("ip:192.0.2.1", "auth", 1)):
        await db.ratelimit.create(
            data={"identifier": identifier, "endpoint": endpoint, "count": count, "resetAt": "2030-01-01T00:00:00Z"}  # type: ignore[typeddict-item]
        )
    return await enrol("root", role=Role.ADMIN)


async def listed(http: AsyncClient, admin: Tenant, **params: Any) -> list[tuple[str, str, int]]:
    answer = await http.get(LIMITS, params=params, headers=admin.headers)
    return sorted((item["identifier"], item["endpoint"], item["count"]) for item in answer.json()["items"])


async def test_inspect_and_reset(http: AsyncClient, admin: Tenant):
    everything = [("ip:192.0.2.1", "auth", 1), ("user:ada", "abuse", 10), ("user:ada", "api", 7)]
    assert await listed(http, admin) == everything
    assert await listed(http, admin, endpoint="abuse") == everything[1:2]
    (item,) = (await http.get(f"{LIMITS}?identifier=ip:192.0.2.1", headers=admin.headers)).json()["items"]
    assert item["resetAt"] == "2030-01-01T00:00:00Z"

    assert (await http.delete(f"{LIMITS}/{item['id']}", headers=admin.headers)).status_code == 204
    assert (await http.delete(f"{LIMITS}/{item['id']}", headers=admin.headers)).status_code == 404
    reset = await http.delete(f"{LIMITS}?identifier=user:ada", headers=admin.headers)
    assert (reset.status_code, reset.json(), await listed(http, admin)) == (200, {"reset": 2}, [])


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("DELETE", "?identifier=user:ada"), ("DELETE", "/x")])
async def test_only_for_an_admin(http: AsyncClient, admin: Tenant, enrol: Enrol, db: Prisma, method: str, path: str):
    eve = await enrol("eve")
    answer = await http.request(method, f"{LIMITS}{path}", headers=eve.headers)
    assert (answer.status_code, answer.json()["code"], await db.ratelimit.count()) == (403, "admin_required", 3)
