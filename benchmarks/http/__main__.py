"""`python -m benchmarks.http`: the service beside hand-written applications, through real sockets.

Each application is served by uvicorn in a separate process, on one embedded PostgreSQL. Clients keep their connections,
and the limits count every request. Measured are the latency of one client, and the time and the CPU of the server's
process for each request of 50 clients. Rounds take turns, and the figure to quote is the median of the rounds' ratios
to the hand-written application with the same guarantees. The report goes to the standard output and to
`benchmarks/results/`. `--short` shows in seconds that everything runs; its figures say nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from benchmarks.database import prepared
from benchmarks.http import report
from benchmarks.http.contest import Length, hold, names_of
from benchmarks.http.peers import PEERS

SHORT = Length(rounds=1, single=2, many=50)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.http", description=__doc__)
    parser.add_argument("--short", action="store_true", help="run everything once, in seconds; write no results")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--single", type=int, default=200, help="requests of one client in a round")
    parser.add_argument("--many", type=int, default=1000, help="requests of 50 clients in a round")
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--results", type=Path, default=report.RESULTS, help="folder to write to")
    options = parser.parse_args()
    length = SHORT if options.short else Length(options.rounds, options.single, options.many)
    with prepared(users=100) as database:
        found = asyncio.run(
            hold(database, names_of(options.peers), length, lambda words: print(words, file=sys.stderr, flush=True))
        )
    print(report.as_table(found))
    if not options.short:
        report.write(found, length, options.results)


if __name__ == "__main__":
    main()
