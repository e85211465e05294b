"""The storm: some seconds of it over each driver, and what its ledger finds."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.storm.ledger import FINDINGS, Attempt, Ledger
from benchmarks.storm.run import DRIVERS, storm


# The proxy's own sockets, which a fault cut off, may be collected before its event loop has closed them.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("driver", DRIVERS)
def test_nothing_is_off_after_some_seconds(driver: str) -> None:
    report = storm(driver, 3, callers=8)
    ledger = report.ledger
    assert {
        "off": {name: count for name, count in report.off.items() if count},
        "bare": ledger.bare,
        "wrong": ledger.wrong,
    } == {"off": {}, "bare": [], "wrong": []}
    assert ledger.acknowledged() > 0


@pytest.mark.parametrize(
    ("state", "written", "rows", "finding"),
    [
        ("acknowledged", 2, 2, None),
        ("acknowledged", 2, 0, "lost"),
        ("acknowledged", 2, 1, "partial"),
        ("acknowledged", 2, 3, "doubled"),
        ("acknowledged", 0, 0, None),
        ("acknowledged", 0, 1, "unasked"),
        ("unknown", 2, 0, None),
        ("unknown", 2, 2, None),
        ("unknown", 2, 1, "partial"),
        ("unknown", 2, 4, "doubled"),
        ("absent", 2, 0, None),
        ("absent", 2, 2, "unasked"),
        ("absent", 0, 1, "unasked"),
    ],
)
def test_the_ledger_finds_what_is_off(state: Any, written: int, rows: int, finding: str | None) -> None:
    ledger = Ledger([Attempt("a", "page", state=state, rows=written)])
    found = ledger.compare({"a": rows} if rows else {})
    assert {name: found[name] for name in FINDINGS if found[name]} == ({finding: 1} if finding else {})
