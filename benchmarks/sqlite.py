"""`python -m benchmarks.sqlite`: the client on a file of SQLite, beside `sqlite3` by hand and other libraries.

All libraries answer with the same data, which is checked first. Then they take turns, in one process, in rounds of some
hundredths of a second. A figure is the median of the rounds' ratios to `sqlite3` by hand, of the clock and of the
process's CPU time, threads included. The report goes to the standard output and to `benchmarks/results/sqlite.md` and
`sqlite.json`.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib
import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from benchmarks.peers import sqlite_file as peers
from benchmarks.report import figures_as_json
from prisma.generator import generate
from servers.sqlite import make_file

RESULTS: Final = Path(__file__).parent / "results"
USERS: Final = 1_000
ROUND: Final = 0.02  # seconds of the reference, short enough for what else the machine does to hit all

REFERENCE: Final = "sqlite3 by hand"
OURS: Final = "Prisma Client for Python, threads"
OURS_ASYNC: Final = "Prisma Client for Python, asyncio"
ASYNC_PEERS: Final = {
    "aiosqlite by hand": peers.aiosqlite_by_hand,
    "aiosqlite, execute_fetchall": peers.aiosqlite_at_once,
    "Tortoise": peers.tortoise,
    "SQLAlchemy": peers.sqlalchemy,
}
MEASURES: Final = {"wall": "time", "cpu": "CPU"}


@dataclass(frozen=True)
class Workload:
    """A call: its argument for an index, and the ratio that our client for threads should not exceed."""

    name: str
    title: str
    argument: Callable[[int], str]
    target: float


WORKLOADS: Final = (
    Workload("find", "find a user by id", lambda index: f"user-{index % USERS}", 1.3),
    Workload("page", "find 100 users, filtered and ordered", lambda index: f"user-0{index % 8}", 1.8),
)

_SCHEMA: Final = """
datasource db {
  provider = "sqlite"
  url      = "file:./dev.db"
}

generator client {
  provider = "prisma-client-py"
  output   = "./%s"
}

model User {
  id        String   @id
  email     String   @unique
  name      String?
  role      Role     @default(USER)
  isActive  Boolean  @default(true)
  createdAt DateTime @default(now())
  updatedAt DateTime @updatedAt

  @@map("users")
}

