"""Rate limits over HTTP: the identifiers that are counted, and the headers of every response."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from httpx import AsyncClient, Response

from app.config.rate_limits import Policy, load_policy
from app.config.settings import Settings
from app.main import create_app
from app.ratelimits.tiers import QUOTAS, Tier
from prisma import Prisma
from tests.conftest import Tenant, serving

Enrol = Callable[..., Awaitable[Tenant]]
Limited = Callable[..., AbstractAsyncContextManager[AsyncClient]]


@pytest.fixture
def limited(settings: Settings) -> Limited:
    """Serve with a policy that spares nobody; `quotas` are requests per minute by tier."""

    @asynccontextmanager
    async def serve(quotas: dict[Tier, int] | None = None, **values: Any) -> AsyncGenerator[AsyncClient]:
        policy = Policy(quotas={**QUOTAS, **(quotas or {})}, **values)
        async with serving(create_app(replace(settings, rate_limits=policy))) as client:
            yield client

    return serve


async def counted(db: Prisma) -> dict[tuple[str, str], int]:
    return {(row.identifier, row.endpoint): row.count for row in await db.ratelimit.find_many()}


def told(answer: Response) -> tuple[int, str | None, str | None]:
    """Return the status and the two headers, with the window in the place of what is left of it, which is no more."""
    policy, limit = answer.headers.get("ratelimit-policy"), answer.headers.get("ratelimit")
    if policy is None or limit is None:
        return answer.status_code, policy, limit
    windows, left = re.findall(r";w=(\d+)", policy), re.findall(r";t=(\d+)", limit)
    assert all(0 < int(seconds) <= int(window) for seconds, window in zip(left, windows, strict=True))
    rest = iter(windows)
    return answer.status_code, policy, re.sub(r";t=\d+", lambda _: f";t={next(rest)}", limit)


async def test_anonymous_callers_are_counted_by_address(limited: Limited, db: Prisma):
    async with limited({Tier.DEFAULT: 2}) as http:
        found = [await http.get("/api/nothing") for _ in range(3)]
    assert [told(answer) for answer in found] == [
        (404, '"default";q=2;w=60', '"default";r=1;t=60'),
        (404, '"default";q=2;w=60', '"default";r=0;t=60'),
        (429, '"default";q=2;w=60', '"default";r=0;t=60'),
    ]
    assert found[2].headers["ratelimit"].endswith(f";t={found[2].headers['retry-after']}")
    assert (found[2].headers["content-type"], found[2].json()["code"]) == ("application/problem+json", "rate_limited")
    assert await counted(db) == {("ip:127.0.0.1", "default"): 3, ("ip:127.0.0.1", "abuse"): 1}


async def test_callers_with_a_key_are_counted_as_users_and_by_key(limited: Limited, db: Prisma, enrol: Enrol):
    ada = await enrol("ada", rateLimit=2)
    (key,) = await db.apikey.find_many()
    async with limited() as http:
        found = [await http.get("/api/v1/nothing", headers=ada.headers) for _ in range(3)]
    assert [told(answer) for answer in found] == [
        (
            status,
            '"readonly";q=60;w=60, "key";q=2;w=3600, "keys";q=2;w=3600',
            f'"readonly";r={60 - n};t=60, "key";r={2 - min(n, 2)};t=3600, "keys";r={2 - min(n, 2)};t=3600',
        )
        for n, status in ((1, 404), (2, 404), (3, 429))
    ]
    assert found[2].headers["ratelimit"].endswith(f";t={found[2].headers['retry-after']}")
    assert found[2].json()["detail"].startswith("The limit `key` is 2 requests in 3600 seconds")
    assert await counted(db) == {
        ("user:ada", "readonly"): 3,
        (f"key:{key.id}", "key"): 3,
        ("user:ada", "keys"): 3,
        (f"key:{key.id}", "abuse"): 1,
    }


async def test_wrong_credentials_are_counted_as_signing_in(limited: Limited, db: Prisma):
    async with limited({Tier.AUTH: 2}) as http:
        found = [await http.get("/api/v1/nothing", headers={"X-API-Key": f"guess-{n}"}) for n in range(3)]
    assert [answer.status_code for answer in found] == [401, 401, 429]
    assert await counted(db) == {("ip:127.0.0.1", "auth"): 3, ("ip:127.0.0.1", "abuse"): 1}


async def test_requests_that_the_checks_refuse_count(limited: Limited, enrol: Enrol):
    ada = await enrol("ada")
    async with limited() as http:
        answer = await http.get("/api/v1/users?q=%00", headers=ada.headers)
    assert (answer.status_code, answer.headers["ratelimit"][:16]) == (400, '"readonly";r=59;')


async def test_abuse_blocks_for_a_day(limited: Limited, db: Prisma):
    found: list[Response] = []
    async with limited({Tier.DEFAULT: 1}) as http:
        for _ in range(12):
            found.append(await http.get("/api/nothing"))
            # What comes within a second is one violation.
            await db.execute_raw("""UPDATE rate_limits SET "createdAt" = "createdAt" - interval '1 second'""")
    assert [answer.json()["code"] for answer in found] == ["not_found"] + ["rate_limited"] * 9 + ["blocked"] * 2
    assert found[11].headers["ratelimit"] == f'"abuse";r=0;t={found[11].headers["retry-after"]}'
    assert int(found[11].headers["retry-after"]) > 86_000


async def test_revoking_a_key_always_works(limited: Limited, db: Prisma, enrol: Enrol):
    ada = await enrol("ada", rateLimit=1)
    (key,) = await db.apikey.find_many()
    async with limited({Tier.API_KEY: 0, Tier.AUTH: 1}) as http:
        found = [await http.get("/api/v1/users/me", headers=ada.headers) for _ in range(2)]
        found.append(await http.delete(f"/api/v1/api-keys/{key.id}", headers=ada.headers))
        found += [await http.delete(f"/api/v1/api-keys/{key.id}", headers=ada.headers) for _ in range(2)]
    assert [answer.status_code for answer in found] == [200, 429, 204, 401, 429]


async def test_the_proxy_is_believed_when_the_settings_say_so(limited: Limited, db: Prisma):
    forwarded = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
    async with limited() as one, limited(proxies=1) as two:
        await one.get("/api/nothing", headers=forwarded)
        await two.get("/api/nothing", headers=forwarded)
    assert await counted(db) == {("ip:127.0.0.1", "default"): 1, ("ip:203.0.113.9", "default"): 1}


@pytest.mark.parametrize("values", [{"RATE_LIMITS": "off", "RATE_LIMIT_WHITELIST": "none"}, {}])
async def test_switched_off_and_whitelisted(settings: Settings, db: Prisma, values: dict[str, str]):
    async with serving(create_app(replace(settings, rate_limits=load_policy(values)))) as http:
        answer = await http.get("/api/nothing")
    assert (told(answer), await counted(db)) == ((404, None, None), {})


async def test_health_is_never_limited(limited: Limited, db: Prisma):
    async with limited() as http:
        answer = await http.get("/api/health")
    assert (told(answer), await counted(db)) == ((200, None, None), {})


async def test_exactly_a_hundred_of_two_hundred_pass(limited: Limited, enrol: Enrol):
    ada = await enrol("ada")
    async with limited({Tier.READONLY: 100}) as http:
        found = await asyncio.gather(*(http.get("/api/v1/nothing", headers=ada.headers) for _ in range(200)))
    assert sorted(answer.status_code for answer in found) == [404] * 100 + [429] * 100


async def test_the_api_survives_its_limiter(limited: Limited, db: Prisma, enrol: Enrol):
    ada = await enrol("ada")
    await db.execute_raw("ALTER TABLE rate_limits RENAME TO away")
    try:
        async with limited({Tier.READONLY: 0}) as http:
            answer = await http.get("/api/v1/nothing", headers=ada.headers)
    finally:
        await db.execute_raw("ALTER TABLE away RENAME TO rate_limits")
    assert told(answer) == (404, None, None)
