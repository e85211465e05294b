"""The client of a large schema stays small."""

from __future__ import annotations

from pathlib import Path

from benchmarks.large_schema import BUDGETS, large_schema, lines_of
from prisma.generator import generate


def test_a_client_of_60_models_stays_below_its_budgets_of_lines(tmp_path: Path) -> None:
    (tmp_path / "schema.prisma").write_text(large_schema(), encoding="utf-8")
    generate(root=tmp_path, environment={})
    lines = lines_of(tmp_path / "client")
    assert [name for name, count in lines.items() if count >= BUDGETS[name]] == []