enum Role {
  USER
  ADMIN
}
"""
_TEXT_TABLE: Final = """
CREATE TABLE users_as_text (
    id TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, role TEXT NOT NULL,
    "isActive" BOOLEAN NOT NULL, "createdAt" DATETIME NOT NULL, "updatedAt" DATETIME NOT NULL
)
"""


@dataclass(frozen=True)
class Figures:
    """Microseconds of a call, of the clock and of the processor, and the ratios of both to the reference: medians."""

    wall: float
    cpu: float
    wall_ratio: float
    cpu_ratio: float


def fill(path: Path) -> None:
    """Make the file and its two tables of users."""
    make_file(path, [("schema.prisma", _SCHEMA % "client")])
    start = datetime(2025, 1, 1, 8, 30, 15, 123000, tzinfo=UTC)
    rows: list[list[Any]] = []
    for number in range(USERS):
        created = start + timedelta(minutes=number)
        moments = [created, created + timedelta(hours=3)]
        role = "ADMIN" if number % 10 == 0 else "USER"
        rows.append([f"user-{number}", f"user-{number:04}@example.com", f"User {number}", role, True, *moments])
    db = sqlite3.connect(path)
    db.execute(_TEXT_TABLE)
    marks = ", ".join("?" * len(peers.COLUMNS))
    names = ", ".join(peers.COLUMNS)
    for table, stored in {"users": _milliseconds, "users_as_text": _text}.items():
        stored_rows = [[stored(value) if isinstance(value, datetime) else value for value in row] for row in rows]
        db.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", stored_rows)
    db.commit()
    db.close()


def _milliseconds(value: datetime) -> int:
    return round(value.timestamp() * 1000)


def _text(value: datetime) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S.%f")


def generated(folder: Path, interface: str) -> Any:
    """Return the client of an interface."""
    name = f"sqlite_{interface}"
    schema = folder / f"{name}.prisma"
    schema.write_text(_SCHEMA % name, encoding="utf-8")
    generate(schema, root=folder, environment={"PRISMA_PY_CONFIG_INTERFACE": interface})
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))


class Contest:
    """Libraries on one file, for threads and for asyncio."""

    def __init__(self, threaded: dict[str, peers.Peer], awaited: dict[str, peers.AsyncPeer]) -> None:
        self._threaded = threaded
        self._awaited = awaited
        self._names = [*threaded, *awaited]

    async def check(self) -> None:
        """Compare all answers with those of the reference; AssertionError where one differs."""
        for workload in WORKLOADS:
            argument = workload.argument(5)
            expected = await self._answer(REFERENCE, workload, argument)
            for name in self._names:
                answer = await self._answer(name, workload, argument)
                assert answer == expected, f"{name} answers {workload.name} with {answer}, not {expected}"

    async def _answer(self, name: str, workload: Workload, argument: str) -> Any:
        if name in self._threaded:
            return peers.plain(getattr(self._threaded[name], workload.name)(argument))
        return peers.plain(await getattr(self._awaited[name], workload.name)(argument))

    async def run(self, workload: Workload, rounds: int, seconds: float) -> dict[str, Figures]:
        """Let the libraries take turns; a round takes the reference about `seconds`."""
        calls = 10
        for name in self._names:
            await self._round(name, workload, calls)
        if seconds:
            wall, _ = await self._round(REFERENCE, workload, calls)
            calls = max(calls, round(seconds / wall * 1e6))
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in self._names}
        for number in range(rounds):
            # Nobody always comes first.
            turn = number % len(self._names)
            for name in (*self._names[turn:], *self._names[:turn]):
                times[name].append(await self._round(name, workload, calls))
        return {name: _figures(each, times[REFERENCE]) for name, each in times.items()}

    async def _round(self, name: str, workload: Workload, calls: int) -> tuple[float, float]:
        """Return the microseconds of a call, of the clock and of the processor."""
        arguments = [workload.argument(index) for index in range(calls)]
        gc.collect()
        if name in self._threaded:
            cpu, wall = _called(getattr(self._threaded[name], workload.name), arguments)
        else:
            cpu, wall = await _awaited(getattr(self._awaited[name], workload.name), arguments)
        return (time.perf_counter() - wall) / calls * 1e6, (time.process_time() - cpu) / calls * 1e6


def _called(call: Callable[[str], Any], arguments: list[str]) -> tuple[float, float]:
    """Call; return when that began."""
    began = time.process_time(), time.perf_counter()
    for argument in arguments:
        call(argument)
    return began


async def _awaited(call: Callable[[str], Awaitable[Any]], arguments: list[str]) -> tuple[float, float]:
    """Call and wait; return when that began."""
    began = time.process_time(), time.perf_counter()
    for argument in arguments:
        await call(argument)
    return began


def _figures(own: list[tuple[float, float]], reference: list[tuple[float, float]]) -> Figures:
    pairs = list(zip(own, reference, strict=True))
    median = statistics.median
    return Figures(
        wall=median(wall for wall, _ in own),
        cpu=median(cpu for _, cpu in own),
        wall_ratio=median(mine[0] / other[0] for mine, other in pairs),
        cpu_ratio=median(mine[1] / other[1] for mine, other in pairs),
    )


async def measure(folder: Path, rounds: int, seconds: float) -> dict[str, dict[str, Figures]]:
    """Return the figures by workload and library."""
    path = folder / "dev.db"
    fill(path)
    clients = {interface: generated(folder, interface) for interface in ("sync", "asyncio")}
    async with AsyncExitStack() as stack:
        threaded = {
            REFERENCE: stack.enter_context(peers.sqlite3_by_hand(path)),
            OURS: stack.enter_context(peers.prisma_for_threads(clients["sync"], path)),
        }
        awaited = {OURS_ASYNC: await stack.enter_async_context(peers.prisma_for_asyncio(clients["asyncio"], path))}
        for name, peer in ASYNC_PEERS.items():
            awaited[name] = await stack.enter_async_context(peer(path))
        contest = Contest(threaded, awaited)
        await contest.check()
        return {workload.name: await contest.run(workload, rounds, seconds) for workload in WORKLOADS}


def as_table(found: dict[str, dict[str, Figures]]) -> str:
    """Return Markdown: microseconds of the reference, and the ratios of the others."""
    others = [OURS, OURS_ASYNC, *ASYNC_PEERS]
    lines = [
        f"| | | {REFERENCE}, µs | target, threads | {' | '.join(others)} |",
        f"|---|---|---|---|{'---|' * len(others)}",
    ]
    for workload in WORKLOADS:
        figures = found[workload.name]
        for measure, title in MEASURES.items():
            ratios = " | ".join(f"{getattr(figures[name], f'{measure}_ratio'):.2f}" for name in others)
            reference = getattr(figures[REFERENCE], measure)
            lines.append(f"| {workload.title} | {title} | {reference:.1f} | ≤ {workload.target} | {ratios} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sqlite", description=__doc__)
    parser.add_argument("--short", action="store_true", help="run everything once, in seconds; write no results")
    parser.add_argument("--rounds", type=int, default=41)
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder to write to")
    options = parser.parse_args()
    rounds, seconds = (1, 0.0) if options.short else (options.rounds, ROUND)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure(Path(folder), rounds, seconds))
    machine = {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "processors": os.cpu_count(),
        "load_before": load,
        "load_after": os.getloadavg()[0],
        "rounds": rounds,
    }
    table = as_table(found)
    print(table)
    if not options.short:
        (options.results / "sqlite.md").write_text(table, encoding="utf-8")
        (options.results / "sqlite.json").write_text(figures_as_json(found, machine), encoding="utf-8")


if __name__ == "__main__":
    main()
