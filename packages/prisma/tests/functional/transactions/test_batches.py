"""Batches: writes that are sent together in one transaction."""

from __future__ import annotations

from typing import Any

import pytest

from prisma.errors import (
    UniqueViolationError,
)

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]


async def test_a_batch_runs_at_commit(db: Any, package: Any, threads: Any) -> None:
    batch = db.batch_()
    assert batch.user.create({"name": "a"}) is None
    assert await db.user.count() == 0
    assert await batch.commit() is None
    own = threads.adapt(package.Batch(client=threads.bare(db)))
    own.user.create({"name": "b"})
    await own.commit()
    assert await db.user.count() == 2


@pytest.mark.needs("standard_quotes")
@pytest.mark.needs("skip_duplicates")
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


async def emails(db: Any) -> list[str]:
    return [user.email for user in await db.user.find_many(order={"email": "asc"})]


@pytest.mark.needs("standard_quotes")
@pytest.mark.schema("service")
async def test_writes_and_raw_sql_in_a_batch(db: Any) -> None:
    batch = db.batch_()
    batch.user.create({"id": "a", "email": "a"})
    batch.user.create_many([{"email": "b"}, {"email": "c"}])
    batch.user.update(where={"id": "a"}, data={"name": "A"})
    batch.execute_raw("UPDATE users SET avatar = $1 WHERE email = $2", "x.png", "b")
    batch.user.delete(where={"email": "c"})
    await batch.commit()
    await batch.commit()
    users = await db.user.find_many(order={"email": "asc"})
    assert [(user.email, user.name, user.avatar) for user in users] == [("a", "A", None), ("b", None, "x.png")]


@pytest.mark.schema("service")
async def test_batch_is_all_or_nothing(db: Any) -> None:
    with pytest.raises(UniqueViolationError):
        async with db.batch_() as batch:
            for index in range(1000):
                batch.user.create({"email": f"{index % 999}"})
    batch = db.batch_()
    with pytest.raises(ZeroDivisionError):
        async with batch:
            batch.user.create({"email": "a"})
            _ = 1 / 0
    assert await emails(db) == []


@pytest.mark.schema("service")
async def test_batch_inside_a_transaction(db: Any) -> None:
    seen: list[str] = []
    with pytest.raises(ZeroDivisionError):
        async with db.tx() as tx:
            async with tx.batch_() as batch:
                batch.user.create({"email": "a"})
            seen = await emails(tx)
            _ = 1 / 0
    assert (seen, await emails(db)) == (["a"], [])


@pytest.mark.schema("service")
async def test_a_batch_returns_no_results(db: Any) -> None:
    batch = db.batch_()
    batch.user.create({"email": "ada"})
    assert (await batch.commit(), await db.user.count()) == (None, 1)
