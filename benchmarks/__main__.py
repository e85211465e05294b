"""`python -m benchmarks`: find_unique against raw asyncpg, and the cold start, on an embedded PostgreSQL.

Rounds of the two sides alternate, results are compared before anything is timed, and the figure to quote is the median
of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg

from benchmarks.database import Database, prepared

Call = Callable[[int], Awaitable[object]]

COLD_START = """
import time; start = time.perf_counter()
import asyncio
from prisma import Prisma
async def main():
    db = Prisma(datasource={"url": %r})
    await db.connect()
    await db.user.find_unique({"id": "user-1"})
    print(time.perf_counter() - start)
    await db.disconnect()
asyncio.run(main())
"""


async def timed(call: Call, count: int) -> float:
    """Return microseconds per call, one task."""
    start = time.perf_counter()
    for index in range(count):
        await call(index)
    return (time.perf_counter() - start) / count * 1e6


async def find_unique(database: Database, rounds: int, count: int) -> dict[str, float]:
    """Compare `find_unique` by id with the same statement on asyncpg."""
    from prisma import Prisma

    raw = await asyncpg.connect(host=str(database.folder), user="postgres", database="postgres")
    db = Prisma(datasource={"url": database.url})
    await db.connect()
    ids = [f"user-{index}" for index in range(database.users)]
    sql = (
        'SELECT "id", "email", "emailVerified", "name", "avatar", "role"::text, "createdAt", "updatedAt" '
        'FROM "public"."users" WHERE ("id" = $1 AND 1=1) LIMIT $2 OFFSET $3'
    )

    async def with_asyncpg(index: int) -> object:
        return await raw.fetchrow(sql, ids[index % len(ids)], 1, 0)

    async def with_prisma(index: int) -> object:
        return await db.user.find_unique({"id": ids[index % len(ids)]})

    row, user = await raw.fetchrow(sql, ids[0], 1, 0), await db.user.find_unique({"id": ids[0]})
    assert row is not None
    assert user is not None
    assert (row["id"], row["email"]) == (user.id, user.email)
    await timed(with_asyncpg, count // 4)
    await timed(with_prisma, count // 4)
    times = [(await timed(with_asyncpg, count), await timed(with_prisma, count)) for _ in range(rounds)]
    await db.disconnect()
    await raw.close()
    return {
        "asyncpg_us": statistics.median(raw_time for raw_time, _ in times),
        "prisma_us": statistics.median(prisma_time for _, prisma_time in times),
        "ratio": statistics.median(prisma_time / raw_time for raw_time, prisma_time in times),
    }


def cold_start(database: Database, rounds: int) -> float:
    """Return seconds from before `import prisma` to the first result, in a new process, with a warm module cache."""
    times: list[float] = []
    # Python compiles every module anew where it may not keep the bytecode, which no installed program does.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(rounds + 1):
        command = [sys.executable, "-c", COLD_START % database.url]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        times.append(float(done.stdout))
    return statistics.median(times[1:])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--count", type=int, default=2000, help="calls in each round")
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    with prepared(options.users) as database:
        unique = asyncio.run(find_unique(database, options.rounds, options.count))
        cold = cold_start(database, options.rounds)
    if options.json:
        figures = {"python": platform.python_version(), "find_unique": unique, "cold_start_s": cold}
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(
        f"find_unique by id   asyncpg {unique['asyncpg_us']:7.1f} µs   prisma {unique['prisma_us']:7.1f} µs   "
        f"ratio {unique['ratio']:.2f}"
    )
    print(f"cold start to first result   {cold * 1000:.0f} ms")


if __name__ == "__main__":
    main()
