"""Sweeping: deletes expired rows while the service runs, in small portions."""

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

INTERVAL = 60.0  # seconds, and up to a quarter more, so that workers that started together sweep apart
PORTION = 1000  # rows of one statement
PORTIONS = 20  # of one round: what is left waits for the next

# Workers that sweep at the same time pass over each other's rows, and no request waits for them: it finds an expired
# row locked for the blink of one statement, or gone, and makes its own.
RATE_LIMITS = """
DELETE FROM rate_limits WHERE id IN (
  SELECT id FROM rate_limits WHERE "resetAt" <= now() AT TIME ZONE 'UTC' LIMIT $1::int FOR UPDATE SKIP LOCKED
)
"""


async def sweep(db: Prisma, statements: Sequence[LiteralString]) -> int:
    """Delete what has expired, at most PORTION × PORTIONS rows by each statement, and return how many rows went."""
    swept = 0
    for statement in statements:
        for _ in range(PORTIONS):
            deleted = await db.execute_raw(statement, PORTION)
            swept += deleted
            if deleted < PORTION:
                break
    return swept


@asynccontextmanager
async def sweeping(
    db: Prisma, statements: Sequence[LiteralString], *, interval: float = INTERVAL
) -> AsyncGenerator[None]:
    """Sweep every `interval` seconds as long as the block runs; a round that fails is logged, and the next comes."""

    async def rounds() -> None:
        while True:
            await asyncio.sleep(interval * (1 + random.random() / 4))  # noqa: S311 no secret
            try:
                await sweep(db, statements)
            except Exception as error:
                log.warning("Expired rows could not be deleted: %s", error)

    task = asyncio.create_task(rounds())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
