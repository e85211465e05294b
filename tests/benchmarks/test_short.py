"""The benchmarks run: every workload on every peer that needs nothing from outside. What they measure is no test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.__main__ import SHORT_PEERS
from benchmarks.contest import PEERS
from benchmarks.workloads import WORKLOADS

ROOT = Path(__file__).resolve().parent.parent.parent


def test_short_run() -> None:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks", "--short"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    header, _, *lines = done.stdout.splitlines()
    titles = [line.split("|")[1].strip() for line in lines if line.startswith("|")]
    assert [each.strip() for each in header.split("|")[5:-1]] == [PEERS[name] for name in SHORT_PEERS[1:]]
    assert [title for title in titles if title[:1] == "W"] == [
        f"{workload.name} {workload.title}"
        for workload in WORKLOADS
        for _ in range(1 + (workload.target_many is not None))
    ]
