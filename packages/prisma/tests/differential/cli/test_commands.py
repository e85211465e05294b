"""Our commands do what the official command line does: output, exit codes, files and tables.

The transcripts in `expected/` are the official command line's; `differences.py` has what differs on purpose.
`UPDATE_GOLDEN=1` records them anew, which takes some minutes; `COMPARE_LIVE=1` asks the official command line about
every case, and the usual run about one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from .cases import Case, all_cases
from .differences import as_ours
from .steps import Step
from .transcript import read, record, write
from .twin import Twin

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

# The official command line runs the others.
OURS: Final = frozenset({"db pull"})
EXPECTED: Final = Path(__file__).parent / "expected"
CASES: Final = all_cases()
UPDATE: Final = bool(os.environ.get("UPDATE_GOLDEN"))
LIVE: Final = CASES if UPDATE or os.environ.get("COMPARE_LIVE") else [Case("from_sql_kept")]


@pytest.mark.parametrize("case", LIVE, ids=lambda case: case.name, indirect=True)
def test_what_the_official_command_line_does(case: Case, make_twin: Callable[..., Twin]) -> None:
    path = EXPECTED / f"{case.name}.txt"
    theirs = record(case, make_twin())
    if UPDATE:
        write(path, theirs)
    assert read(path) == theirs


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name, indirect=True)
def test_our_commands_do_the_same(case: Case, make_twin: Callable[..., Twin]) -> None:
    theirs = as_ours(case.name, read(EXPECTED / f"{case.name}.txt"))
    ours = record(case, make_twin(OURS), _matters)
    assert ours == {step: theirs[step] for step in ours}


def _matters(step: Step) -> bool:
    """Whether a step is ours, or one of the two before which, or by which, the tables are made."""
    return step.name in ("push", "live") or " ".join(step.command.split()[:2]) in OURS
