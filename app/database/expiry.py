"""The deletion of expired rows while the service runs, in small portions."""

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
PORTIONS = 20  # of one round; the rest waits for the next round

# Workers that delete at the same time skip each other's rows. No request waits for them either: it finds an expired row
# locked for one short statement, or gone, and inserts its own.
EXPIRED_RATE_LIMITS = """
DELETE FROM rate_limits WHERE id IN (
  SELECT id FROM rate_limits WHERE "resetAt" <= now() AT TIME ZONE 'UTC' LIMIT $1::int FOR UPDATE SKIP LOCKED
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


@asynccontextmanager
async def periodic_expiry(
    db: Prisma, statements: Sequence[LiteralString], *, interval: float = INTERVAL
) -> AsyncGenerator[None]:
    """Delete expired rows every `interval` seconds while the block runs; a failed round is only logged."""

    async def rounds() -> None:
        while True:
            await asyncio.sleep(interval * (1 + random.random() / 4))  # noqa: S311 not a secret
            try:
                await delete_expired(db, statements)
            except Exception as error:
                log.warning("Expired rows could not be deleted: %s", error)

    task = asyncio.create_task(rounds())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
