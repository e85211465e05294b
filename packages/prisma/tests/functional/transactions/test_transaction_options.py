"""Options of transactions that a client sets for all of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from prisma import Prisma
from prisma.errors import TransactionError, TransactionExpiredError

LEVEL = "SELECT current_setting('transaction_isolation') AS level"


async def level_of(client: Any) -> str:
    return (await client.query_raw(LEVEL))[0]["level"]


async def test_the_default_isolation_level(url: str) -> None:
    async with Prisma(datasource={"url": url}, transaction_options={"isolation_level": "Serializable"}) as db:
        async with db.tx() as tx:
            default = await level_of(tx)
        async with db.tx(isolation_level="RepeatableRead") as tx:
            chosen = await level_of(tx)
        async with db.batch_() as batch:
            batch.execute_raw(f'INSERT INTO users (id, email, "updatedAt") SELECT 1, level, now() FROM ({LEVEL}) AS it')
        in_batch = await db.query_raw("SELECT email AS level FROM users")
        outside = await level_of(db)
    assert (default, chosen, in_batch, outside) == (
        "serializable",
        "repeatable read",
        [{"level": "serializable"}],
        "read committed",
    )


async def test_the_default_max_wait_and_timeout(url: str) -> None:
    options: Any = {"max_wait": timedelta(milliseconds=30), "timeout": 50}
    async with Prisma(datasource={"url": f"{url}&connection_limit=1"}, transaction_options=options) as db:
        with pytest.raises(TransactionExpiredError, match="was 50 ms"):
            async with db.tx() as tx:
                await tx.query_raw("SELECT pg_sleep(5)")
        # The connection is cleaned up in the background, after the transaction was broken off.
        async with db.tx(timeout=timedelta(seconds=5), max_wait=timedelta(seconds=5)):
            with pytest.raises(TransactionError, match="within 30 ms"):
                await db.tx().start()


async def test_an_unknown_isolation_level(url: str) -> None:
    options: Any = {"isolation_level": "Snapshot"}
    async with Prisma(datasource={"url": url}, transaction_options=options) as db:
        with pytest.raises(TransactionError, match="Invalid isolation level 'Snapshot'"):
            db.tx()
