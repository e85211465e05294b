"""The life of a transaction: options, commit, rollback, nesting and timeout."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from prisma.errors import (
    TransactionError,
    TransactionExpiredError,
    TransactionNotStartedError,
)
from servers.spellings import Spelling

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]


@pytest.mark.filterwarnings("ignore:Passing:DeprecationWarning")
async def test_options_of_one_transaction(db: Any) -> None:
    for options in ({"max_wait": 2000, "timeout": 5000}, {"max_wait": timedelta(seconds=2), "timeout": timedelta(1)}):
        async with db.tx(**options) as tx:
            assert await tx.user.count() == 0


async def test_commit_and_rollback(db: Any) -> None:
    async with db.tx() as tx:
        await tx.user.create({"name": "a"})
    with pytest.raises(ZeroDivisionError):
        async with db.tx() as tx:
            await tx.user.create({"name": "b"})
            raise ZeroDivisionError
    assert [user.name for user in await db.user.find_many()] == ["a"]


async def test_start_and_rollback_without_a_block(db: Any) -> None:
    manager = db.tx()
    for end in (manager.commit, manager.rollback):
        with pytest.raises(TransactionNotStartedError):
            await end()
    tx = await manager.start()
    await tx.user.create({"name": "a"})
    await manager.rollback()
    assert await db.user.count() == 0


async def test_nested_transactions(db: Any) -> None:
    async with db.tx() as tx:
        await tx.user.create({"name": "a"})
        with pytest.raises(ZeroDivisionError):
            async with tx.tx() as inner:
                await inner.user.create({"name": "b"})
                raise ZeroDivisionError
    assert [user.name for user in await db.user.find_many()] == ["a"]


async def test_expired_and_closed(db: Any, spelling: Spelling) -> None:
    with pytest.raises(TransactionExpiredError, match=r"^Transaction already closed"):
        async with db.tx(timeout=timedelta(milliseconds=100)) as tx:
            await tx.query_raw(spelling.sleep(1))
    manager = db.tx()
    tx = await manager.start()
    await manager.commit()
    with pytest.raises(
        TransactionExpiredError,
        match=r"^Transaction already closed: A query cannot be executed on a committed transaction\.$",
    ):
        await tx.user.count()
    assert not hasattr(TransactionError("x"), "data")
