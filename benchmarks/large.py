"""`python -m benchmarks.large`: reads of many rows, and how long they keep the event loop from other work.

Each read is done through the client and by hand with asyncpg, which makes a dictionary of each row and puts related
ones into a list. The two take turns. The figures are the medians of the rounds: the ratio, and the longest time for
which another task could not run. Beyond 100,000 rows, read in portions: `stream`.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import asyncpg

from benchmarks.database import Database, prepared

USERS: Final = 100_000
_CHILDREN: Final = """
INSERT INTO "projects" ("id", "name", "userId", "createdAt", "updatedAt")
SELECT 'many-' || i, 'Project ' || i, 'user-0', timestamp '2025-04-01', timestamp '2025-04-02'
FROM generate_series(1, 100000) i
"""
_USERS: Final = (
    'SELECT "id", "email", "emailVerified", "name", "avatar", "role"::text, "createdAt", "updatedAt" FROM "users"'
)
_PROJECTS: Final = (
    'SELECT "id", "name", "description", "userId", "settings"::text, "isActive", "createdAt", "updatedAt"'
    ' FROM "projects"'
)


class Watch:
    """A task that notes how long it was kept from running."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self.longest = max(self.longest, now - last - 0.001)
            last = now

    async def stop(self) -> float:
        """Return the seconds of the longest wait."""
        await asyncio.sleep(0.003)
        self._task.cancel()
        return self.longest


def reads(db: Any, connection: asyncpg.Connection[Any]) -> dict[str, tuple[Callable[[], Awaitable[Any]], ...]]:
    """Return each read, through the client and by hand."""

    def users(count: int) -> tuple[Callable[[], Awaitable[Any]], ...]:
        async def by_hand() -> Any:
            rows = await connection.fetch(f'{_USERS} WHERE "id" LIKE $1 ORDER BY "id" LIMIT {count}', "user%")
            return [dict(row) for row in rows]

        where = {"id": {"startswith": "user"}}
        return lambda: db.user.find_many(where=where, take=count, order={"id": "asc"}), by_hand

    async def children_by_hand() -> Any:
        row = await connection.fetchrow(f'{_USERS} WHERE "id" = $1', "user-0")
        children = await connection.fetch(f'{_PROJECTS} WHERE "userId" = $1 ORDER BY "id"', "user-0")
        return {**dict(row or {}), "projects": [dict(child) for child in children]}

    def children(strategy: str) -> Callable[[], Awaitable[Any]]:
        include = {"projects": {"order_by": {"id": "asc"}}}
        return lambda: db.user.find_unique(where={"id": "user-0"}, include=include, relation_load_strategy=strategy)

    async def groups_by_hand() -> Any:
        rows = await connection.fetch(f'{_USERS} WHERE "id" > $1 ORDER BY "id" LIMIT 10000', "user-1")
        found = {row["id"]: {**dict(row), "projects": []} for row in rows}
        for child in await connection.fetch(f'{_PROJECTS} WHERE "userId" = ANY($1) ORDER BY "id"', list(found)):
            found[child["userId"]]["projects"].append(dict(child))
        return list(found.values())

    def groups() -> Awaitable[Any]:
        include = {"projects": {"order_by": {"id": "asc"}}}
        return db.user.find_many(where={"id": {"gt": "user-1"}}, take=10_000, order={"id": "asc"}, include=include)

    return {
        "10,000 rows": users(10_000),
        "100,000 rows": users(100_000),
        "1 x 100,000, joined": (children("join"), children_by_hand),
        "1 x 100,000, by queries": (children("query"), children_by_hand),
        "10,000 x 5": (groups, groups_by_hand),
    }


async def measure(database: Database, rounds: int, wanted: str) -> None:
    """Print the figures of each read whose name has the `wanted` words, and of new shapes."""
    from prisma import Prisma

    connection = await asyncpg.connect(host=str(database.folder), user="postgres", database="postgres")
    await connection.execute(_CHILDREN)
    await connection.execute("VACUUM ANALYZE")
    async with Prisma(datasource={"url": database.url}, use_dotenv=False) as db:
        print(f"{'':26}{'by hand, ms':>12}{'ratio':>8}{'blocked, ms':>13}{'by hand':>9}")
        for name, calls in reads(db, connection).items():
            if wanted in name:
                await _compare(name, calls, rounds)
        await _new_shapes(db)
    await connection.close()


async def _compare(name: str, calls: tuple[Callable[[], Awaitable[Any]], ...], rounds: int) -> None:
    times: list[list[float]] = [[], []]
    waits: list[list[float]] = [[], []]
    for turn in range(rounds + 1):
        for place, call in enumerate(calls):
            gc.collect()
            watch = Watch()
            await asyncio.sleep(0)
            start = time.perf_counter()
            answer = await call()
            seconds = time.perf_counter() - start
            longest = await watch.stop()
            del answer
            # The first turn is for warming up.
            if turn:
                times[place].append(seconds)
                waits[place].append(longest)
    ratio = statistics.median(ours / theirs for ours, theirs in zip(*times, strict=True))
    by_hand, blocked, other = (statistics.median(each) * 1e3 for each in (times[1], *waits))
    print(f"{name:26}{by_hand:12.1f}{ratio:8.2f}{blocked:13.1f}{other:9.1f}", flush=True)


async def _new_shapes(db: Any) -> None:
    """Print the longest waits while shapes are compiled, which the cache on disk does not have."""
    included = {"projects": True, "apiKeys": {"take": 3}, "subscriptions": {"include": {"user": True}}}
    names = ("name", "email", "avatar", "id")
    longest: list[float] = []
    for first in names:
        for second in names:
            for take in (None, 5):
                where = {"OR": [{first: {"contains": "zz"}}, {second: {"endswith": "zz"}}], "NOT": {"id": "no"}}
                watch = Watch()
                await asyncio.sleep(0)
                await db.user.find_many(where=where, take=take, order={first: "asc"}, include=included)
                longest.append(await watch.stop())
    # The first one loads the compiler, once in each process.
    first_one, *others = (each * 1e3 for each in longest)
    print(f"{'the first new shape':26}{'':20}{first_one:13.1f}")
    print(f"{'a new shape, median':26}{'':20}{statistics.median(others):13.1f}")
    print(f"{'a new shape, longest':26}{'':20}{max(others):13.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="words in the names of reads")
    parser.add_argument("--users", type=int, default=USERS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache, prepared(users=options.users) as database:
        # New shapes must be new each time.
        os.environ["PRISMA_CACHE_DIR"] = cache
        asyncio.run(measure(database, options.rounds, options.only))


if __name__ == "__main__":
    main()
