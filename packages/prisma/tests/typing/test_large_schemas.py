"""pyright checks clients of many models; a relation to a model of another group is checked by its form only."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.schema_shapes import SHAPES
from prisma.generator import generate

pytestmark = pytest.mark.long

# In a chain, Model39 and Model40 are in two groups.
PROGRAM = """
from client import Prisma, types

async def main(db: Prisma) -> None:
    near: types.Model0WhereInput = {"name": "a", "down": {"some": {"down": {"some": {"name": {"startswith": "a"}}}}}}
    await db.model0.find_many(where=near, include={"down": {"include": {"down": {"where": {"note": None}}}}})
    far: types.Model39WhereInput = {"down": {"some": {"unknown": 1}}}
    await db.model39.find_many(where=far, include={"down": {"where": {"unknown": 1}}})
    rows = await db.model39.find_many(select={"name": True, "down": {"select": {"name": True}}})
    print(rows[0]["name"].upper(), rows[0]["down"][0]["name"])
    await db.model39.update({"down": {"create": [{"unknown": 1}], "delete_many": {"unknown": 1}}}, {"id": "a"})
    await db.model40.update(where={"id": "a"}, data={"up": {"disconnect": True}})
    await db.model40.find_many(order={"up": {"unknown": "asc"}})
    wrong_near: types.Model0WhereInput = {"down": {"some": {"down": {"some": {"unknown": 1}}}}}  # error
    wrong_form: types.Model39WhereInput = {"down": {"any": {}}}  # error
    wrong_verb: types.Model40UpdateInput = {"up": {"move": {}}}  # error
    print(wrong_near, wrong_form, wrong_verb)
"""
SHORT_PROGRAM = """
from client import Prisma, types

async def main(db: Prisma) -> None:
    for record in await db.model1.find_many(where={"name": {"startswith": "a"}}):
        print(record.name)
    wrong: types.Model1Include = {"unknown": True}  # error
    print(wrong)
"""


# Ten seconds each: pyright has to read the client. More models in a row than its stack holds, and more statements than
# it takes for one module, are what breaks it; no smaller schema shows that.
@pytest.mark.parametrize(("shape", "count", "program"), [("chain", 120, PROGRAM), ("dense", 107, SHORT_PROGRAM)])
def test_pyright_finds_the_mistakes_and_nothing_else(shape: str, count: int, program: str, tmp_path: Path) -> None:
    (tmp_path / "schema.prisma").write_text(SHAPES[shape](count), encoding="utf-8")
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    generate(root=tmp_path, environment={})
    settings = {"venvPath": str(Path(sys.prefix).parent), "venv": Path(sys.prefix).name, "typeCheckingMode": "strict"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps({**settings, "include": ["program.py"]}), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--project", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    found = [each["range"]["start"]["line"] for each in json.loads(done.stdout)["generalDiagnostics"]]
    assert found == [number for number, line in enumerate(program.splitlines()) if line.endswith("# error")], (
        done.stdout
    )
