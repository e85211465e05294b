"""What is wrong with SQL, in the form that the page's editor takes."""

from __future__ import annotations

from typing import Any, Final

MAX_LENGTH: Final = 50 * 1024  # characters, as upstream
MAX_STATEMENTS: Final = 100
CHECKED: Final = frozenset({"delete", "insert", "select", "update", "values", "with"})
"""First words of statements that can be checked without being executed."""
UNCHECKED: Final = "Only SELECT, VALUES, INSERT, UPDATE, DELETE and WITH are checked before they run."


def entry(sql: str, start: int, end: int, severity: str, message: str, source: str) -> dict[str, Any]:
    """Return a remark on a part of the SQL; `source` is the page's word for the kind of database."""
    return {
        "from": _units(sql[:start]),
        "to": _units(sql[:end]),
        "severity": severity,
        "source": source,
        "message": message,
    }


def too_long(sql: str, source: str) -> list[dict[str, Any]]:
    """Return the remark on SQL that is too long to be checked."""
    return [entry(sql, 0, len(sql), "info", f"Only SQL of up to {MAX_LENGTH} characters is checked.", source)]


def _units(text: str) -> int:
    """Return the length of a text in JavaScript, which counts a character beyond the first 65,536 as two."""
    return len(text) + sum(character > "\uffff" for character in text)
