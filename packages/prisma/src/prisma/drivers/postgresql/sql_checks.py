"""Checks of SQL before it is sent: COPY from or to the client, text that can't be encoded, text without a statement."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from prisma.drivers.postgresql.sql_tokens import Kind, Token, UnreadableSql, read_tokens
from prisma.drivers.postgresql.sqlstates import NOT_IN_TEXT
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_COPY: Final = re.compile("copy", re.IGNORECASE)
_STREAM: Final = re.compile("std(?:in|out)", re.IGNORECASE)
# Half of a pair of surrogates is no character, and has no form in UTF-8.
_HALVES: Final = re.compile("[\ud800-\udfff]")
_BEGINS_EMPTY: Final = re.compile(r"[\s;]*(?:--|/\*|$)")
_NOT_SUPPORTED: Final = "0A000"


def check_sendable(sql: str) -> None:
    """Check SQL before it is sent.

    Raises:
        DriverFault: one of its statements copies rows from or to the client, or the text has what no text can hold.
    """
    if "\0" in sql or _HALVES.search(sql):
        message = "SQL can't hold a zero byte or half a character."
        raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message, "sqlstate": NOT_IN_TEXT})
    # Reading tokens takes far longer, and hardly any text needs it.
    if _COPY.search(sql) and _STREAM.search(sql) and _copies(sql):
        message = (
            "COPY FROM STDIN and COPY TO STDOUT send rows outside of results, which raw SQL has no way for. "
            "Use create_many() or INSERT, and SELECT or stream(); psql runs COPY."
        )
        raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message, "sqlstate": _NOT_SUPPORTED})


def is_empty(sql: str) -> bool:
    """Tell whether a text has no statement: nothing but space, comments and semicolons."""
    # Most texts begin with a word, and need not be read.
    if _BEGINS_EMPTY.match(sql) is None:
        return False
    try:
        return all(token.text == ";" for token in read_tokens(sql))
    except UnreadableSql:
        return False


def _copies(sql: str) -> bool:
    try:
        return any(map(_copies_rows, _statements(sql)))
    except UnreadableSql:
        return False  # the server refuses it


def _statements(sql: str) -> Iterator[list[Token]]:
    """Yield the tokens of each statement outside of parentheses."""
    depth = 0
    statement: list[Token] = []
    for token in read_tokens(sql):
        mark = token.text if token.kind is Kind.MARK else ""
        # COPY (SELECT …) TO: the words in parentheses are those of another statement.
        depth += (mark == "(") - (mark == ")")
        if mark == ";":
            yield statement
            statement = []
        elif depth == 0:
            statement.append(token)
    yield statement


def _copies_rows(statement: list[Token]) -> bool:
    words = [token.text if token.kind is Kind.NAME else "" for token in statement]
    return words[:1] == ["copy"] and any(
        one in ("from", "to") and two in ("stdin", "stdout") for one, two in pairwise(words)
    )
