"""The HTTP benchmark runs, and all applications answer alike. What it measures is no test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.http.peers import PEERS, REFERENCE
from benchmarks.http.report import MEASURES
from benchmarks.http.requests import WORKLOADS

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.long
def test_short_run() -> None:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.http", "--short"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    header, _, *lines = [[each.strip() for each in line.split("|")[1:-1]] for line in done.stdout.strip().splitlines()]
    assert header[3:] == [title for name, (title, _) in PEERS.items() if name != REFERENCE]
    assert [line[0] for line in lines] == [workload.title for workload in WORKLOADS for _ in MEASURES]
