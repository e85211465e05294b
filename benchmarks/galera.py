"""`python -m benchmarks.galera`: a Galera cluster of three nodes under load, one of which dies.

First a client writes at one node and reads at another one at once, with `wsrep_sync_wait` and without. Then writers
increment one counter, two writers at each node, in transactions that are repeated after conflicts and lost
connections; meanwhile a node is killed. Each transaction also inserts a row with its own name: where the answer to a
commit was lost, the name tells whether it has happened. In the end the counter must have counted each increment once.

The report goes to the standard output and to `benchmarks/results/galera.md`.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.database.retry import Backoff, with_transaction
from app.telemetry.metrics import RETRIES
from prisma.errors import UniqueViolationError
from prisma.generator import generate
from servers.galera import Galera, galera_library
from servers.mysql import mariadb_program
from servers.mysql_tables import tables

RESULT = Path(__file__).parent / "results" / "galera.md"
WRITERS = 6
INCREMENTS = 50  # of each writer
READS = 200
DATABASE = "counted"
# Longer than the nodes take to agree that one of them is gone.
PATIENT = timedelta(seconds=120)
BACKOFF = Backoff(retries=200, first=0.05, longest=0.5)
LIMITS = {"connect_timeout": "10", "connection_limit": "4", "pool_timeout": "60"}

SCHEMA = """
datasource db {
  provider = "mysql"
  url      = "mysql://user:password@localhost:3306/counted"
}

generator client {
  provider  = "prisma-client-py"
  interface = "asyncio"
  output    = "./counted"
}

model Total {
  name  String @id
  value Int    @default(0)
}

model Step {
  name String @id
}
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found.

    Attributes:
        stale: of how many reads at another node how many did not find what was just written, by `wsrep_sync_wait`.
        read: the median of such a read, in milliseconds, by `wsrep_sync_wait`.
        expected: the increments that were acknowledged.
        counted: what the counter says.
        pause: seconds from the death of the node to the next success.
        repeated: how often each code made a writer repeat its transaction.
    """

    stale: dict[int, int]
    read: dict[int, float]
    expected: int
    counted: int
    pause: float
    repeated: Counter[str]

    def table(self) -> str:
        """Return the figures as tables in Markdown."""
        codes = ", ".join(f"{code} {number}" for code, number in sorted(self.repeated.items())) or "none"
        return "\n".join(
            [
                f"| {READS} writes, each read at another node at once | stale | median of a read |",
                "|---|---|---|",
                *(f"| `wsrep_sync_wait={n}` | {self.stale[n]} | {self.read[n]:.2f} ms |" for n in sorted(self.stale)),
                "",
                f"{self.expected} increments were acknowledged, {self.counted} counted.",
                f"The death of a node stopped all writers for {self.pause:.1f} s. Transactions repeated: {codes}.",
            ]
        )


async def measure(cluster: Galera, folder: Path) -> Outcome:
    """Return what came of it; the client is generated into `folder`."""
    package = _generated(folder)
    cluster.nodes[0].create_database(DATABASE)
    cluster.nodes[0].run(tables([("schema.prisma", SCHEMA)]), DATABASE)
    cluster.nodes[0].run("INSERT INTO Total (name) VALUES ('read'), ('counted')", DATABASE)
    stale, read = {}, {}
    for sync_wait in (0, 1):
        stale[sync_wait], read[sync_wait] = await _stale(cluster, package, sync_wait)
    successes: list[float] = []
    repeated = _repeated()
    pause = await _count(cluster, package, successes)
    counted = cluster.running[0].run(
        "SET wsrep_sync_wait = 1; SELECT value FROM Total WHERE name = 'counted'", DATABASE
    )
    return Outcome(stale, read, len(successes), counted[0][0], pause, _repeated() - repeated)


def _generated(folder: Path) -> Any:
    (folder / "schema.prisma").write_text(SCHEMA, encoding="utf-8")
    generate(folder / "schema.prisma", root=folder)
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("counted")
    finally:
        sys.path.remove(str(folder))


@asynccontextmanager
async def _clients(cluster: Galera, package: Any, **parameters: str) -> AsyncIterator[list[Any]]:
    """Yield a client for each node, whose URL names that node first, and the others after it."""
    login, _, rest = cluster.url(DATABASE, **LIMITS, **parameters).rpartition("@")
    places, slash, end = rest.partition("/")
    hosts = places.split(",")
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(
                package.Prisma(
                    datasource={"url": f"{login}@{','.join(hosts[first:] + hosts[:first])}{slash}{end}"},
                    use_dotenv=False,
                )
            )
            for first in range(len(hosts))
        ]


async def _stale(cluster: Galera, package: Any, sync_wait: int) -> tuple[int, float]:
    stale, took = 0, []
    async with _clients(cluster, package, wsrep_sync_wait=str(sync_wait)) as (writer, *readers):
        for number in range(1, READS + 1):
            reader = readers[number % len(readers)]
            await writer.total.update(data={"value": number}, where={"name": "read"})
            began = time.perf_counter()
            found = await reader.total.find_unique_or_raise(where={"name": "read"})
            took.append(time.perf_counter() - began)
            stale += found.value != number
    return stale, statistics.median(took) * 1000


async def _count(cluster: Galera, package: Any, successes: list[float]) -> float:
    """Count with all writers, kill the last node on the way, and return the seconds until the next success."""
    async with _clients(cluster, package) as clients:
        enough = asyncio.Event()
        writers = [
            asyncio.create_task(_write(clients[number % len(clients)], f"writer{number}", successes, enough))
            for number in range(WRITERS)
        ]
        await enough.wait()
        await asyncio.to_thread(cluster.nodes[-1].kill)
        killed = time.perf_counter()
        await asyncio.gather(*writers)
    return min(moment for moment in successes if moment > killed) - killed


async def _write(db: Any, name: str, successes: list[float], enough: asyncio.Event) -> None:
    for number in range(INCREMENTS):
        await _increment(db, f"{name} {number}")
        successes.append(time.perf_counter())
        if len(successes) >= WRITERS * INCREMENTS // 4:
            enough.set()


async def _increment(db: Any, name: str) -> None:
    async def work(tx: Any) -> None:
        await tx.total.update(data={"value": {"increment": 1}}, where={"name": "counted"})
        await tx.step.create(data={"name": name})

    try:
        await with_transaction(db, work, max_wait=PATIENT, timeout=PATIENT, backoff=BACKOFF)
    except UniqueViolationError:
        # The answer to an earlier commit was lost, and it has happened.
        return


def _repeated() -> Counter[str]:
    """Return how often `with_transaction` has repeated one so far in this process, by code."""
    samples = (sample for metric in RETRIES.collect() for sample in metric.samples if sample.name.endswith("_total"))
    return Counter({sample.labels["code"]: int(sample.value) for sample in samples})


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    program, library = mariadb_program(), galera_library()
    if program is None or library is None:
        raise SystemExit("MariaDB or Galera is not installed (Debian: apt-get install mariadb-server-core galera-4).")
    cluster = Galera(program, library)
    try:
        with tempfile.TemporaryDirectory() as folder:
            outcome = asyncio.run(measure(cluster, Path(folder)))
    finally:
        cluster.destroy()
    report = f"# A Galera cluster of three nodes\n\n{os.cpu_count()} cores, {WRITERS} writers.\n\n{outcome.table()}\n"
    RESULT.write_text(report, encoding="utf-8")
    print(report)
    if outcome.stale[1] or outcome.counted != outcome.expected:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
