"""CONTRIBUTING names files that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENT = ROOT / "packages" / "prisma" / "src" / "prisma"
PATH = re.compile(r"`([\w.-]+(?:/[\w.-]+)*(?:/|\.(?:py|md|yml|prisma)))`")


def test_the_table_names_files_that_exist() -> None:
    table = re.findall(r"^\| .*$", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    named = [path for row in table for path in PATH.findall(row)]
    assert [path for path in named if not any((folder / path).exists() for folder in (ROOT, CLIENT))] == []
    assert len(named) >= 50
