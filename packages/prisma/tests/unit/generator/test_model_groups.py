"""The types of a large schema are in modules by groups of models; relations that leave a group are few."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.schema_shapes import SHAPES, dense
from prisma.generator import generate, model_groups
from prisma.generator.types_file import move_types
from prisma.schema.datamodel import DataModel
from prisma.schema.dmmf import read_dmmf
from prisma.schema.operations import operations_by_model
from prisma.schema.parser import get_datamodel

SCHEMA = dense(50)
# What a program sees of the types, and what pydantic accepts by them: for a model, and two of its relations.
PROGRAM = """
import json
from pydantic import TypeAdapter, ValidationError
from client import types

name, far, near = %r
adapter = TypeAdapter(getattr(types, name + "CreateInput"))
accepted = []
for relation in (far, near):
    for create in ({"unknown": 1}, {"name": "c", "slug": "d", "kind": "first"}):
        try:
            adapter.validate_python({"name": "a", "slug": "b", "kind": "first", relation: {"create": create}})
        except ValidationError:
            continue
        accepted.append((relation, sorted(create)))
print(json.dumps(accepted))
"""
NAMES = """
import json
from client import types

print(json.dumps(sorted(name for name in dir(types) if "Model" in name and name[0] != "_")))
"""
LOADED = """
import json, sys
from client import types

def loaded():
    return sorted(name[7:] for name in sys.modules if name.startswith("client.types_"))

print(json.dumps([loaded(), types.SortOrder and loaded(), types.Model49CreateInput and loaded()]))
"""


def _data(schema: str) -> DataModel:
    return read_dmmf(get_datamodel([("schema.prisma", schema)]), operations_by_model("postgresql", schema), schema)


def _figures(schema: str) -> tuple[list[int], int, int]:
    """Return the sizes of the groups, how many relations join one with another, and how many relations there are."""
    data = _data(schema)
    groups = model_groups.model_groups(data.models)
    assert sorted(model.name for group in groups for model in group) == sorted(model.name for model in data.models)
    home = {model.name: place for place, group in enumerate(groups) for model in group}
    far = [home[model.name] != home[field.type] for model in data.models for field in model.relations]
    return [len(group) for group in groups], sum(far) // 2, len(far) // 2


@pytest.mark.parametrize(
    ("shape", "count", "expected"),
    [
        ("chain", 40, ([40], 0)),
        ("islands", 100, ([40, 40, 20], 0)),
        ("chain", 120, ([40, 40, 40], 2)),
        ("circle", 120, ([40, 40, 40], 3)),
    ],
)
def test_groups(shape: str, count: int, expected: tuple[list[int], int]) -> None:
    assert _figures(SHAPES[shape](count))[:2] == expected


@pytest.mark.parametrize("seed", range(2))
def test_groups_of_dense_schemas_are_about_equal_and_keep_more_relations_than_chance_would(seed: int) -> None:
    sizes, far, joined = _figures(dense(107, seed))
    assert (max(sizes) - min(sizes) <= 1, len(sizes), far < joined * 2 / 3) == (True, 3, True)


def test_modules_define_what_one_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = _data(SCHEMA)
    groups = model_groups.model_groups(data.models)
    home = {model.name: place for place, group in enumerate(groups) for model in group}
    model, far, near = next(
        (model.name, far.name, near.name)
        for model in data.models
        for far in model.relations
        for near in model.relations
        if home[far.type] != home[model.name] == home[near.type]
        if not any(each.name == "year" for owner in (model, data.model(near.type)) for each in owner.fields)
    )
    (tmp_path / "schema.prisma").write_text(SCHEMA, encoding="utf-8")
    generate(root=tmp_path, environment={})
    names, accepted = _run(tmp_path, NAMES), _run(tmp_path, PROGRAM % ((model, far, near),))
    whole = ["kind", "name", "slug"]
    assert accepted == [[far, ["unknown"]], [far, whole], [near, whole]]
    monkeypatch.setattr(model_groups, "MODELS", 50)
    monkeypatch.setattr(model_groups, "FIELDS", 10_000)
    generate(root=tmp_path, environment={})
    assert not (tmp_path / "client" / "types_0.py").exists()
    assert names == _run(tmp_path, NAMES)


def test_the_types_of_a_model_are_imported_when_they_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "schema.prisma").write_text(SHAPES["chain"](50), encoding="utf-8")
    generate(root=tmp_path, environment={})
    assert _run(tmp_path, LOADED) == [[], ["types_0"], ["types_0", "types_2"]]
    star = "import json\nfrom client.types import *\nprint(json.dumps([Model0Row.__name__, Model49Row.__name__]))"
    assert _run(tmp_path, star) == ["Model0Row", "Model49Row"]
    files = {"types.py": (tmp_path / "client" / "types.py").read_text(encoding="utf-8")}
    _, installed = move_types(files)
    assert ("from ._generated.types_2 import" in installed, '"prisma._generated",' in installed) == (True, True)


def _run(folder: Path, program: str) -> Any:
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
