"""The report of a run: as JSON, as a table for people, and as a plot."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.contest import PEERS, REFERENCE, Figures, Outcome
from benchmarks.workloads import TASKS, WORKLOADS

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

OURS = "prisma_python"
RESULTS = Path(__file__).parent / "results"


def as_json(outcome: Outcome, machine: dict[str, Any], extra: dict[str, Any]) -> str:
    figures = {
        workload: {
            str(tasks): {peer: _rounded(asdict(each)) for peer, each in peers.items()}
            for tasks, peers in by_tasks.items()
        }
        for workload, by_tasks in outcome.figures.items()
    }
    report = {
        "machine": machine,
        "figures": figures,
        "memory_mib": _rounded(outcome.memory),
        "cold_start_s": _rounded(outcome.cold_start),
        **{name: _rounded(value) for name, value in extra.items()},
    }
    return json.dumps(report, indent=2) + "\n"


def figures_as_json(found: Mapping[str, Mapping[str, DataclassInstance]], machine: Mapping[str, Any]) -> str:
    """Return figures by workload and peer, with three digits, and the facts of the machine."""
    figures = {
        workload: {
            name: {measure: round(value, 3) for measure, value in asdict(each).items()}
            for name, each in by_name.items()
        }
        for workload, by_name in found.items()
    }
    return json.dumps({"machine": machine, "figures": figures}, indent=2) + "\n"


def as_table(outcome: Outcome) -> str:
    """Return Markdown: ratios to the reference, which has microseconds; the target and other peers beside ours."""
    peers = [peer for peer in PEERS if peer in outcome.memory]
    lines = [
        f"| | tasks | {PEERS[REFERENCE]}, µs | target | {' | '.join(PEERS[peer] for peer in peers[1:])} |",
        f"|---|---|---|---|{'---|' * (len(peers) - 1)}",
    ]
    for title, tasks, target, figures in _rows(outcome):
        ratios = " | ".join(f"{figures[peer].ratio:.2f}" if peer in figures else "" for peer in peers[1:])
        wanted = "" if target is None else f"≤ {target}"
        lines.append(f"| {title} | {tasks} | {figures[REFERENCE].wall:.0f} | {wanted} | {ratios} |")
    memory = " | ".join(f"{outcome.memory[peer]:.0f}" for peer in peers[1:])
    lines.append(f"| memory at most, MiB | | {outcome.memory[REFERENCE]:.0f} | ≤ 70 | {memory} |")
    if outcome.cold_start:
        cold = " | ".join(f"{outcome.cold_start[peer] * 1000:.0f}" for peer in peers[1:])
        lines.append(f"| cold start, ms | | {outcome.cold_start[REFERENCE] * 1000:.0f} | ≤ 250 | {cold} |")
    return "\n".join(lines) + "\n"


def plot(outcome: Outcome, file: Path) -> None:
    """Draw the ratios as bars, one group for each workload, and write an SVG."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "benchmarks"
    from matplotlib import pyplot

    rows = list(_rows(outcome))
    peers = [peer for peer in PEERS if peer in outcome.memory and peer != REFERENCE]
    figure, axes = pyplot.subplots(figsize=(12, 5), layout="constrained")
    width = 0.8 / len(peers)
    for index, peer in enumerate(peers):
        places = [place + index * width for place in range(len(rows))]
        axes.bar(places, [figures[peer].ratio for _, _, _, figures in rows], width, label=PEERS[peer])
    axes.axhline(1, color="black", linewidth=0.8)
    axes.set_yscale("log", base=2)
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xticks(
        [place + 0.4 - width / 2 for place in range(len(rows))],
        [f"{title.split(' ')[0]}\n{tasks} task{'s' if tasks > 1 else ''}" for title, tasks, _, _ in rows],
    )
    axes.set_ylabel(f"time of a call ÷ that of {PEERS[REFERENCE]} (less is faster)")
    axes.legend(ncols=3, frameon=False)
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)


def write(outcome: Outcome, machine: dict[str, Any], extra: dict[str, Any], folder: Path = RESULTS) -> None:
    """Write `latest.json`, `latest.md` and `latest.svg`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "latest.json").write_text(as_json(outcome, machine, extra), encoding="utf-8")
    (folder / "latest.md").write_text(as_table(outcome), encoding="utf-8")
    plot(outcome, folder / "latest.svg")


def _rows(outcome: Outcome) -> Iterator[tuple[str, int, float | None, dict[str, Figures]]]:
    for workload in WORKLOADS:
        for tasks, figures in outcome.figures[workload.name].items():
            target = workload.target_many if tasks == TASKS else workload.target
            yield f"{workload.name} {workload.title}", tasks, target, figures


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return round(value, 4) if isinstance(value, float) else value
