"""The limiter on a real database. Time passes by moving the rows' ends into the past."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from app.ratelimits.headers import limit_headers
from app.ratelimits.limiter import BLOCK, Decision, Limit, Usage, check
from app.sweeping import RATE_LIMITS, sweep
from prisma import Prisma
from prisma.errors import DataError
from servers.bouncer import PgBouncer

ADA = "user:ada"
MINUTE = Limit(ADA, "api", 3, 60)
KEY = Limit("key:k", "key", 5, 3600)


async def rows(db: Prisma) -> dict[tuple[str, str], int]:
    return {(row.identifier, row.endpoint): row.count for row in await db.ratelimit.find_many()}


async def let_pass(db: Prisma, seconds: int) -> None:
    for row in await db.ratelimit.find_many():
        await db.ratelimit.update(where={"id": row.id}, data={"resetAt": row.resetAt - timedelta(seconds=seconds)})


async def run(db: Prisma, times: int, *limits: Limit) -> list[Decision]:
    return [await check(db, ADA, limits) for _ in range(times)]


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"rate_limiter_{name}_total", labels) or 0


def decisions() -> list[float]:
    return [counted("decisions", decision=word) for word in ("allowed", "limited", "blocked")]


async def test_counts_down_and_refuses(db: Prisma):
    found = await run(db, 4, MINUTE)
    assert [(d.allowed, [u.remaining for u in d.usages], d.retry_after > 0) for d in found] == [
        (True, [2], False),
        (True, [1], False),
        (True, [0], False),
        (False, [0], True),
    ]
    assert await rows(db) == {(ADA, "api"): 4, (ADA, "abuse"): 1}


async def test_begins_anew_when_the_time_is_over(db: Prisma):
    await run(db, 4, MINUTE)
    await let_pass(db, 61)
    (found,) = await run(db, 1, MINUTE)
    assert (found.allowed, found.usages) == (True, (Usage(MINUTE, 2, 60),))


async def test_two_limits_in_one_statement(db: Prisma):
    found = [await check(db, ADA, (Limit(ADA, tier, 3, 60), KEY)) for tier in ("api", "search") * 3]
    assert [d.allowed for d in found] == [True, True, True, True, True, False]
    assert (found[-1].usages[1].remaining, found[-1].retry_after > 3500) == (0, True)
    assert await rows(db) == {(ADA, "api"): 3, (ADA, "search"): 3, ("key:k", "key"): 6, (ADA, "abuse"): 1}


async def test_ten_violations_in_an_hour_block_for_a_day(db: Prisma):
    found = await run(db, 3 + 9, MINUTE)
    assert not any(d.blocked for d in found)

    (tenth, *later) = await run(db, 3, MINUTE)
    assert (tenth.blocked, tenth.retry_after) == (True, BLOCK)
    assert [(d.allowed, d.blocked, d.usages) for d in later] == [(False, True, ())] * 2
    # Whoever is blocked is not counted any further, and the block does not grow.
    await let_pass(db, BLOCK - 60)
    (late,) = await run(db, 1, MINUTE)
    assert (late.blocked, 0 < late.retry_after <= 60) == (True, True)
    await let_pass(db, 61)
    (free,) = await run(db, 1, MINUTE)
    assert free.allowed


async def test_violations_of_another_hour_do_not_count(db: Prisma):
    await run(db, 3 + 9, MINUTE)
    await let_pass(db, 3601)
    found = await run(db, 3 + 9, MINUTE)
    assert [d.blocked for d in found] == [False] * 12


async def test_a_block_holds_for_every_limit_of_its_identifier_only(db: Prisma):
    await run(db, 3 + 10, MINUTE)
    (other,) = await run(db, 1, Limit(ADA, "search", 3, 60))
    eve = await check(db, "user:eve", (Limit("user:eve", "api", 3, 60),))
    assert (other.blocked, eve.allowed) == (True, True)


@pytest.mark.parametrize("through", ["directly", "pgbouncer"])
async def test_two_hundred_at_once_at_a_limit_of_a_hundred(migrated: str, through: str, request: pytest.FixtureRequest):
    url = migrated
    if through == "pgbouncer":
        bouncer: PgBouncer = request.getfixturevalue("pgbouncer")
        url = bouncer.url(migrated.partition("localhost/")[2].partition("?")[0], pgbouncer="true")
    limits = (Limit(ADA, "api", 100, 60), Limit("key:k", "key", 1000, 3600))
    before = decisions()
    # Two clients are two workers.
    async with Prisma(datasource={"url": url}) as one, Prisma(datasource={"url": url}) as two:
        found = await asyncio.gather(*(check((one, two)[n % 2], ADA, limits) for n in range(200)))
        inside = await rows(one)

    passed = [d for d in found if d.allowed]
    assert len(passed) == 100
    assert sorted(d.usages[0].remaining for d in passed) == list(range(100))
    assert [now - then for now, then in zip(decisions(), before, strict=True)] == [100, 9, 91]
    # Those that were under way when the block came were counted; whoever came later was not.
    assert inside[ADA, "abuse"] >= 10
    assert inside[ADA, "api"] == inside["key:k", "key"] == 100 + inside[ADA, "abuse"]


async def test_survives_its_own_failure(db: Prisma, caplog: pytest.LogCaptureFixture):
    before = counted("failures")
    await db.execute_raw("ALTER TABLE rate_limits RENAME TO away")
    try:
        with caplog.at_level(logging.WARNING, "app.ratelimits.limiter"):
            found = await check(db, ADA, (MINUTE,))
    finally:
        await db.execute_raw("ALTER TABLE away RENAME TO rate_limits")
    assert (found, counted("failures") - before) == (Decision(allowed=True), 1)
    assert "A request passes uncounted, because the rate limiter failed" in caplog.text


async def test_a_pool_without_a_free_connection_is_not_its_failure(migrated: str):
    before = counted("failures")
    async with Prisma(datasource={"url": f"{migrated}&connection_limit=1&pool_timeout=1"}) as db, db.tx():
        with pytest.raises(DataError) as caught:
            await check(db, ADA, (MINUTE,))
    assert (caught.value.code, counted("failures") - before) == ("P2024", 1)


async def test_expired_rows_are_swept(db: Prisma):
    await run(db, 4, MINUTE, KEY)
    await let_pass(db, 61)
    assert (await sweep(db, [RATE_LIMITS]), set(await rows(db))) == (1, {("key:k", "key"), (ADA, "abuse")})


@pytest.mark.parametrize(
    ("decision", "headers"),
    [
        (Decision(True), {}),
        (
            Decision(True, (Usage(MINUTE, 2, 58), Usage(KEY, 4, 3000))),
            {"RateLimit-Policy": '"api";q=3;w=60, "key";q=5;w=3600', "RateLimit": '"api";r=2;t=58, "key";r=4;t=3000'},
        ),
        (
            Decision(False, (Usage(MINUTE, 0, 58),), 58),
            {"RateLimit-Policy": '"api";q=3;w=60', "RateLimit": '"api";r=0;t=58', "Retry-After": "58"},
        ),
        (
            Decision(False, (), 86000, True),
            {"RateLimit-Policy": '"abuse";q=10;w=3600', "RateLimit": '"abuse";r=0;t=86000', "Retry-After": "86000"},
        ),
    ],
)
def test_headers(decision: Decision, headers: dict[str, str]):
    assert limit_headers(decision) == headers
