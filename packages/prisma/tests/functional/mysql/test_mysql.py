"""What is MySQL's own: literals, collations, transactions that a statement ends, and what it lacks."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from benchmarks import escaping
from prisma.errors import RawQueryError, UniqueViolationError

# What literals are made of and end with, beside what a value may hold anyway.
PIECES = ["'", '"', "`", "\\", "\0", "\x1a", "\n", "--", "/*", "*/", "#", ";", "%", "?", "é", "縗", "\u00bf", "😀", "a"]
pytestmark = [pytest.mark.schema("blog"), pytest.mark.only_mysql]


async def test_values_come_back_under_every_mode_and_character_set(mysql_server: Any) -> None:
    # `python -m benchmarks.escaping` checks more of them.
    assert await escaping.check(mysql_server, 10_000, seed=2) == []


async def test_texts_come_back_as_they_were(db: Any) -> None:
    chance = random.Random(7)
    names = {f"{number} " + "".join(chance.choices(PIECES, k=6)) + "." for number in range(200)}
    await db.user.create_many(data=[{"name": name} for name in names])
    assert {user.name for user in await db.user.find_many()} == names


async def test_a_collation_without_case_compares_and_is_unique_without_case(db: Any) -> None:
    await db.user.create({"name": "Ada"})
    assert [user.name for user in await db.user.find_many(where={"name": "ADA"})] == ["Ada"]
    with pytest.raises(UniqueViolationError):
        await db.user.create({"name": "ada"})


async def test_a_statement_that_commits_is_refused_in_a_transaction(db: Any) -> None:
    with pytest.raises(RawQueryError, match="has committed the transaction that it ran in"):
        async with db.tx() as tx:
            await tx.user.create({"name": "Ada"})
            await tx.execute_raw("CREATE TABLE IF NOT EXISTS scratch (a INT)")
    await db.execute_raw("DROP TABLE scratch")
    assert await db.user.count() == 1
    await db.user.delete_many()


async def test_raw_sql_that_waits_for_a_lock_too_long_may_be_tried_again(db: Any) -> None:
    await db.user.create({"name": "a"})
    async with db.tx(timeout=20000) as other, db.tx(timeout=20000) as tx:
        await other.user.update({"score": 1}, {"name": "a"})
        await tx.execute_raw("SET SESSION innodb_lock_wait_timeout = 1")
        with pytest.raises(RawQueryError) as caught:
            await tx.execute_raw("UPDATE User SET score = 2 WHERE name = 'a'")
    error = caught.value
    assert (error.retriable, error.code, error.meta["code"]) == (True, "P2010", "1205")


async def test_after_a_deadlock_nothing_runs_outside_of_its_transaction(db: Any) -> None:
    await db.user.create_many([{"name": "a"}, {"name": "b"}])

    async def increment(first: str, second: str, others: asyncio.Event, mine: asyncio.Event) -> str:
        try:
            async with db.tx(timeout=20000) as tx:
                await tx.user.update({"score": {"increment": 1}}, {"name": first})
                mine.set()
                await others.wait()
                try:
                    await tx.user.update({"score": {"increment": 1}}, {"name": second})
                finally:
                    # Runs in the transaction, or not at all.
                    await tx.user.create({"name": f"by {first}"})
        except Exception as error:
            return str(getattr(error, "code", error))
        return "committed"

    one, two = asyncio.Event(), asyncio.Event()
    ends = await asyncio.gather(increment("a", "b", two, one), increment("b", "a", one, two))
    assert sorted(ends) == ["P2034", "committed"]
    assert await db.user.count(where={"name": {"startswith": "by "}}) == 1


async def test_methods_that_need_returning_are_absent(db: Any) -> None:
    assert [hasattr(db.user, name) for name in ("create_many", "create_many_and_return", "update_many_and_return")] in (
        [True, False, False],
    )
