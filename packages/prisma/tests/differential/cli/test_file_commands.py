"""Our commands do on SQLite what the official command line does: output, exit codes, files and tables.

The official command line works through an adapter on Node's own SQLite. The transcripts in `expected_on_files/` are
its; see `test_commands` for the variables.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from .file_cases import FileCase, file_cases
from .file_twin import FileTwin
from .official import Official
from .steps import MIGRATIONS, PUSHES
from .test_commands import OURS, UPDATE
from .transcript import read, record, write

pytestmark = pytest.mark.long

EXPECTED: Final = Path(__file__).parent / "expected_on_files"
CASES: Final = file_cases()
LIVE: Final = CASES if UPDATE else CASES[:1]
# Beside an adapter, the official command line can't reset a file: it removes rows alone.
STEPS: Final = (*PUSHES, *(step for step in MIGRATIONS if step.name != "reset"))


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """The folder of a project, and its file."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder, tmp_path / "dev.db"


@pytest.mark.parametrize("case", LIVE, ids=lambda case: case.name)
def test_what_the_official_command_line_does(case: FileCase, places: tuple[Path, Path], official: Official) -> None:
    path = EXPECTED / f"{case.name}.txt"
    theirs = record(case, FileTwin(*places, official), STEPS)
    if UPDATE:
        write(path, theirs)
    assert read(path) == theirs


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_our_commands_do_the_same(case: FileCase, places: tuple[Path, Path], official: Official) -> None:
    ours = record(case, FileTwin(*places, official, OURS), STEPS)
    assert ours == read(EXPECTED / f"{case.name}.txt")
