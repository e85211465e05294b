"""Checks SQL while the user types it: the server plans each statement, and executes none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from prisma.drivers.postgresql.sql_tokens import Kind, Token, UnreadableSql, read_tokens
from prisma.faults import DriverFault
from prisma.studio.diagnostics import CHECKED, MAX_LENGTH, MAX_STATEMENTS, UNCHECKED, entry, too_long
from prisma.studio.postgresql.values import sent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prisma.drivers.postgresql.psycopg.text_connection import TextConnection

ADAPTER: Final = "postgres"
"""The page's word for PostgreSQL."""
LIMITS: Final = {"statement_timeout": "1s", "lock_timeout": "100ms", "idle_in_transaction_session_timeout": "1s"}
_EXPLAIN: Final = "EXPLAIN (FORMAT JSON) "
_PLAN_SIZE: Final = 16 * 2**20  # bytes
_CANCELLED: Final = "57014"


def lint(connection: TextConnection, sql: str, settings: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what is wrong with SQL, at most one entry for each statement.

    `from` and `to` are places in the text as JavaScript counts them. `settings` are configuration parameters that the
    statements are planned with.
    """
    if len(sql) > MAX_LENGTH:
        return too_long(sql, ADAPTER)
    found: list[dict[str, Any]] = []
    for start, end, first in _statements(sql):
        if first not in CHECKED:
            found.append(entry(sql, start, end, "info", UNCHECKED, ADAPTER))
            continue
        fault = _plan(connection, sql[start:end], settings)
        if fault is not None:
            found.append(_refusal(sql, start, end, fault))
    return found


def _plan(connection: TextConnection, statement: str, settings: Mapping[str, str]) -> DriverFault | None:
    connection.begin(settings={**LIMITS, **settings, "transaction_read_only": "on"})
    try:
        connection.read(f"{_EXPLAIN}{statement}", (), sent, _PLAN_SIZE)
    except DriverFault as fault:
        if connection.closed:
            raise
        return fault
    finally:
        if not connection.closed:
            connection.rollback()
    return None


def _statements(sql: str) -> Iterator[tuple[int, int, str]]:
    """Yield the place of each statement and its first word."""
    try:
        tokens = read_tokens(sql)
    except UnreadableSql:
        # The server says what is wrong with it.
        start = len(sql) - len(sql.lstrip())
        word = re.match(r"\w*", sql[start:])
        yield start, len(sql.rstrip()), word[0].lower() if word else ""
        return
    statement: list[Token] = []
    count = 0
    for token in (*tokens, Token(Kind.MARK, ";", len(sql), len(sql))):
        if token.kind is not Kind.MARK or token.text != ";":
            statement.append(token)
            continue
        if statement and count < MAX_STATEMENTS:
            count += 1
            yield statement[0].start, statement[-1].end, statement[0].text
        statement = []


def _refusal(sql: str, start: int, end: int, fault: DriverFault) -> dict[str, Any]:
    code = fault.fields.get("sqlstate")
    message = str(fault.fields.get("message", fault))
    position = fault.fields.get("position")
    if code == _CANCELLED:
        message = "Planning this statement takes longer than a second."
    if isinstance(position, int) and position > len(_EXPLAIN):
        start += position - 1 - len(_EXPLAIN)
        end = _end_of_word(sql, start, end)
    return {**entry(sql, start, end, "error", message, ADAPTER), "code": code}


def _end_of_word(sql: str, start: int, end: int) -> int:
    try:
        return next((token.end + start for token in read_tokens(sql[start:end])), min(start + 1, end))
    except UnreadableSql:
        return end
