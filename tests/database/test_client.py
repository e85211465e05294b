"""The client of the process: the check that never raises, and its log."""

from __future__ import annotations

import logging

import pytest

from app.config.settings import Environment
from app.database.client import DatabaseStats, check_database_connection, create_client, get_database_stats
from prisma import Prisma
from prisma.errors import UniqueViolationError


async def test_the_check_tells_and_never_raises(migrated: str):
    db = create_client(migrated, Environment.TEST)
    before = await check_database_connection(db)
    await db.connect()
    connected = await check_database_connection(db)
    await db.disconnect()
    after = await check_database_connection(db)
    assert (before, connected, after) == (False, True, False)


async def test_the_check_gives_up_in_time(db: Prisma):
    assert await check_database_connection(db, timeout=0) is False
    assert await check_database_connection(db) is True


async def test_statistics_of_an_empty_database(db: Prisma):
    assert await get_database_stats(db) == DatabaseStats(users=0, apiKeys=0, subscriptions=0, projects=0)


@pytest.mark.parametrize(
    ("environment", "levels"),
    [
        (Environment.DEVELOPMENT, {"INFO", "ERROR"}),
        (Environment.TEST, {"ERROR"}),
        (Environment.PRODUCTION, {"ERROR"}),
    ],
)
async def test_queries_are_logged_in_development_and_failures_everywhere(
    migrated: str, caplog: pytest.LogCaptureFixture, environment: Environment, levels: set[str]
):
    caplog.set_level(logging.INFO)
    async with create_client(migrated, environment) as db:
        await db.user.create(data={"email": "logged@example.com"})
        with pytest.raises(UniqueViolationError):
            await db.user.create(data={"email": "logged@example.com"})
    records = [record for record in caplog.records if record.name.startswith("prisma")]
    assert {record.levelname for record in records} == levels
    assert "logged@example.com" not in caplog.text
