"""`python -m benchmarks.commands`: what commands and first queries cost, beside Prisma's own under Node.js.

Each round runs everything once, ours and the official after each other, each in a new process on the service's schema
of twelve models. CPU is what the process used until its end, user and system; other work on the machine disturbs it
less than the wall time. The official command line is release 6 as the tests run it: npm has no native schema engine,
so it runs the one in WebAssembly, with npm's packages on disk. The report goes to the standard output and to
`benchmarks/results/commands.md` and `commands.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.contest import worker_command
from benchmarks.database import ROOT, Database, prepared
from packages.prisma.tests.differential.cli.official import ORACLE, Official
from servers.nodejs import Node, find_node
from servers.npm import installed_packages

RESULTS: Final = Path(__file__).parent / "results"
WHEEL: Final = "size of the wheel, of node_modules; MiB"
COMMANDS: Final = {
    "migrate diff, from nothing to the schema": ("migrate diff --from-empty --to-schema-datamodel S --script", "empty"),
    "db push, in sync": ("db push --skip-generate --schema S", "pushed"),
    "migrate dev, nothing to do": ("migrate dev --skip-generate --schema S", "migrated"),
    "db pull --print": ("db pull --print --schema S", "migrated"),
}
"""The words of each command, S for the schema, and the database that it works on."""
FIRST_USE: Final = "first use of a machine: db push into a new database"
FIRST_QUERY: Final = "first query of a process, without any cache"


@dataclass
class Cost:
    """Seconds of one kind of process, a round after the other."""

    cpu: list[float] = field(default_factory=list[float])
    wall: list[float] = field(default_factory=list[float])

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note what the processes cost that are started and waited for inside the block."""
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        yield
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.wall.append(time.perf_counter() - start)
        self.cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    def medians(self) -> dict[str, float]:
        """Return the median CPU and wall seconds."""
        return {"cpu": round(statistics.median(self.cpu), 3), "wall": round(statistics.median(self.wall), 3)}


class Project:
    """A folder with the schema and the migrations, in which both command lines run."""

    def __init__(self, folder: Path, database: Database, node: Node) -> None:
        self._folder = folder
        self._database = database
        self._node = node
        self.modules = installed_packages(ORACLE, node)
        shutil.copy(ROOT / "schema.prisma", folder)
        shutil.copytree(ROOT / "migrations", folder / "migrations")

    def ours(self, words: str, database: str) -> None:
        """Run our command."""
        command = [sys.executable, "-m", "prisma", *words.split()]
        variables = self._variables(database)
        _check(subprocess.run(command, cwd=self._folder, env={**os.environ, **variables}, capture_output=True))

    def official(self, words: str, database: str) -> None:
        """Run the official command."""
        command_line = Official(self._node.program, self.modules)
        try:
            code, _, err = command_line.run(words.split(), self._folder, self._variables(database))
        finally:
            command_line.close()
        if code:
            raise RuntimeError(f"the official `{words}` failed: {err}")

    def _variables(self, database: str) -> dict[str, str]:
        url = self._database.url.replace("/postgres?", f"/{database}?")
        return {"DATABASE_URL": url, "DIRECT_DATABASE_URL": url, "NO_COLOR": "1", "CI": "true"}


def measure(project: Project, database: Database, rounds: int) -> dict[str, dict[str, Cost]]:
    """Return the costs of everything, by name and by side."""
    project.ours("db push --skip-generate", "pushed")
    project.ours("migrate deploy", "migrated")
    sides = {"ours": project.ours, "official": project.official}
    workers = {
        "ours": worker_command("prisma_python", database, 1),
        "official": worker_command("prisma_js", database, 1),
    }
    costs = {name: {side: Cost() for side in sides} for name in (*COMMANDS, FIRST_USE, FIRST_QUERY)}
    for number in range(rounds):
        for name, (words, place) in COMMANDS.items():
            for side, run in sides.items():
                with costs[name][side].noted():
                    run(words.replace(" S", " schema.prisma"), place)
        for side, run in sides.items():
            with _new_machine(), costs[FIRST_USE][side].noted():
                run("db push --skip-generate --schema schema.prisma", f"new_{side}_{number}")
            with _new_machine(), costs[FIRST_QUERY][side].noted():
                _query(workers[side])
    return costs


