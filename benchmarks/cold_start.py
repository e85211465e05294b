"""`python -m benchmarks.cold_start`: a new process's way to its first result, against raw asyncpg in the same rounds.

Each round starts one process for each side, one after the other, in turns. Both import their library, connect and find
one user by id. Two times are taken: `wall` from before the process is started until its result is read, `inside` from
the first line of the program to the result. `cpu` is what the process used until its end, which other programs on the
machine disturb less. The cache is warm: one run before the rounds fills it. Peak memory is that of the process.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field

from benchmarks.database import Database, prepared

RAW = """
import time; start = time.perf_counter()
import asyncio, asyncpg
async def main():
    connection = await asyncpg.connect(host={folder!r}, user="postgres", database="postgres")
    row = await connection.fetchrow(
        'SELECT "id", "email", "emailVerified", "name", "avatar", "role"::text, "createdAt", "updatedAt" '
        'FROM "public"."users" WHERE ("id" = $1 AND 1=1) LIMIT $2 OFFSET $3', "user-1", 1, 0)
    print(time.perf_counter() - start, row["email"], flush=True)
    await connection.close()
asyncio.run(main())
"""

OURS = """
import time; start = time.perf_counter()
import asyncio
from prisma import Prisma
async def main():
    db = Prisma(datasource={{"url": {url!r}}}, use_dotenv=False)
    await db.connect()
    user = await db.user.find_unique({{"id": "user-1"}})
    print(time.perf_counter() - start, user.email, flush=True)
    await db.disconnect()
asyncio.run(main())
"""

# What a program may do without: which of it was imported all the same.
LISTED = """
import sys; sys.stderr.write(" ".join(sorted(m for m in sys.modules if m in
    ("wasmtime", "psycopg", "jinja2", "dotenv", "prisma.cli", "prisma._generated.types", "email", "decimal", "ssl"))))
"""


@dataclass
class Side:
    """The measured processes of one side."""

    program: str
    wall: list[float] = field(default_factory=list[float])
    inside: list[float] = field(default_factory=list[float])
    cpu: list[float] = field(default_factory=list[float])
    peak: list[float] = field(default_factory=list[float])

    def run(self, environment: dict[str, str]) -> str:
        """Start one process, note its times (ms) and peak memory (MiB), and return what it found."""
        start = time.perf_counter()
        command = [sys.executable, "-c", self.program]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
            assert process.stdout is not None
            seconds, found = process.stdout.readline().split()
            self.wall.append((time.perf_counter() - start) * 1000)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        self.inside.append(float(seconds) * 1000)
        self.cpu.append((usage.ru_utime + usage.ru_stime) * 1000)
        self.peak.append(_mebibytes(usage))
        return found

    def report(self, name: str) -> str:
        """Return the medians in one line."""
        figures = (self.wall, self.inside, self.cpu, self.peak)
        wall, inside, cpu, peak = (statistics.median(values[1:]) for values in figures)
        return f"{name:<8} wall {wall:6.0f} ms   inside {inside:6.0f} ms   cpu {cpu:6.0f} ms   peak {peak:5.1f} MiB"


def _mebibytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def measure(database: Database, rounds: int) -> tuple[Side, Side]:
    """Return both sides after so many rounds; the first of each is the warm-up and counts for nothing."""
    raw, ours = Side(RAW.format(folder=str(database.folder))), Side(OURS.format(url=database.url))
    # An installed program keeps its bytecode. Where Python may not, it compiles every module again.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(rounds + 1):
        found = raw.run(environment), ours.run(environment)
        if len(set(found)) != 1:
            raise AssertionError(f"the sides found different users: {found}")
    return raw, ours


def imported(database: Database) -> str:
    """Return which libraries a program imports that only reads."""
    program = OURS.format(url=database.url) + LISTED
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return re.sub(r"\s+", " ", done.stderr).strip() or "none"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cold_start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    with prepared(users=10) as database:
        raw, ours = measure(database, options.rounds)
        listed = imported(database)
    print(raw.report("asyncpg"))
    print(ours.report("prisma"))
    print(f"ratio    wall {statistics.median(o / r for o, r in zip(ours.wall[1:], raw.wall[1:], strict=True)):6.2f}")
    print(f"of the libraries that are left out where they are not needed, imported: {listed}")


if __name__ == "__main__":
    main()
