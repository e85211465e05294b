"""The types of a large schema stay small."""

from __future__ import annotations

from pathlib import Path

from benchmarks.large_schema import BUDGETS, large_schema
from prisma.generator import generate


def test_types_of_60_models_stay_below_their_budget_of_lines(tmp_path: Path) -> None:
    (tmp_path / "schema.prisma").write_text(large_schema(), encoding="utf-8")
    generate(root=tmp_path, environment={})
    lines = (tmp_path / "client" / "types.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) < BUDGETS["lines of types.py"]
