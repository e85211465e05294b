"""Starts: from the start of a process to the answer of its first query, on one connection, with warm caches."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
from collections.abc import Sequence

from benchmarks.contest import worker_command
from benchmarks.database import ROOT, Database


def cold_starts(names: Sequence[str], database: Database, rounds: int) -> dict[str, float]:
    """Return the median seconds of each peer; the processes take turns, and the first round fills the caches."""
    times: dict[str, list[float]] = {name: [] for name in names}
    # An installed program keeps its bytecode. Where Python may not, it compiles every module again.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(rounds + 1):
        for name in names:
            times[name].append(_once(name, database, environment))
    return {name: statistics.median(each[1:]) for name, each in times.items()}


def _once(name: str, database: Database, environment: dict[str, str]) -> float:
    start = time.perf_counter()
    with subprocess.Popen(
        worker_command(name, database, connections=1),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=environment,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"do": "result", "workload": "W1", "first": 0}) + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline()) == {"ready": True}
        assert "result" in json.loads(process.stdout.readline())
        took = time.perf_counter() - start
        process.stdin.close()
        return took
