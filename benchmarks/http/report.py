"""The report of a run: as JSON, and as a table for people."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from benchmarks.http.contest import MEASURES, Figures, Length
from benchmarks.http.peers import PEERS, REFERENCE
from benchmarks.http.requests import WORKLOADS

RESULTS: Final = Path(__file__).parent.parent / "results"
TARGET: Final = 1.3

_TITLES: Final = {
    "latency": "latency, 1 client",
    "throughput": "time of a request, 50 clients",
    "cpu": "CPU of the server, 50 clients",
}

Found = Mapping[str, Mapping[str, Figures]]


def as_table(found: Found) -> str:
    """Return Markdown: microseconds of the reference, and the ratios of the others to it."""
    others = [name for name in PEERS if name != REFERENCE and name in found[WORKLOADS[0].name]]
    lines = [
        f"| | | {PEERS[REFERENCE][0]}, µs | {' | '.join(PEERS[name][0] for name in others)} |",
        f"|---|---|---|{'---|' * len(others)}",
    ]
    for workload in WORKLOADS:
        figures = found[workload.name]
        for measure in MEASURES:
            ratios = " | ".join(f"{figures[name].ratios[measure]:.2f}" for name in others)
            reference = figures[REFERENCE].medians[measure]
            lines.append(f"| {workload.title} | {_TITLES[measure]} | {reference:.0f} | {ratios} |")
    return "\n".join(lines) + "\n"


def write(found: Found, length: Length, folder: Path) -> None:
    """Write `http.json` and `http.md`."""
    machine = {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_after": os.getloadavg()[0],
        **asdict(length),
    }
    figures = {workload: {name: asdict(each) for name, each in peers.items()} for workload, peers in found.items()}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "http.json").write_text(json.dumps({"machine": machine, "figures": figures}, indent=2) + "\n", "utf-8")
    (folder / "http.md").write_text(as_table(found), "utf-8")