@contextmanager
def _new_machine() -> Iterator[None]:
    """Hide all caches from programs that are started."""
    with tempfile.TemporaryDirectory() as folder:
        hidden = {"HOME": folder, "XDG_CACHE_HOME": folder, "PRISMA_CACHE_DIR": str(Path(folder) / "cache")}
        kept = {name: os.environ.get(name) for name in hidden}
        os.environ.update(hidden)
        try:
            yield
        finally:
            for name, value in kept.items():
                del os.environ[name]
                if value is not None:
                    os.environ[name] = value


def _query(worker: list[str]) -> None:
    request = json.dumps({"do": "result", "workload": "W1", "first": 0})
    _check(subprocess.run(worker, input=f"{request}\n".encode(), cwd=ROOT, capture_output=True))


def _check(done: subprocess.CompletedProcess[bytes]) -> None:
    if done.returncode:
        raise RuntimeError(f"{done.args} failed: {done.stdout.decode()}{done.stderr.decode()}")


def sizes(modules: Path) -> dict[str, float]:
    """Return the MiB of our wheel, and of the packages that npm has installed for the official command line."""
    with tempfile.TemporaryDirectory() as folder:
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        _check(subprocess.run(build, cwd=ROOT / "packages" / "prisma", capture_output=True))
        wheel = sum(path.stat().st_size for path in Path(folder).glob("*.whl"))
    installed = sum(path.lstat().st_size for path in modules.rglob("*") if path.is_file())
    return {"ours": round(wheel / 2**20, 1), "official": round(installed / 2**20, 1)}


def heading(machine: dict[str, Any]) -> str:
    """Return Markdown: what the table shows, and where it was measured."""
    return (
        "# Commands and first queries, beside Prisma's own under Node.js\n\n"
        f"Medians of {machine['rounds']} rounds on {machine['processors']} processors with Python {machine['python']}. "
        "Each is a new\n"
        "process, on the service's schema of twelve models, and the server is on the same machine. CPU is what the\n"
        "process used until its end, user and system; the ratio is that of both sides' CPU.\n\n"
    )


def as_table(costs: dict[str, dict[str, Any]], size: dict[str, float]) -> str:
    """Return Markdown: seconds of both sides."""
    lines = ["| | CPU, s | official | ratio | wall, s | official |", "|---|---|---|---|---|---|"]
    for name, sides in costs.items():
        ours, official = sides["ours"], sides["official"]
        ratio = f"{ours['cpu'] / official['cpu']:.2f}"
        lines.append(
            f"| {name} | {ours['cpu']:.2f} | {official['cpu']:.2f} | {ratio} "
            f"| {ours['wall']:.2f} | {official['wall']:.2f} |"
        )
    lines.append(f"| {WHEEL} | {size['ours']} | {size['official']} | | | |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.commands", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder to write to")
    options = parser.parse_args()
    # An installed program keeps its bytecode. Where Python may not, it compiles every module again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with ExitStack() as stack:
        database = stack.enter_context(prepared(users=10))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        project = Project(folder, database, find_node())
        costs = measure(project, database, options.rounds)
    medians = {name: {side: cost.medians() for side, cost in sides.items()} for name, sides in costs.items()}
    size = sizes(project.modules)
    machine = {"python": platform.python_version(), "processors": os.cpu_count(), "rounds": options.rounds}
    text = heading(machine) + as_table(medians, size)
    options.results.mkdir(parents=True, exist_ok=True)
    (options.results / "commands.md").write_text(text, encoding="utf-8")
    report = {"machine": machine, "seconds": medians, "size_mib": size}
    (options.results / "commands.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
