"""A schema gives exactly these files.

After a change that is meant to change them: `UPDATE_GOLDEN=1 pytest packages/prisma/tests/golden`, and read the diff.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CASES = ("service", "everything", "names", "empty", "sync")


@pytest.mark.parametrize("case", CASES)
def test_files(
    case: str, generated: Callable[[str], dict[str, str]], expected: Callable[[str], Path], update_golden: bool
) -> None:
    folder, files = expected(case), generated(case)
    if update_golden:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    assert files == {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.py")}


@pytest.mark.parametrize("case", CASES)
def test_files_are_formatted(case: str, expected: Callable[[str], Path]) -> None:
    command = [sys.executable, "-m", "ruff", "format", "--check", "--isolated", "--line-length", "120"]
    done = subprocess.run([*command, str(expected(case))], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_same_schema_same_files(generated: Callable[[str], dict[str, str]]) -> None:
    assert generated("everything") == generated("everything")
