"""`python -m benchmarks.checkers`: what large schemas cost `generate`, imports, pyright and mypy, beside their budgets.

Each schema of `benchmarks.schema_shapes` is generated into a new folder, imported, and checked with a program that uses
it: pyright in strict mode, mypy without a cache. The figure is the CPU of the process until its end, user and system,
which other work on the machine disturbs less than the wall time. `--before REVISION` takes the same figures of the
package at an older commit in turn with ours. The report goes to the standard output and to
`benchmarks/results/checkers.md` and `checkers.json`.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.large_schema import PROGRAM, lines_of
from benchmarks.schema_shapes import SHAPES

ROOT: Final = Path(__file__).parents[1]
SOURCES: Final = Path("packages/prisma/src")
RESULTS: Final = Path(__file__).parent / "results"
PATIENCE: Final = 200
"""How many seconds of CPU a checker may take before it counts as one that gave up."""

# The rows, and what each has to stay below: CPU in seconds, and lines.
BUDGETS: Final[dict[tuple[str, int], dict[str, float]]] = {
    ("web", 60): {"generate": 2, "import": 0.8, "types": 24_500, "pyright": 30, "mypy": 30},
    ("dense", 107): {"generate": 4, "import": 0.8, "pyright": 30},
    ("dense", 302): {"generate": 6, "import": 0.8, "lines": 200_000, "pyright": 60},
    ("chain", 300): {"generate": 6, "import": 0.8, "pyright": 60},
    ("circle", 300): {"generate": 6, "import": 0.8, "pyright": 60},
}
COLUMNS: Final = ("generate", "import", "lines", "types", "pyright", "mypy")
SHORT_PROGRAM: Final = """
from client import Prisma, types


async def main(db: Prisma) -> None:
    where: types.Model1WhereInput = {"name": {"startswith": "a"}, "OR": [{"position": 3}, {"note": None}]}
    for record in await db.model1.find_many(where=where, order=[{"position": "asc"}], include={}):
        print(record.name)
"""

Figures = dict[str, float | str | None]


def measure(shape: str, count: int, sources: Path, columns: tuple[str, ...] = COLUMNS) -> Figures:
    """Return the figures of one schema with the package in `sources`; for a checker that gives up, what it says."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "schema.prisma").write_text(SHAPES[shape](count), encoding="utf-8")
        (folder / "program.py").write_text(PROGRAM if (shape, count) == ("web", 60) else SHORT_PROGRAM, "utf-8")
        path = os.pathsep.join(map(str, (sources, folder)))
        figures: Figures = {"generate": _cpu([sys.executable, "-m", "prisma", "generate"], folder, path)[0]}
        client = [sys.executable, "-c", "import client; client.Prisma"]
        _cpu(client, folder, path)
        figures["import"] = _cpu(client, folder, path)[0]
        lines = lines_of(folder / "client")
        figures |= {"lines": lines["lines"], "types": lines["lines of types.py"]}
        if "pyright" in columns:
            figures["pyright"] = _pyright(folder, sources)
        if "mypy" in columns:
            figures["mypy"] = _mypy(folder, path)
        return figures


def _pyright(folder: Path, sources: Path) -> float | str:
    settings = {"venvPath": str(Path(sys.prefix).parent), "venv": Path(sys.prefix).name, "typeCheckingMode": "strict"}
    settings |= {"include": ["program.py"], "extraPaths": [str(sources)]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    seconds, said, code = _cpu([sys.executable, "-m", "pyright"], folder, None, checks=False)
    if "call stack size exceeded" in said:
        return "stack exceeded"
    return seconds if code == 0 else "too complex" if "is not assignable" in said or "unknown" in said else said[-200:]


def _mypy(folder: Path, path: str) -> float | str:
    others = "[mypy-rich.*,dns.*,wasmtime.*,opentelemetry.*]\nfollow_imports = skip\n"
    (folder / "mypy.ini").write_text(f"[mypy]\nplugins = prisma.mypy\n{others}", encoding="utf-8")
    seconds, _, code = _cpu(
        [sys.executable, "-m", "mypy", "--cache-dir", os.devnull, "program.py"], folder, path, checks=False
    )
    return "gave up" if code < 0 else seconds


def _cpu(command: list[str], folder: Path, path: str | None, *, checks: bool = True) -> tuple[float, str, int]:
    """Return the CPU of a process and of those that it started, what it said, and its code."""
    # Programs import a client that is compiled, whatever this environment says.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {} if path is None else {"PYTHONPATH": path, "MYPYPATH": path}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command,
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE)),
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if checks and done.returncode:
        raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return (
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        done.stdout + done.stderr,
        done.returncode,
    )


def older_sources(revision: str, folder: Path) -> Path:
    """Return the package's modules at a commit, with the WebAssembly modules that are built here."""
    archive = subprocess.run(["git", "archive", revision, str(SOURCES)], cwd=ROOT, check=True, capture_output=True)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    for built in (ROOT / SOURCES).rglob("*"):
        older = folder / SOURCES / built.relative_to(ROOT / SOURCES)
        if built.is_file() and built.suffix not in {".py", ".pyc"} and not older.exists():
            older.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(built, older)
    return folder / SOURCES


def as_table(before: dict[str, Figures], after: dict[str, Figures], revision: str) -> Iterator[str]:
    yield f"| schema | figure | {f'at {revision} | ' if before else ''}now | budget |"
    yield f"|---|---|{'---|' if before else ''}---|---|"
    for (shape, count), budgets in BUDGETS.items():
        schema = f"{shape} {count}"
        for column in COLUMNS:
            if column not in after[schema]:
                continue
            values = [figures[schema].get(column) for figures in ((before, after) if before else (after,))]
            texts = " | ".join(map(_text, values))
            budget = budgets.get(column)
            yield f"| {schema} | {_NAMES[column]} | {texts} | {'' if budget is None else f'{budget:,}'} |"


_NAMES: Final = {
    "generate": "generate, s",
    "import": "import of the client, s",
    "lines": "lines",
    "types": "lines of types",
    "pyright": "pyright, s",
    "mypy": "mypy without a cache, s",
}


def _text(value: float | str | None) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return f"{value:,}" if isinstance(value, int) else f"{value:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", default="", help="an older commit, whose package is measured in turn with ours")
    options = parser.parse_args()
    before: dict[str, Figures] = {}
    after: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as name:
        older = older_sources(options.before, Path(name)) if options.before else None
        for (shape, count), budgets in BUDGETS.items():
            columns = ("pyright", *(("mypy",) if "mypy" in budgets else ()))
            schema = f"{shape} {count}"
            if older is not None:
                before[schema] = measure(shape, count, older, columns)
                print(schema, options.before, before[schema], file=sys.stderr, flush=True)
            after[schema] = measure(shape, count, ROOT / SOURCES, columns)
            print(schema, after[schema], file=sys.stderr, flush=True)
    machine: dict[str, Any] = {"processors": os.cpu_count(), "python": platform.python_version()}
    report = {"machine": machine, "before": before, "after": after, "revision": options.before}
    (RESULTS / "checkers.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    table = "\n".join(as_table(before, after, options.before))
    text = f"""# Large schemas: generate, import and type checkers

CPU of the process, user and system, on {machine["processors"]} processors with Python {machine["python"]}.
The schemas are those of `benchmarks/schema_shapes.py`; {PATIENCE} s of CPU is the most that a checker gets.

{table}
"""
    (RESULTS / "checkers.md").write_text(text, encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
