"""The benchmark on MariaDB runs, and all libraries answer alike. What it measures is no test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.long
def test_short_run() -> None:
    # Here, because what is behind it takes time to import, and every process imports every module of tests.
    from benchmarks.mysql import PEERS, WORKLOADS

    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.mysql", "--short"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    header, _, *lines = [[each.strip() for each in line.split("|")[1:-1]] for line in done.stdout.strip().splitlines()]
    assert header[3:] == list(PEERS.values())[1:]
    assert [line[0] for line in lines] == [f"{workload.name} {workload.title}" for workload in WORKLOADS]
