"""The deletion of expired rows, which goes on after a failed round."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from app.database.expiry import (
    EXPIRED_RATE_LIMITS,
    EXPIRED_SESSIONS,
    EXPIRED_TOKENS,
    PAUSE,
    PORTION,
    PORTIONS,
    delete_expired,
    pause_after,
    periodic_expiry,
)
from prisma import Prisma
from servers import PATIENCE

FILL = """
INSERT INTO rate_limits (id, identifier, endpoint, count, "resetAt")
SELECT n::text, 'ip:' || n, 'api', 1,
  now() AT TIME ZONE 'UTC' + CASE WHEN n % 2 = 0 THEN 1 ELSE -1 END * interval '1 hour'
FROM generate_series(1, $1::int) n
"""


async def test_more_than_a_portion(db: Prisma):
    await db.execute_raw(FILL, 2 * PORTION + 2 * 7)
    assert (await delete_expired(db, [EXPIRED_RATE_LIMITS]), await db.ratelimit.count()) == (PORTION + 7, PORTION + 7)


async def test_sessions_and_tokens_a_day_after_their_end(db: Prisma):
    await db.user.create(data={"id": "ada", "email": "ada@example.com"})
    now = datetime.now(UTC)
    for name, hours in (("good", 1), ("ended", -23), ("forgotten", -25)):
        expires = now + timedelta(hours=hours)
        await db.session.create(data={"sessionToken": name, "userId": "ada", "expires": expires})
        await db.verificationtoken.create(data={"identifier": name, "token": name, "expires": expires})
    deleted = await delete_expired(db, [EXPIRED_SESSIONS, EXPIRED_TOKENS])
    sessions = {session.sessionToken for session in await db.session.find_many()}
    tokens = {token.token for token in await db.verificationtoken.find_many()}
    assert (deleted, sessions, tokens) == (2, {"good", "ended"}, {"good", "ended"})


@pytest.mark.parametrize(
    ("deleted", "interval", "pause"),
    [(0, 60.0, 60.0), (PORTION * PORTIONS - 1, 60.0, 60.0), (PORTION * PORTIONS, 60.0, PAUSE)],
)
def test_a_full_round_is_followed_soon(deleted: int, interval: float, pause: float):
    assert pause_after(deleted, interval) == pause


async def test_two_at_the_same_time_take_each_row_once(db: Prisma):
    await db.execute_raw(FILL, 200)
    swept = await asyncio.gather(*(delete_expired(db, [EXPIRED_RATE_LIMITS]) for _ in range(4)))
    # One may pass over what another is about to delete.
    assert (sum(swept), await db.ratelimit.count()) == (100, 100)


async def test_goes_on_after_a_round_that_failed(db: Prisma, caplog: pytest.LogCaptureFixture):
    await db.execute_raw(FILL, 2)
    await db.execute_raw("ALTER TABLE rate_limits RENAME TO away")
    with caplog.at_level(logging.WARNING, "app.database.expiry"):
        async with asyncio.timeout(PATIENCE), periodic_expiry(db, [EXPIRED_RATE_LIMITS], interval=0.01):
            while "Expired rows could not be deleted" not in caplog.text:  # noqa: ASYNC110 nobody tells us when
                await asyncio.sleep(0.01)
            await db.execute_raw("ALTER TABLE away RENAME TO rate_limits")
            while await db.ratelimit.count() > 1:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert [row.identifier for row in await db.ratelimit.find_many()] == ["ip:2"]
