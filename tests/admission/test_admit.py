"""The decision about a request on a real database; time passes by moving the rows' times into the past."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY

from app.admission.admit import Admission, admit
from app.admission.statement import Counting
from app.auth.credentials import Credentials
from app.database.expiry import EXPIRED_RATE_LIMITS, delete_expired
from app.ratelimits.headers import limit_headers
from app.ratelimits.limiter import BLOCK, Decision, Limit, Usage
from prisma import Prisma
from prisma.errors import DataError
from servers.bouncer import PgBouncer
from tests.conftest import Enrol

IP = "ip:192.0.2.1"
COUNTING = Counting(IP, (), "api", 3, 5, grows=False, revoking=False)
NOBODY = Credentials()
MINUTE, KEY = Limit("api", 3, 60), Limit("key", 5, 3600)


async def rows(db: Prisma) -> dict[tuple[str, str], int]:
    return {(row.identifier, row.endpoint): row.count for row in await db.ratelimit.find_many()}


async def let_pass(db: Prisma, seconds: int) -> None:
    time = timedelta(seconds=seconds)
    for row in await db.ratelimit.find_many():
        times: Any = {"resetAt": row.resetAt - time, "createdAt": row.createdAt - time}
        await db.ratelimit.update(where={"id": row.id}, data=times)


async def decide(db: Prisma, credentials: Credentials = NOBODY, counting: Counting = COUNTING) -> Decision:
    decision = (await admit(db, credentials, counting)).decision
    assert decision is not None
    return decision


async def violate(db: Prisma, times: int, credentials: Credentials = NOBODY) -> list[Decision]:
    """Violate the limit `times` times, a second apart."""
    found: list[Decision] = []
    for _ in range(times):
        found.append(await decide(db, credentials, COUNTING._replace(quota=0)))
        await let_pass(db, 1)
    return found


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"rate_limiter_{name}_total", labels) or 0


def decisions() -> list[float]:
    return [counted("decisions", decision=word) for word in ("allowed", "limited", "blocked", "spared")]


async def test_counts_down_and_refuses(db: Prisma):
    found = [await decide(db) for _ in range(4)]
    assert [(d.allowed, [u.remaining for u in d.usages], d.retry_after > 1) for d in found] == [
        (True, [2], False),
        (True, [1], False),
        (True, [0], False),
        (False, [0], True),
    ]
    assert await rows(db) == {(IP, "api"): 4, (IP, "abuse"): 1}


async def test_begins_again_when_the_time_is_over(db: Prisma):
    for _ in range(4):
        await decide(db)
    await let_pass(db, 61)
    assert await decide(db) == Decision((Usage(MINUTE, 1, 60),))


async def test_ten_violations_in_an_hour_block_for_a_day(db: Prisma):
    found = await violate(db, 9)
    assert [d.label for d in found] == ["limited"] * 9
    tenth, *later = await violate(db, 3)
    assert (tenth.label, tenth.retry_after) == ("blocked", BLOCK)
    assert [(d.label, d.usages) for d in later] == [("blocked", ())] * 2
    # Whoever is blocked is not counted any further, and the block does not grow.
    await let_pass(db, BLOCK - 60)
    late = await decide(db)
    assert (late.label, 0 < late.retry_after <= 60) == ("blocked", True)
    await let_pass(db, 61)
    assert (await decide(db)).allowed


async def test_violations_of_another_hour_do_not_count(db: Prisma):
    await violate(db, 9)
    await let_pass(db, 3601)
    assert [d.label for d in await violate(db, 9)] == ["limited"] * 9


async def test_what_was_sent_together_is_one_violation(db: Prisma):
    found = await asyncio.gather(*(decide(db) for _ in range(40)))
    again = await asyncio.gather(*(decide(db) for _ in range(40)))
    assert sorted(d.label for d in (*found, *again)) == ["allowed"] * 3 + ["limited"] * 77
    # Two at most, where the machine takes a second for it.
    assert (await rows(db))[IP, "abuse"] <= 2


async def test_a_key_is_blocked_for_what_was_done_with_it(db: Prisma, enrol: Enrol):
    ada = await enrol("ada")
    await db.apikey.create(data={"id": "other", "key": "other-key", "name": "Other", "userId": "ada"})
    await db.session.create(
        data={"sessionToken": "a-session", "userId": "ada", "expires": datetime(2999, 1, 1, tzinfo=UTC)}
    )
    await violate(db, 10, Credentials(key=ada.key))
    shown = (Credentials(key=ada.key), Credentials(key="other-key"), Credentials(sessions=("a-session",)), NOBODY)
    found = {str(shown.index(each)): (await decide(db, each, COUNTING._replace(tier="search"))).label for each in shown}
    revoking = await admit(db, Credentials(key=ada.key), COUNTING._replace(revoking=True))
    guessing = await admit(db, Credentials(key="guess"), COUNTING._replace(revoking=True))
    assert found == {"0": "blocked", "1": "allowed", "2": "allowed", "3": "allowed"}
    assert (revoking.caller is not None, revoking.decision) == (True, Decision())
    assert (guessing.caller, [u.limit for u in (guessing.decision or Decision()).usages]) == (
        None,
        [Limit("auth", 5, 60)],
    )


async def test_more_keys_give_no_more_requests(db: Prisma, enrol: Enrol):
    ada = await enrol("ada", rateLimit=2)
    for name in ("one", "two"):
        await db.apikey.create(data={"key": f"{name}-key", "name": name, "userId": "ada", "rateLimit": 2})
    keys = [Credentials(key=key) for key in (ada.key, "one-key", "two-key")]
    found = [(await decide(db, key, COUNTING._replace(quota=100))).allowed for key in keys * 2]
    # The key that may do most says how much all may do together.
    await db.apikey.update_many(where={"name": "two"}, data={"rateLimit": 20})
    later = [(await decide(db, key, COUNTING._replace(quota=100))).allowed for key in keys]
    assert (found, later) == ([True] * 2 + [False] * 4, [False, False, True])


@pytest.mark.parametrize(
    ("hourly", "grows", "quota"), [(600, True, 60), (5000, True, 84), (50_000, True, 834), (50_000, False, 60)]
)
async def test_a_key_that_may_do_more_an_hour_may_do_more_a_minute(
    db: Prisma, enrol: Enrol, hourly: int, grows: bool, quota: int
):
    ada = await enrol("ada", rateLimit=hourly)
    decision = await decide(db, Credentials(key=ada.key), COUNTING._replace(quota=60, grows=grows))
    assert [usage.limit for usage in decision.usages] == [
        Limit("api", quota, 60), Limit("key", hourly, 3600), Limit("keys", hourly, 3600),
    ]  # fmt: skip


async def test_nobody_limits_who_is_spared(db: Prisma, enrol: Enrol):
    ada = await enrol("ada")
    spared = COUNTING._replace(spared=("user:ada",), quota=0)
    found = [(await admit(db, each, spared)).decision for each in (Credentials(key=ada.key), NOBODY)]
    assert (found[0], found[1] is not None and found[1].label, await rows(db)) == (
        None, "limited", {(IP, "api"): 1, (IP, "abuse"): 1},
    )  # fmt: skip


@pytest.mark.parametrize("through", ["directly", "pgbouncer"])
async def test_two_hundred_at_once_at_a_limit_of_a_hundred(
    migrated: str, through: str, enrol: Enrol, request: pytest.FixtureRequest
):
    url = migrated
    if through == "pgbouncer":
        bouncer: PgBouncer = request.getfixturevalue("pgbouncer")
        url = bouncer.url(migrated.partition("localhost/")[2].partition("?")[0], pgbouncer="true")
    key = Credentials(key=(await enrol("ada")).key)
    counting = COUNTING._replace(quota=100)
    before = decisions()
    # Two clients are two workers.
    async with Prisma(datasource={"url": url}) as one, Prisma(datasource={"url": url}) as two:
        found = await asyncio.gather(*(decide((one, two)[n % 2], key, counting) for n in range(200)))
        inside = await rows(one)

    passed = [d for d in found if d.allowed]
    assert sorted(d.usages[0].remaining for d in passed) == list(range(100))
    assert [now - then for now, then in zip(decisions(), before, strict=True)] == [100, 100, 0, 0]
    assert {inside["user:ada", "api"], inside["user:ada", "keys"]} == {200}


async def test_one_statement_for_everything(db: Prisma, migrated: str, enrol: Enrol):
    ada = await enrol("ada")
    statements: list[str] = []
    async with Prisma(datasource={"url": migrated}) as watched:
        watched.on("query", lambda event: statements.append(event.query))
        for credentials in (Credentials(key=ada.key), Credentials(token="guess"), NOBODY):
            for _ in range(12):
                await admit(watched, credentials, COUNTING._replace(quota=0, auth_quota=0))
                await let_pass(db, 1)
    assert len(statements) == 36


async def test_survives_its_own_failure(db: Prisma, enrol: Enrol, caplog: pytest.LogCaptureFixture):
    ada = await enrol("ada")
    before = counted("failures")
    await db.execute_raw("ALTER TABLE rate_limits RENAME TO away")
    try:
        with caplog.at_level(logging.WARNING, "app.admission.admit"):
            found = await admit(db, Credentials(key=ada.key), COUNTING)
    finally:
        await db.execute_raw("ALTER TABLE away RENAME TO rate_limits")
    assert (found.caller and found.caller.user_id, found.decision, counted("failures") - before) == ("ada", None, 1)
    assert "A request passes uncounted, because the rate limiter failed" in caplog.text


async def test_a_pool_without_a_free_connection_is_not_its_failure(migrated: str):
    before = counted("failures")
    async with Prisma(datasource={"url": f"{migrated}&connection_limit=1&pool_timeout=1"}) as db, db.tx():
        with pytest.raises(DataError) as caught:
            await admit(db, NOBODY, COUNTING)
    assert (caught.value.code, counted("failures") - before) == ("P2024", 1)


async def test_nothing_is_asked_where_nothing_is_shown_and_nothing_limited(migrated: str):
    async with Prisma(datasource={"url": f"{migrated}&connection_limit=1&pool_timeout=1"}) as db, db.tx():
        assert await admit(db, NOBODY, None) == Admission(None, refused=False, by_cookie=False)


async def test_expired_rows_are_swept(db: Prisma, enrol: Enrol):
    key = Credentials(key=(await enrol("ada", rateLimit=1)).key)
    (id,) = [row.id for row in await db.apikey.find_many()]
    for _ in range(2):
        await decide(db, key)
    await let_pass(db, 61)
    left = {(f"key:{id}", "key"), ("user:ada", "keys"), (f"key:{id}", "abuse")}
    assert (await delete_expired(db, [EXPIRED_RATE_LIMITS]), set(await rows(db))) == (1, left)


@pytest.mark.parametrize(
    ("decision", "headers"),
    [
        (Decision(), {}),
        (
            Decision((Usage(MINUTE, 1, 58), Usage(KEY, 1, 3000))),
            {"RateLimit-Policy": '"api";q=3;w=60, "key";q=5;w=3600', "RateLimit": '"api";r=2;t=58, "key";r=4;t=3000'},
        ),
        (
            Decision((Usage(MINUTE, 4, 58),)),
            {"RateLimit-Policy": '"api";q=3;w=60', "RateLimit": '"api";r=0;t=58', "Retry-After": "58"},
        ),
        (
            Decision((), 86000),
            {"RateLimit-Policy": '"abuse";q=10;w=3600', "RateLimit": '"abuse";r=0;t=86000', "Retry-After": "86000"},
        ),
    ],
)
def test_headers(decision: Decision, headers: dict[str, str]):
    assert limit_headers(decision) == headers
