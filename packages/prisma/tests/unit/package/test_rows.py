"""Every row of what programs of 0.15.0 use is proven by a test.

A test carries the row's number in its name, `test_a4_12_…`; rows that tests under other names prove are listed here.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[2]

# How many rows each part has.
PARTS = {1: 12, 2: 7, 3: 13, 4: 20, 5: 8, 6: 5, 7: 18, 8: 2, 9: 17, 10: 9, 11: 9}

ELSEWHERE = {
    "a1_1": "unit/generator/test_pipeline.py::test_any_command_of_ours_is_a_provider",
    "a1_2": "unit/generator/test_pipeline.py::test_accepted_options",
    "a1_3": "unit/generator/test_pipeline.py::test_accepted_options",
    "a1_5": "unit/generator/test_pipeline.py::test_accepted_options",
    "a1_6": "unit/generator/test_pipeline.py::test_accepted_options",
    "a1_7": "unit/generator/test_pipeline.py::test_result",
    "a1_8": "golden/test_files.py::test_files",
    "a1_9": "unit/generator/test_pipeline.py::test_accepted_options",
    "a1_10": "golden/test_files.py::test_files",
    "a1_11": "golden/test_files.py::test_files",
    "a1_12": "golden/test_models.py::test_renamed_fields_keep_the_schemas_names_outside",
    "a2_7": "unit/generator/test_reexport.py::test_not_generated",
    # URLs of SQLite: a database that is refused.
    "a3_12": "unit/generator/test_pipeline.py::test_refusals",
    # What leaked from the HTTP client: all failures of drivers become our own.
    "a9_16": "functional/drivers/test_faults.py",
    "a9_17": "unit/engine/test_error_codes.py",
    "a10_9": "functional/wheel/test_wheel.py::test_contents",
    "a11_2": "cli/test_own_commands.py::test_generate_once_and_with_options",
    "a11_4": "cli/test_own_commands.py::test_fetch_is_a_successful_no_op",
    "a11_9": "unit/generator/test_pipeline.py::test_refusals",
}
ROWS = [f"a{part}_{row}" for part, rows in PARTS.items() for row in range(1, rows + 1)]


@pytest.fixture(scope="module")
def tests() -> set[str]:
    """Every test, as `folder/file.py::name`, and every file of tests."""
    found: set[str] = set()
    for file in TESTS.rglob("test_*.py"):
        path = file.relative_to(TESTS).as_posix()
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        names = [node.name for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, functions)]
        found |= {path, *(f"{path}::{name}" for name in names if name.startswith("test_"))}
    return found


@pytest.mark.parametrize("row", ROWS)
def test_row(row: str, tests: set[str]) -> None:
    named = [test for test in tests if re.search(rf"::test_{row}(_|$)", test)]
    assert named or ELSEWHERE.get(row) in tests


def test_every_number_is_a_rows(tests: set[str]) -> None:
    numbers = {found[1] for test in tests if (found := re.search(r"::test_(a\d+_\d+)", test))}
    assert sorted(numbers - set(ROWS)) == []
