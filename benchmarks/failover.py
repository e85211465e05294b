"""`python -m benchmarks.failover`: promotions under load, and what they cost.

A primary and two streaming standbys run on the loopback address, with synchronous commits: an acknowledged write is on
two servers. Writers insert rows with numbers of their own through one client, whose URL names all three servers. Then
the primary is killed, the standby that has most is promoted, and the old primary comes back as a standby. In the end
the database must hold each number that was acknowledged once: less is lost, more is doubled.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count

from prisma import Prisma
from prisma.errors import PrismaError
from servers.cluster import Cluster
from servers.tls import tls_binaries

WRITERS = 8
PAUSE = 0.01  # seconds between a writer's attempts
BEFORE = 30  # writes of all writers before each promotion, and after it
LIMITS = {"target_session_attrs": "primary", "connect_timeout": "1", "socket_timeout": "5", "connection_limit": "8"}
TABLE = "CREATE TABLE failover (number int NOT NULL)"
WRITE = "INSERT INTO failover (number) VALUES ($1)"


@dataclass(slots=True)
class Promotion:
    """One promotion; times are seconds.

    Both begin when the primary is about to be killed. `promoted` ends when its successor is promoted and the other
    standby follows it, `written` with the first answer to a write that began after the death.
    """

    promoted: float
    written: float


@dataclass(slots=True)
class Ledger:
    """What the writers were told.

    `acknowledged` has the number of each write, with the moments when it began and was answered. `failed` counts the
    other attempts by code. `news` is set with each write.
    """

    acknowledged: list[tuple[int, float, float]] = field(default_factory=list[tuple[int, float, float]])
    failed: Counter[str] = field(default_factory=Counter[str])
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, writes: int, since: float) -> float:
        """Wait for so many writes that began after a moment, and return when the first of them was answered."""
        while len(found := [answered for _, began, answered in self.acknowledged if began > since]) < writes:
            self.news.clear()
            await self.news.wait()
        return min(found)


@dataclass(slots=True)
class Outcome:
    """All promotions, and the numbers that are missing or there more than once."""

    promotions: list[Promotion]
    acknowledged: int
    lost: int
    doubled: int
    failed: Counter[str]

    def table(self) -> str:
        """Return the figures as a table in Markdown."""
        rows = [
            ("time until the standby is promoted", [each.promoted for each in self.promotions]),
            ("time until the first acknowledged write", [each.written for each in self.promotions]),
        ]
        codes = ", ".join(f"{code} {number}" for code, number in sorted(self.failed.items())) or "none"
        found = f"{self.acknowledged} writes were acknowledged: {self.lost} lost, {self.doubled} doubled."
        return "\n".join(
            [
                f"| over {len(self.promotions)} promotions | median | longest |",
                "|---|---|---|",
                *(f"| {name} | {statistics.median(times):.2f} s | {max(times):.2f} s |" for name, times in rows),
                "",
                f"{found} Failed: {codes}.",
            ]
        )


async def measure(promotions: int, cluster: Cluster) -> Outcome:
    """Promote so many times under load, and return what came of it."""
    cluster.primary.run(TABLE)
    ledger, numbers = Ledger(), count()
    async with Prisma(datasource={"url": cluster.url(**LIMITS)}, use_dotenv=False) as db:
        writers = [asyncio.create_task(_write(db, ledger, numbers)) for _ in range(WRITERS)]
        try:
            measured = [await _promotion(cluster, ledger) for _ in range(promotions)]
        finally:
            for writer in writers:
                writer.cancel()
            await asyncio.gather(*writers, return_exceptions=True)
    rows = Counter(int(line) for line in cluster.primary.run("SELECT number FROM failover").splitlines())
    return Outcome(
        measured,
        len(ledger.acknowledged),
        sum(1 for number, _, _ in ledger.acknowledged if number not in rows),
        sum(1 for times in rows.values() if times > 1),
        ledger.failed,
    )


async def _write(db: Prisma, ledger: Ledger, numbers: count[int]) -> None:
    while True:
        # Never the same number again: whether a write that failed has happened is not known.
        number, began = next(numbers), time.monotonic()
        try:
            await db.execute_raw(WRITE, number)
        except PrismaError as error:
            ledger.failed[getattr(error, "code", None) or type(error).__name__] += 1
        else:
            ledger.acknowledged.append((number, began, time.monotonic()))
            ledger.news.set()
        await asyncio.sleep(PAUSE)


async def _promotion(cluster: Cluster, ledger: Ledger) -> Promotion:
    await ledger.wait(BEFORE, time.monotonic())
    killed = time.monotonic()
    await asyncio.to_thread(cluster.primary.stop, "immediate")
    down = time.monotonic()
    old = await asyncio.to_thread(cluster.promote)
    promoted = time.monotonic() - killed
    written = await ledger.wait(BEFORE, down) - killed
    await asyncio.to_thread(cluster.rejoin, old)
    return Promotion(promoted, written)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--promotions", type=int, default=10)
    arguments = parser.parse_args()
    binaries = tls_binaries()
    if binaries is None:
        raise SystemExit("PostgreSQL is not installed (Debian: apt-get install postgresql).")
    cluster = Cluster(binaries)
    try:
        outcome = asyncio.run(measure(arguments.promotions, cluster))
    finally:
        cluster.destroy()
    print(f"{os.cpu_count()} cores, {WRITERS} writers\n\n{outcome.table()}")
    if outcome.lost or outcome.doubled:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
