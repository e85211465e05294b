"""CONTRIBUTING and the page about the way of a query name files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENT = ROOT / "packages" / "prisma" / "src" / "prisma"
PATH = re.compile(r"`([\w.-]+(?:/[\w.-]+)*(?:/|\.(?:py|md|yml|prisma)))`")


@pytest.mark.parametrize(
    ("page", "lines", "least"),
    [("CONTRIBUTING.md", r"^\| .*$", 50), ("docs/how-a-query-travels.md", r"^.+$", 15)],
)
def test_pages_name_files_that_exist(page: str, lines: str, least: int) -> None:
    text = re.findall(lines, (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    named = [path for line in text for path in PATH.findall(line)]
    missing = [
        path
        for path in named
        if not any((folder / path).exists() for folder in (ROOT, ROOT / "packages/prisma/src", CLIENT))
    ]
    assert (missing, len(named) >= least) == ([], True)
