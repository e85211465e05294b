"""pyright in strict mode reports errors in the cases only at the lines that say `# error:`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CASES = Path(__file__).with_name("cases")
# Nothing here depends on a machine: only the environment that runs the tests.
SETTINGS = {"venvPath": str(Path(sys.prefix).parent), "venv": Path(sys.prefix).name, "typeCheckingMode": "strict"}
# What strict mode says besides of a line that is wrong: it does not know what comes of it.
CONSEQUENCES = frozenset({"reportUnknownArgumentType", "reportUnknownMemberType", "reportUnknownVariableType"})

Finding = tuple[str, int, str]


@pytest.fixture(scope="module")
def findings(project: Path) -> set[Finding]:
    """What pyright finds in the generated client and in the cases."""
    (project / "pyrightconfig.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--project", str(project)]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=False, cwd=project).stdout)
    found = {_finding(project, diagnostic) for diagnostic in report["generalDiagnostics"]}
    wrong = {(file, line) for file, line, rule in found if rule not in CONSEQUENCES}
    return {(file, line, rule) for file, line, rule in found if rule not in CONSEQUENCES or (file, line) not in wrong}


def test_generated_client_is_clean(findings: set[Finding]) -> None:
    assert {finding for finding in findings if finding[0].startswith("client/")} == set()


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.glob("*.py")))
def test_case(case: str, findings: set[Finding], announced: Callable[[str, str], list[Finding]]) -> None:
    assert sorted(finding for finding in findings if finding[0] == case) == announced(case, "pyright")


def _finding(folder: Path, diagnostic: dict[str, Any]) -> Finding:
    file = Path(diagnostic["file"]).relative_to(folder).as_posix()
    return file, diagnostic["range"]["start"]["line"] + 1, diagnostic.get("rule", "")
