"""A test for each way to do several things at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from prisma.errors import (
    TransactionError,
    TransactionExpiredError,
    TransactionNotStartedError,
    UniqueViolationError,
)

pytestmark = pytest.mark.schema("blog")


async def test_a_batch_runs_at_commit(db: Any, package: Any, threads: Any) -> None:
    batch = db.batch_()
    assert batch.user.create({"name": "a"}) is None
    assert await db.user.count() == 0
    assert await batch.commit() is None
    own = threads.adapt(package.Batch(client=threads.bare(db)))
    own.user.create({"name": "b"})
    await own.commit()
    assert await db.user.count() == 2


async def test_every_write_in_a_batch(db: Any) -> None:
    batch = db.batch_()
    batch.user.create(data={"name": "a"})
    batch.user.create_many([{"name": "b"}, {"name": "c"}], skip_duplicates=True)
    batch.user.update({"score": 1}, {"name": "a"})
    batch.user.upsert({"name": "d"}, {"create": {"name": "d"}, "update": {}})
    batch.user.update_many({"score": 2}, {"name": "b"})
    batch.user.delete({"name": "c"})
    batch.user.delete_many({"name": "nobody"})
    batch.execute_raw('UPDATE "User" SET "score" = $1 WHERE "name" = $2', 3, "d")
    await batch.commit()
    users = await db.user.find_many(order={"name": "asc"})
    assert [(user.name, user.score) for user in users] == [("a", 1), ("b", 2), ("d", 3)]
    assert type(getattr(batch.user, "_target", batch.user)).__name__.endswith("Actions")


async def test_a_batch_as_a_context_manager(db: Any) -> None:
    async with db.batch_() as batch:
        batch.user.create({"name": "a"})
    with pytest.raises(ZeroDivisionError):
        async with db.batch_() as batch:
            batch.user.create({"name": "b"})
            raise ZeroDivisionError
    failing = db.batch_()
    for number in range(200):
        failing.user.create({"name": f"n{number % 150}"})
    with pytest.raises(UniqueViolationError):
        await failing.commit()
    async with db.tx() as tx, tx.batch_() as batch:
        batch.user.create({"name": "c"})
    assert [user.name for user in await db.user.find_many(order={"name": "asc"})] == ["a", "c"]


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


async def test_expired_and_closed(db: Any) -> None:
    with pytest.raises(TransactionExpiredError, match=r"^Transaction already closed"):
        async with db.tx(timeout=timedelta(milliseconds=100)) as tx:
            await tx.query_raw("SELECT pg_sleep(1)")
    manager = db.tx()
    tx = await manager.start()
    await manager.commit()
    with pytest.raises(
        TransactionExpiredError,
        match=r"^Transaction already closed: A query cannot be executed on a committed transaction\.$",
    ):
        await tx.user.count()
    assert not hasattr(TransactionError("x"), "data")
