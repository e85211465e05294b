"""Checks SQL while the user types it: SQLite compiles each statement, and executes none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from prisma.drivers.sqlite.scripts import statements
from prisma.faults import DriverFault
from prisma.studio.diagnostics import CHECKED, MAX_LENGTH, MAX_STATEMENTS, UNCHECKED, entry, too_long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prisma.drivers.sqlite.session import Session

ADAPTER: Final = "sqlite"
"""The page's word for SQLite."""
_BEFORE: Final = re.compile(r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
_WORD: Final = re.compile(r"\w*")
_CULPRIT: Final = re.compile(r'near "(.+)": |no such (?:table|column|function): (?:\w+\.)?(.+)|no column named (.+)')


def lint(session: Session, sql: str) -> list[dict[str, Any]]:
    """Return what is wrong with SQL, at most one entry for each statement.

    `from` and `to` are places in the text as JavaScript counts them.
    """
    if len(sql) > MAX_LENGTH:
        return too_long(sql, ADAPTER)
    found: list[dict[str, Any]] = []
    for start, end, first in _statements(sql):
        if first not in CHECKED:
            found.append(entry(sql, start, end, "info", UNCHECKED, ADAPTER))
            continue
        try:
            session.query_raw(f"EXPLAIN {sql[start:end]}", ())
        except DriverFault as fault:
            found.append(_refusal(sql, start, end, fault))
    return found


def _statements(sql: str) -> Iterator[tuple[int, int, str]]:
    """Yield the place of each statement, without comments before it, and its first word."""
    begins = count = 0
    for statement in statements(sql):
        place = _BEFORE.match(statement)
        start = begins + (place.end() if place else 0)
        begins += len(statement)
        end = len(sql[:begins].rstrip())
        if start < end and sql[start] != ";" and count < MAX_STATEMENTS:
            count += 1
            word = _WORD.match(sql, start)
            yield start, end, word[0].lower() if word else ""


def _refusal(sql: str, start: int, end: int, fault: DriverFault) -> dict[str, Any]:
    message = str(fault.fields.get("message", fault))
    culprit = _CULPRIT.match(message)
    words = next(filter(None, culprit.groups()), "") if culprit else ""
    found = sql.lower().find(words.lower(), start, end) if words else -1
    if found >= 0:
        start, end = found, found + len(words)
    return {**entry(sql, start, end, "error", message, ADAPTER), "code": fault.fields.get("sqlstate")}
