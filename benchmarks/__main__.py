"""`python -m benchmarks`: the workloads of `benchmarks.workloads` over every peer, as ratios to asyncpg by hand.

Each peer works in a process of its own, on one embedded PostgreSQL; their rounds take turns, answers are compared
before anything is timed, and the figure to quote is the median of the rounds' ratios. The report goes to the standard
output and to `benchmarks/results/`. `--short` shows in seconds that everything runs; its figures say nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
from pathlib import Path
from typing import Any

from benchmarks import contest, report, scaling
from benchmarks.database import Database, prepared
from benchmarks.starts import cold_starts
from benchmarks.workloads import CONNECTIONS, TASKS, USERS

# Node.js and its packages come from outside, so a short run goes without.
SHORT_PEERS = tuple(name for name in contest.PEERS if name != "prisma_js")


def tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def measure(
    database: Database, names: tuple[str, ...], rounds: int, seconds: float, *, short: bool
) -> tuple[contest.Outcome, dict[str, Any]]:
    """Return what the peers needed, and how our client scales."""
    outcome = asyncio.run(contest.hold(names, database, rounds, tell, seconds))
    outcome.cold_start = {} if short else cold_starts(names, database, min(rounds, 7))
    rows = asyncio.run(scaling.by_rows(database, rounds))
    models = {} if short else asyncio.run(scaling.by_models(database, rounds))
    return outcome, {"rows_us": rows, "models_us": models}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--short", action="store_true", help="run everything once, in seconds; write no results")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=0.05, help="length of a round of asyncpg (default: 0.05)")
    parser.add_argument("--peers", default=",".join(contest.PEERS), help="modules of benchmarks.peers")
    parser.add_argument("--results", type=Path, default=report.RESULTS, help="folder to write to")
    options = parser.parse_args(arguments)
    names = SHORT_PEERS if options.short else tuple(options.peers.split(","))
    rounds, seconds = (1, 0.0) if options.short else (options.rounds, options.seconds)
    load = os.getloadavg()[0]
    with prepared(USERS) as database:
        outcome, scales = measure(database, names, rounds, seconds, short=options.short)
    machine = {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_before": load,
        "load_after": os.getloadavg()[0],
        "rounds": rounds,
        "tasks": TASKS,
        "connections": CONNECTIONS,
    }
    print(report.as_table(outcome))
    for name, figures in {"rows": scales["rows_us"], **scales["models_us"]}.items():
        print(f"{name}: " + ", ".join(f"{number}: {time:.0f} µs" for number, time in figures.items()))
    if not options.short:
        report.write(outcome, machine, scales, options.results)


if __name__ == "__main__":
    main()
