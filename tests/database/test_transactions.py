"""Transactions with retries, on a real database."""

from __future__ import annotations

import asyncio

import pytest

from app.database.retry import batch_insert, paginate, with_transaction
from prisma import Prisma
from prisma.errors import DataError, UniqueViolationError, data_error


async def no_sleep(_: float) -> None:
    """Let no time pass."""


async def emails(db: Prisma) -> list[str]:
    return [user.email for user in await db.user.find_many(order={"email": "asc"})]


async def test_commits_and_returns(db: Prisma):
    async def work(tx: Prisma) -> str:
        user = await tx.user.create(data={"email": "ada@example.com"})
        key = await tx.apikey.create(data={"userId": user.id, "key": "k", "name": "Default"})
        return key.userId

    assert await with_transaction(db, work) == (await db.user.find_first_or_raise()).id


async def test_rolls_back_and_raises_at_once(db: Prisma):
    calls = 0

    async def work(tx: Prisma) -> None:
        nonlocal calls
        calls += 1
        await tx.user.create(data={"email": "ada@example.com"})
        await tx.user.create(data={"email": "ada@example.com"})

    with pytest.raises(UniqueViolationError):
        await with_transaction(db, work, sleep=no_sleep)
    assert (calls, await emails(db)) == (1, [])


@pytest.mark.parametrize("code", ["P2034", "P1017"])
async def test_each_retry_is_a_whole_new_transaction(db: Prisma, code: str):
    calls = 0

    async def work(tx: Prisma) -> None:
        nonlocal calls
        calls += 1
        await tx.user.create(data={"email": f"try-{calls}@example.com"})
        if calls < 3:
            raise data_error(code, "a passing reason", {})

    await with_transaction(db, work, sleep=no_sleep)
    assert await emails(db) == ["try-3@example.com"]


async def test_a_real_deadlock_is_tried_again(db: Prisma):
    for name in ("a", "b"):
        await db.user.create(data={"id": name, "email": f"{name}@example.com"})
    both_hold_one, one_is_done = asyncio.Barrier(2), asyncio.Event()
    calls = 0

    async def swap(first: str, second: str) -> None:
        tries = 0

        async def work(tx: Prisma) -> None:
            nonlocal calls, tries
            calls, tries = calls + 1, tries + 1
            if tries > 1:
                # Else it might take what the other one waits for, and there would be a second deadlock.
                await one_is_done.wait()
            await tx.user.update(where={"id": first}, data={"name": f"{first}{second}"})
            if tries == 1:
                await both_hold_one.wait()
            await tx.user.update(where={"id": second}, data={"name": f"{first}{second}"})

        await with_transaction(db, work, sleep=no_sleep)
        one_is_done.set()

    await asyncio.gather(swap("a", "b"), swap("b", "a"))

    names = {user.name for user in await db.user.find_many()}
    assert calls == 3
    assert names in ({"ab"}, {"ba"})


async def test_gives_up_after_three_retries(db: Prisma):
    calls = 0

    async def work(_: Prisma) -> None:
        nonlocal calls
        calls += 1
        raise data_error("P2034", "again", {})

    with pytest.raises(DataError, match="again"):
        await with_transaction(db, work, sleep=no_sleep)
    assert calls == 4


async def test_portions_and_pages_of_a_real_table(db: Prisma):
    rows = [{"id": f"{n:03}", "email": f"{n}@example.com"} for n in range(250)]

    async def insert(portion) -> int:
        return await db.user.create_many(data=list(portion), skip_duplicates=True)

    counts = [await batch_insert(rows, insert) for _ in range(2)]
    pages = [
        (page[0].id, len(page))
        async for page in paginate(lambda skip, take: db.user.find_many(skip=skip, take=take, order={"id": "asc"}))
    ]
    assert (counts, pages) == ([250, 0], [("000", 100), ("100", 100), ("200", 50)])
