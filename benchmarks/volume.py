"""`python -m benchmarks.volume`: many rows in constant memory.

Writes 100,000 users by one `create_many` that takes them from a generator, and reads 1,000,000 by `stream`. Printed are
rows per second and how far the resident set rose above what it was before, at its highest; raw asyncpg does the same
beside it: executemany, and its cursor.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Awaitable, Iterator
from typing import Any

import asyncpg
import psutil

from benchmarks.database import Database, prepared

BATCH = 1000
LOOK_EVERY = 5000  # rows


class Resident:
    """The resident set's highest rise, in MiB."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self.start = self.highest = self._now()

    def look(self, number: int) -> None:
        """Look at it again, at every so many rows."""
        if number % LOOK_EVERY == 0:
            self.highest = max(self.highest, self._now())

    @property
    def rise(self) -> float:
        return max(self.highest, self._now()) - self.start

    def _now(self) -> float:
        return self._process.memory_info().rss / 2**20


async def reported(name: str, rows: int, work: Awaitable[int], resident: Resident) -> None:
    """Do some work on rows and print how fast it was and what it took."""
    start = time.perf_counter()
    done = await work
    seconds = time.perf_counter() - start
    if done != rows:
        raise AssertionError(f"{name}: {done} rows instead of {rows}")
    print(f"{name:<22} {rows:>9} rows {rows / seconds:>9.0f} rows/s   memory {resident.rise:+6.1f} MiB")


def users(name: str, count: int, resident: Resident) -> Iterator[Any]:
    for number in range(count):
        resident.look(number)
        yield {"email": f"{name}-{number}@example.com", "name": f"{name} {number}"}


async def create(db: Any, name: str, count: int, resident: Resident) -> int:
    return await db.user.create_many(users(name, count, resident))


async def create_raw(raw: asyncpg.Connection, name: str, count: int, resident: Resident) -> int:
    rows = (
        (f"{name}-{number}", user["email"], user["name"]) for number, user in enumerate(users(name, count, resident))
    )
    await raw.executemany('INSERT INTO "users" ("id", "email", "name", "updatedAt") VALUES ($1, $2, $3, now())', rows)
    return count


async def stream(db: Any, resident: Resident) -> int:
    number = 0
    async for _ in db.user.stream(order={"id": "asc"}, batch_size=BATCH):
        number += 1
        resident.look(number)
    return number


async def stream_raw(raw: asyncpg.Connection, resident: Resident) -> int:
    number = 0
    columns = '"id", "email", "emailVerified", "name", "avatar", "role"::text, "createdAt", "updatedAt"'
    async with raw.transaction():
        async for _ in raw.cursor(f'SELECT {columns} FROM "users" ORDER BY "id"', prefetch=BATCH):
            number += 1
            resident.look(number)
    return number


async def measure(database: Database, created: int) -> None:
    from prisma import Prisma

    raw = await asyncpg.connect(host=str(database.folder), user="postgres", database="postgres")
    async with Prisma(datasource={"url": database.url}, use_dotenv=False) as db:
        # What is imported and compiled at the first use is no part of the rows.
        await db.user.create_many(users("warm", 2 * BATCH, Resident()))
        await db.user.find_many(take=BATCH)
        await db.user.delete_many(where={"email": {"startswith": "warm"}})
        for name, work in (("create_many", create), ("asyncpg executemany", create_raw)):
            resident = Resident()
            owner = db if work is create else raw
            await reported(name, created, work(owner, name, created, resident), resident)  # pyright: ignore[reportArgumentType]
        rows = database.users + 2 * created
        for name, run in (("stream", stream), ("asyncpg cursor", stream_raw)):
            resident = Resident()
            await reported(name, rows, run(db if run is stream else raw, resident), resident)  # pyright: ignore[reportArgumentType]
    await raw.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.volume", description=__doc__)
    parser.add_argument("--created", type=int, default=100_000, help="rows to create")
    parser.add_argument("--streamed", type=int, default=1_000_000, help="rows to stream, with those created")
    options = parser.parse_args()
    with prepared(users=max(options.streamed - 2 * options.created, 0)) as database:
        asyncio.run(measure(database, options.created))


if __name__ == "__main__":
    main()
