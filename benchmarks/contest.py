"""The contest: peers in processes of their own, whose rounds take turns.

Other work on the machine disturbs a round of everybody alike when rounds are short and take turns; the figure to quote
is the median of the rounds' ratios.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import asyncpg

from benchmarks.database import RESTORE, ROOT, Database
from benchmarks.workloads import CONNECTIONS, TASKS, WORKLOADS, Workload, plain, sortable

REFERENCE: Final = "asyncpg_raw"
PEERS: Final[dict[str, str]] = {
    REFERENCE: "asyncpg",
    "prisma_python": "Prisma Client for Python",
    "psycopg_raw": "psycopg",
    "prisma_psycopg": "Prisma with psycopg",
    "sqlalchemy_orm": "SQLAlchemy",
    "tortoise_orm": "Tortoise",
    "piccolo_orm": "Piccolo",
    "prisma_js": "Prisma Client JS",
}
"""The peers' modules, and their names for people."""

_ROUND: Final = 0.05  # seconds of one round of the reference: short enough for what else the machine does to hit all
_FIRST_CALL: Final = 10_000_000  # numbers of calls differ between rounds, so that new rows never meet


@dataclass(frozen=True)
class Figures:
    """What one peer needs for a call, in microseconds: medians of the rounds, and of their ratios to the reference."""

    wall: float
    cpu: float
    ratio: float
    lowest: float
    highest: float


@dataclass
class Outcome:
    """All that was measured.

    `figures` are by workload, number of tasks and peer; `memory` is MiB and `cold_start` seconds by peer.
    """

    figures: dict[str, dict[int, dict[str, Figures]]] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    cold_start: dict[str, float] = field(default_factory=dict)


class Place(Protocol):
    """Where a database is: the folder of its server's socket, or a URL."""

    @property
    def folder(self) -> Path | str: ...


class Worker:
    """A peer's process."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        self.name = name
        self._process = process

    @classmethod
    async def start(cls, name: str, database: Place) -> Worker:
        """Start a peer and wait until it is connected."""
        process = await asyncio.create_subprocess_exec(
            *worker_command(name, database), stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, limit=2**24
        )
        worker = cls(name, process)
        await worker.read()
        return worker

    async def ask(self, **request: Any) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        return await self.read()

    async def read(self) -> Any:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} stopped; its words are above.")
        return json.loads(line)

    async def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()


def worker_command(name: str, database: Place, connections: int = CONNECTIONS) -> list[str]:
    """Return the command that starts a peer."""
    if name == "prisma_js":
        from benchmarks.peers import prisma_js

        return prisma_js.command(str(database.folder), connections)
    return [sys.executable, "-m", "benchmarks.worker", name, str(database.folder), str(connections)]


@asynccontextmanager
async def started(names: Sequence[str], database: Place) -> AsyncIterator[list[Worker]]:
    workers: list[Worker] = []
    try:
        for name in names:
            workers.append(await Worker.start(name, database))
        yield workers
    finally:
        for worker in workers:
            await worker.stop()


class Contest:
    """Peers at work on one database."""

    def __init__(self, workers: Sequence[Worker], admin: Any, tell: Callable[[str], None]) -> None:
        self._workers = workers
        self._admin = admin
        self._tell = tell
        self._next = _FIRST_CALL

    async def check(self, workloads: Sequence[Workload] = WORKLOADS) -> None:
        """Compare the answers of all peers with those of the first; AssertionError where one differs."""
        for workload in workloads:
            expected: Any = None
            for worker in self._workers:
                answer = (await worker.ask(do="result", workload=workload.name, first=100))["result"]
                answer = _comparable(answer, workload)
                await self._restore()
                expected = answer if worker is self._workers[0] else expected
                assert answer == expected, f"{worker.name} answers {workload.name} with {answer}, not {expected}"

    async def run(self, workload: Workload, tasks: int, rounds: int, seconds: float) -> dict[str, Figures]:
        """Let the peers take turns; a round takes the reference about `seconds`."""
        calls = await self._calibrate(workload, tasks, seconds)
        times: dict[str, list[tuple[float, float]]] = {worker.name: [] for worker in self._workers}
        for number in range(rounds):
            # Nobody always comes first.
            turn = number % len(self._workers)
            for worker in (*self._workers[turn:], *self._workers[:turn]):
                took = await self._round(worker, workload, tasks, calls)
                times[worker.name].append((took["wall"] / calls * 1e6, took["cpu"] / calls * 1e6))
            await self._restore(vacuum=workload.writes)
        reference = [wall for wall, _ in times[self._workers[0].name]]
        return {name: _figures(each, reference) for name, each in times.items()}

    async def _calibrate(self, workload: Workload, tasks: int, seconds: float) -> int:
        """Return the number of calls of a round; everybody has warmed up by then, unless there is no time."""
        calls = tasks
        if not seconds:
            return calls
        for worker in self._workers:
            await self._round(worker, workload, tasks, max(tasks, 2))
        while True:
            took = await self._round(self._workers[0], workload, tasks, calls)
            if took["wall"] >= seconds / 2 or calls >= 4096:
                break
            calls *= 2
        calls = max(tasks, round(calls * seconds / took["wall"]))
        for worker in self._workers:
            await self._round(worker, workload, tasks, calls)
        await self._restore(vacuum=workload.writes)
        return calls

    async def _round(self, worker: Worker, workload: Workload, tasks: int, calls: int) -> Any:
        first, self._next = self._next, self._next + calls
        return await worker.ask(do="run", workload=workload.name, tasks=tasks, calls=calls, first=first)

    async def _restore(self, *, vacuum: bool = False) -> None:
        await self._admin.execute(RESTORE)
        if vacuum:
            for table in ("users", "api_keys"):
                await self._admin.execute(f'VACUUM "{table}"')

    async def all(self, rounds: int, seconds: float) -> Outcome:
        outcome = Outcome()
        for workload in WORKLOADS:
            by_tasks = outcome.figures[workload.name] = {}
            for tasks in (1, TASKS) if workload.target_many is not None else (1,):
                start = time.perf_counter()
                by_tasks[tasks] = await self.run(workload, tasks, rounds, seconds)
                self._tell(f"{workload.name}, {tasks} task(s): {time.perf_counter() - start:.0f} s")
        for worker in self._workers:
            outcome.memory[worker.name] = (await worker.ask(do="memory"))["peak"]
        return outcome


async def hold(
    names: Sequence[str], database: Database, rounds: int, tell: Callable[[str], None], seconds: float = _ROUND
) -> Outcome:
    """Start the peers, compare their answers, and measure them."""
    admin = await asyncpg.connect(host=str(database.folder), user="postgres", database="postgres")
    try:
        async with started(names, database) as workers:
            contest = Contest(workers, admin, tell)
            await contest.check()
            return await contest.all(rounds, seconds)
    finally:
        await admin.close()


def _figures(times: Sequence[tuple[float, float]], reference: Sequence[float]) -> Figures:
    ratios = [wall / limit for (wall, _), limit in zip(times, reference, strict=True)]
    low, _, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else (ratios[0],) * 3
    return Figures(
        wall=statistics.median(wall for wall, _ in times),
        cpu=statistics.median(cpu for _, cpu in times),
        ratio=statistics.median(ratios),
        lowest=low,
        highest=high,
    )


def _comparable(answer: Any, workload: Workload) -> Any:
    return sortable(plain(answer, written=workload.writes))
