"""`python -m benchmarks.large_schema`: what a client of 60 models costs to generate, to import and to check.

Prints the seconds of `prisma generate`, of `import` of the client and of its types, and of pyright on a program that
uses it, and the lines of its modules and of its `types.py`, beside the budgets. Each time is the median of the rounds;
pyright runs once.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.schema_shapes import web

MODELS = 60
BUDGETS = {
    "generate (s)": 5,
    "import (s)": 0.8,
    "import of types (s)": 2,
    "pyright (s)": 60,
    "lines": 40_000,
    "lines of types.py": 25_000,
}
"""What the figures have to stay below."""


def large_schema() -> str:
    """Return a schema of 60 models with 14 scalar fields, two enums' worth of choices and four relations each."""
    return web(MODELS)


PROGRAM = """
from client import Prisma, enums, types


async def main(db: Prisma) -> None:
    for place in range(10):
        where: types.Model0WhereInput = {"name": {"startswith": "a"}, "OR": [{"position": place}, {"note": None}]}
        records = await db.model0.find_many(
            where=where,
            order=[{"position": "asc"}, {"owner": {"name": "desc"}}, {"note": {"sort": "asc", "nulls": "last"}}],
            include={"owner": {"include": {"owned": {"where": {"owner": {"is": {"name": "x"}}}, "take": 3}}}},
        )
        print([record.name for record in records])
    created = await db.model1.create(
        {
            "name": "n",
            "slug": "s",
            "kind": enums.Kind1.first,
            "owner": {
                "create": {"name": "o", "slug": "t", "kind": enums.Kind2.first, "owner": {"connect": {"id": "a"}}}
            },
            "owned": {
                "create": [{"name": "o", "slug": "u", "kind": enums.Kind0.second, "tags": ["a"]}],
                "connect": [{"slug": "v"}],
            },
        }
    )
    changed = await db.model2.update(
        where={"slug": created.slug},
        data={
            "position": {"increment": 1},
            "owned": {
                "update": [{"where": {"id": "a"}, "data": {"note": None, "owned": {"delete_many": {"position": 2}}}}],
                "update_many": {"where": {"isActive": False}, "data": {"position": {"set": 0}}},
            },
            "group": {"disconnect": True},
        },
        include={"owned": {"order_by": {"name": "asc"}}},
    )
    print(changed.owned if changed else None)
    print(await db.model3.count(where={"members": {"some": {"kind": {"in": [enums.Kind8.first]}}}}))
    groups = await db.model4.group_by(
        ["kind"], count=True, sum={"position": True}, having={"position": {"_avg": {"gt": 1}}}, order={"kind": "asc"}
    )
    print(groups)
    row: types.Model5CreateWithoutRelationsInput = {"name": "a", "slug": "b", "kind": enums.Kind5.third}
    await db.model5.create_many([row])
    print(await db.model5.upsert({"id": "x"}, {"create": {**row, "tags": []}, "update": {"tags": {"push": "a"}}}))
    for each in await db.model6.find_many(select={"name": True, "owner": {"select": {"name": True}}, "_count": True}):
        print(each["name"].upper(), each["owner"]["name"], each["_count"]["owned"])
    totals = await db.model7.aggregate(sum={"amount": True}, where={"owner": {"is": {"isActive": True}}})
    print(totals["_sum"]["amount"])
"""


def figures(rounds: int) -> dict[str, float]:
    """Return the figures, by the names of the budgets."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "schema.prisma").write_text(large_schema(), encoding="utf-8")
        (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
        generating = statistics.median(
            _seconds([sys.executable, "-m", "prisma", "generate"], folder) for _ in range(rounds)
        )
        imports = ("import client; client.Prisma", "import client.types")
        for statement in imports:
            _seconds([sys.executable, "-c", statement], folder)
        importing = [
            statistics.median(_seconds([sys.executable, "-c", statement], folder) for _ in range(rounds))
            for statement in imports
        ]
        checking = _pyright(folder)
        lines = lines_of(folder / "client")
    return dict(zip(BUDGETS, (generating, *importing, checking, *lines.values()), strict=True))


def lines_of(client: Path) -> dict[str, int]:
    """Return the lines of a client's modules together, and of those that hold its types."""
    lines = {file.name: len(file.read_text(encoding="utf-8").splitlines()) for file in client.glob("*.py")}
    types = sum(count for name, count in lines.items() if name.startswith("types"))
    return {"lines": sum(lines.values()), "lines of types.py": types}


def _seconds(command: list[str], folder: Path) -> float:
    start = time.perf_counter()
    # Programs import a client that is compiled: modules of earlier runs are read, whatever this environment says.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=environment)
    return time.perf_counter() - start


def _pyright(folder: Path) -> float:
    settings = {"venvPath": str(Path(sys.prefix).parent), "venv": Path(sys.prefix).name, "typeCheckingMode": "strict"}
    (folder / "pyrightconfig.json").write_text(json.dumps({**settings, "include": ["program.py"]}), encoding="utf-8")
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "pyright"], cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"The program does not check:\n{done.stdout}")
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    for name, value in figures(parser.parse_args().rounds).items():
        print(f"{name:20} {value:10,.2f}   budget {BUDGETS[name]:,}")


if __name__ == "__main__":
    main()
