"""A generated client, the cases next to this file, and the errors that the cases expect."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from prisma.generator import generate

CASES = Path(__file__).with_name("cases")
SCHEMA = Path(__file__).parents[1] / "golden" / "cases" / "everything.prisma"

Finding = tuple[str, int, str]
Checker = Literal["pyright", "mypy"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the cases and a generated client."""
    folder = tmp_path_factory.mktemp("typing")
    shutil.copytree(CASES, folder, dirs_exist_ok=True)
    shutil.copy(SCHEMA, folder / "schema.prisma")
    shutil.copy(SCHEMA.with_name("partials.py"), folder)
    generate(root=folder, environment={"GOLDEN_OUTPUT": str(folder / "client")})
    return folder


@pytest.fixture(scope="session")
def announced() -> Callable[[str, Checker], list[Finding]]:
    """What a case says that a checker finds: `# error: rules of pyright | codes of mypy`.

    Most of what is wrong is an argument of an action with several signatures: without codes mypy says `call-overload`.
    """
    return _announced


def _announced(case: str, checker: Checker) -> list[Finding]:
    lines = (CASES / case).read_text(encoding="utf-8").split("\n")
    marks = ((number, re.search(r"# error: ([^|]*)(\|.*)?", line)) for number, line in enumerate(lines, 1))
    chosen = ((number, mark[1] if checker == "pyright" else _codes(mark)) for number, mark in marks if mark)
    rules = ((number, rule.strip()) for number, text in chosen for rule in text.split(","))
    return sorted((case, number, rule) for number, rule in rules if rule)


def _codes(mark: re.Match[str]) -> str:
    return "call-overload" if mark[2] is None else mark[2].removeprefix("|")
