"""The benchmark on SQLite runs, and all libraries answer alike. What it measures is no test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.long
def test_short_run() -> None:
    # Here, because the libraries behind it take a second to import, and every process imports every module of tests.
    from benchmarks.sqlite import ASYNC_PEERS, MEASURES, OURS, OURS_ASYNC, WORKLOADS

    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.sqlite", "--short"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    header, _, *lines = [[each.strip() for each in line.split("|")[1:-1]] for line in done.stdout.strip().splitlines()]
    assert header[4:] == [OURS, OURS_ASYNC, *ASYNC_PEERS]
    assert [line[:2] for line in lines] == [
        [workload.title, measure] for workload in WORKLOADS for measure in MEASURES.values()
    ]
