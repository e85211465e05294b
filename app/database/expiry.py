"""The deletion of expired rows while the service runs, in small portions.

Each statement finds its rows by an index on their end, so that a round without expired rows costs next to nothing.
"""

from __future__ import annotations

import asyncio
import logging
import random
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from typing import LiteralString

    from prisma import Prisma

log = logging.getLogger(__name__)

# Seconds between two rounds, and up to a quarter more, so that workers that started together delete at different times.
INTERVAL = 60.0
PORTION = 1000  # rows of one statement
PORTIONS = 20  # of one round and statement; the rest waits for the next round
PAUSE = 1.0  # seconds before the next round, if this one left a rest

# Workers that delete at the same time skip each other's rows. No request waits for them either: it finds an expired row
# locked for one short statement, or gone, and inserts its own.
EXPIRED_RATE_LIMITS = """
DELETE FROM rate_limits WHERE id IN (
  SELECT id FROM rate_limits WHERE "resetAt" <= now() AT TIME ZONE 'UTC' LIMIT $1::int FOR UPDATE SKIP LOCKED
)
"""


# Auth.js deletes a session or a token that it finds expired, but not those that nobody shows it any more. The day
# allows for clocks that differ.
EXPIRED_SESSIONS = """
DELETE FROM sessions WHERE id IN (
  SELECT id FROM sessions WHERE expires <= now() AT TIME ZONE 'UTC' - interval '1 day' LIMIT $1::int
  FOR UPDATE SKIP LOCKED
)
"""
EXPIRED_TOKENS = """
DELETE FROM verification_tokens WHERE ctid IN (
  SELECT ctid FROM verification_tokens WHERE expires <= now() AT TIME ZONE 'UTC' - interval '1 day' LIMIT $1::int
  FOR UPDATE SKIP LOCKED
)
"""


async def delete_expired(db: Prisma, statements: Sequence[LiteralString]) -> int:
    """Delete at most PORTION × PORTIONS expired rows by each statement, and return how many rows were deleted."""
    total = 0
    for statement in statements:
        for _ in range(PORTIONS):
            deleted = await db.execute_raw(statement, PORTION)
            total += deleted
            if deleted < PORTION:
                break
    return total


def pause_after(deleted: int, interval: float) -> float:
    """Return how many seconds to wait after a round that deleted so many rows: not long, if it may have left some."""
    return min(PAUSE, interval) if deleted >= PORTION * PORTIONS else interval


@asynccontextmanager
async def periodic_expiry(
    db: Prisma, statements: Sequence[LiteralString], *, interval: float = INTERVAL
) -> AsyncGenerator[None]:
    """Delete expired rows every `interval` seconds while the block runs; a failed round is only logged."""

    async def rounds() -> None:
        deleted = 0
        while True:
            await asyncio.sleep(pause_after(deleted, interval) * (1 + random.random() / 4))  # noqa: S311 not a secret
            deleted = 0
            try:
                deleted = await delete_expired(db, statements)
            except Exception as error:
                log.warning("Expired rows could not be deleted: %s", error)

    task = asyncio.create_task(rounds())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
