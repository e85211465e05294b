"""Scripts: several statements in one text, which SQLite runs one by one."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator


def statements(script: str) -> Generator[str]:
    """Yield the statements of a script."""
    if not _is_readable(script):
        # SQLite reads nothing of it; the caller is told why.
        yield script
        return
    rest = script
    while rest.strip():
        end = rest.find(";")
        # A semicolon may be part of a text, of a comment or of a trigger's body.
        while end >= 0 and not sqlite3.complete_statement(rest[: end + 1]):
            end = rest.find(";", end + 1)
        if end < 0:
            yield rest
            return
        yield rest[: end + 1]
        rest = rest[end + 1 :]


def _is_readable(script: str) -> bool:
    try:
        script.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in script
