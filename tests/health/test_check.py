"""The health check: shared by concurrent requests, and `busy` if the process itself was too slow."""

from __future__ import annotations

import asyncio
import time

import pytest

from app.database.client import CHECK_TIMEOUT
from app.health.check import LAG, DatabaseState, HealthCheck
from prisma import Prisma


def occupy(seconds: float) -> None:
    """Keep the event loop from everything else."""
    time.sleep(seconds)


async def test_all_who_ask_share_one_question(migrated: str):
    statements: list[str] = []
    async with Prisma(datasource={"url": migrated}) as db:
        db.on("query", lambda event: statements.append(event.query))
        check = HealthCheck(db)
        found = [*await asyncio.gather(*(check.state() for _ in range(50))), await check.state()]
    assert (set(found), statements) == ({DatabaseState.CONNECTED}, ["SELECT 1"])


@pytest.mark.parametrize(("lifetime", "later"), [(3600.0, DatabaseState.CONNECTED), (0.0, DatabaseState.DISCONNECTED)])
async def test_an_answer_is_good_for_so_long(migrated: str, lifetime: float, later: DatabaseState):
    db = Prisma(datasource={"url": migrated})
    await db.connect()
    check = HealthCheck(db, lifetime=lifetime)
    before = await check.state()
    await db.disconnect()
    assert (before, await check.state()) == (DatabaseState.CONNECTED, later)


async def test_a_slow_process_does_not_blame_the_database(migrated: str):
    async with Prisma(datasource={"url": migrated}) as db:
        asking = asyncio.create_task(HealthCheck(db).state())
        await asyncio.sleep(0)  # the statement is on its way
        occupy(CHECK_TIMEOUT + 2 * LAG)
        assert await asking in {DatabaseState.BUSY, DatabaseState.CONNECTED}


async def test_who_hangs_up_does_not_end_the_check_of_others(migrated: str):
    async with Prisma(datasource={"url": migrated}) as db:
        check = HealthCheck(db)
        first, second = (asyncio.create_task(check.state()) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        assert await second is DatabaseState.CONNECTED
