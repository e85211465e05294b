"""`python -m benchmarks.storm`: what must not happen, over each driver, while everything goes wrong around it.

Callers do mixed operations on a real PostgreSQL through a proxy. Tasks are cancelled, sessions killed, statements
cancelled by the server, the network cut, slow or a hole, the server stopped in order and without a word. In the end the
database must hold each acknowledged write once and wholly, each failed one not at all, or wholly where only the answer
was lost; and every connection must have come back. The exit code is 1 if anything is off.
"""

from __future__ import annotations

import argparse

from benchmarks.storm.run import DRIVERS, Report, storm

COLUMNS = (
    "driver", "attempts", "acknowledged", "failed", "cancelled", "faults",
    "lost", "doubled", "partial", "unasked", "wrong", "bare", "late", "stuck", "lent",
)  # fmt: skip


def row(report: Report) -> list[str]:
    """Return the figures in the order of COLUMNS."""
    ledger = report.ledger
    counts = [len(ledger.attempts), ledger.acknowledged(), ledger.failures.total(), ledger.cancelled]
    return [report.driver, *map(str, [*counts, report.faults.total(), *report.off.values()])]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storm", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for each driver")
    parser.add_argument("--driver", choices=DRIVERS, action="append", help="by default all, one after the other")
    parser.add_argument("--callers", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    reports = [
        storm(driver, options.seconds, callers=options.callers, seed=options.seed)
        for driver in options.driver or DRIVERS
    ]
    table = [list(COLUMNS), *map(row, reports)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for line in table:
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))
    for report in reports:
        print(f"\n{report.driver}: faults {dict(report.faults)}; errors {dict(report.ledger.failures)}")
        for problem in (*report.ledger.wrong, *report.ledger.bare)[:5]:
            print(problem)
    return 1 if any(any(report.off.values()) for report in reports) else 0


if __name__ == "__main__":
    raise SystemExit(main())
