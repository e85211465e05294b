"""Our commands do what the official command line does: output, exit codes, files and tables.

The transcripts in `expected/` are the official command line's; `differences.py` has what differs on purpose.
The usual run leaves out what costs time and tells least; `COMPARE_ALL=1` compares every step of every case.
`UPDATE_GOLDEN=1` records the transcripts again, which takes some minutes; `COMPARE_LIVE=1` asks the official command
line about every case, and the usual run about one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from .cases import COVERED_BY_OTHERS, Case, all_cases
from .differences import as_ours
from .steps import steps_of, usual_steps_of
from .transcript import read, record, write
from .twin import Twin

pytestmark = pytest.mark.long

OURS: Final = frozenset({"db pull", "db push", "migrate diff", "migrate dev", "migrate reset"})
EXPECTED: Final = Path(__file__).parent / "expected"
CASES: Final = all_cases()
ALL: Final = bool(os.environ.get("COMPARE_ALL"))
COMPARED: Final = [case for case in CASES if ALL or case.name not in COVERED_BY_OTHERS]
UPDATE: Final = bool(os.environ.get("UPDATE_GOLDEN"))
LIVE: Final = CASES if UPDATE or os.environ.get("COMPARE_LIVE") else [Case("from_sql_kept")]


@pytest.mark.parametrize("case", LIVE, ids=lambda case: case.name, indirect=True)
def test_what_the_official_command_line_does(case: Case, make_twin: Callable[..., Twin]) -> None:
    path = EXPECTED / f"{case.name}.txt"
    theirs = record(case, make_twin(), steps_of(case))
    if UPDATE:
        write(path, theirs)
    assert read(path) == theirs


@pytest.mark.parametrize("case", COMPARED, ids=lambda case: case.name, indirect=True)
def test_our_commands_do_the_same(case: Case, make_twin: Callable[..., Twin]) -> None:
    theirs = as_ours(case.name, read(EXPECTED / f"{case.name}.txt"))
    ours = record(case, make_twin(OURS), list(steps_of(case) if ALL else usual_steps_of(case, theirs)))
    assert ours == {step: theirs[step] for step in ours}
