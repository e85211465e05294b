"""What must type-check does, and what must not is found: at the lines that say `# error: rule`."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from prisma.generator import generate

CASES = Path(__file__).with_name("cases")
SCHEMA = Path(__file__).parents[1] / "golden" / "cases" / "everything.prisma"
# Nothing here depends on a machine: only the environment that runs the tests.
SETTINGS = {"venvPath": str(Path(sys.prefix).parent), "venv": Path(sys.prefix).name, "typeCheckingMode": "standard"}

Finding = tuple[str, int, str]


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> set[Finding]:
    """What pyright finds in the generated client and in the cases."""
    folder = tmp_path_factory.mktemp("typing")
    shutil.copytree(CASES, folder, dirs_exist_ok=True)
    shutil.copy(SCHEMA, folder / "schema.prisma")
    shutil.copy(SCHEMA.with_name("partials.py"), folder)
    generate(root=folder, environment={"GOLDEN_OUTPUT": str(folder / "client")})
    (folder / "pyrightconfig.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--project", str(folder)]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder).stdout)
    return {_finding(folder, diagnostic) for diagnostic in report["generalDiagnostics"]}


def test_generated_client_is_clean(findings: set[Finding]) -> None:
    assert {finding for finding in findings if finding[0].startswith("client/")} == set()


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.glob("*.py")))
def test_case(case: str, findings: set[Finding]) -> None:
    assert sorted(finding for finding in findings if finding[0] == case) == sorted(_announced(CASES / case))


def _finding(folder: Path, diagnostic: dict[str, Any]) -> Finding:
    file = Path(diagnostic["file"]).relative_to(folder).as_posix()
    return file, diagnostic["range"]["start"]["line"] + 1, diagnostic.get("rule", "")


def _announced(file: Path) -> set[Finding]:
    lines = file.read_text(encoding="utf-8").split("\n")
    marks = ((number, re.search(r"# error: (.*)", line)) for number, line in enumerate(lines, 1))
    return {(file.name, number, rule) for number, mark in marks if mark for rule in mark[1].split(", ")}
