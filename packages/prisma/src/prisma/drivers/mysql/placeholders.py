"""Placeholders: where the question marks of a statement are that stand for values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from prisma.drivers.mysql.literals import literals
from prisma.faults import DriverFault, FaultKind

_ESCAPED: Final = r"""'(?:[^'\\]|''|\\.)*+'|"(?:[^"\\]|""|\\.)*+\""""
_PLAIN: Final = r"""'(?:[^']|'')*+'|"(?:[^"]|"")*+\""""
_REST: Final = r"""`(?:[^`]|``)*+`|\#[^\n]*|--(?=[\s\x00-\x1f]|$)[^\n]*|/\*.*?\*/|['"`;?]|/\*"""
_TOKENS: Final = {
    # Whether a backslash escapes what follows it inside of quotes.
    True: re.compile(f"{_ESCAPED}|{_REST}", re.DOTALL),
    False: re.compile(f"{_PLAIN}|{_REST}", re.DOTALL),
}
_ENDING: Final = " \t\r\n;"
_LONGEST_KEPT: Final = 20_000  # characters; longer texts seldom come again


def with_values(sql: str, values: Sequence[object], *, escapes: bool) -> str:
    """Return a statement with literals in the place of its question marks; `escapes` says whether a backslash does.

    Raises:
        DriverFault: it has another number of question marks, is several statements, or has a quote that nothing closes.
    """
    pieces = _pieces(sql, escapes) if len(sql) > _LONGEST_KEPT else _kept_pieces(sql, escapes)
    if len(pieces) != len(values) + 1:
        raise _refused(f"The statement has {len(pieces) - 1} parameters (?), and {len(values)} values were given.")
    written: list[str] = [pieces[0]]
    for literal, piece in zip(literals(values), pieces[1:], strict=True):
        written += (literal, piece)
    # A blank on both sides: what stands beside a question mark must not become a part of the value, such as X'…'.
    return " ".join(written)


def _pieces(sql: str, escapes: bool) -> tuple[str, ...]:
    pieces: list[str] = []
    start = 0
    for token in _TOKENS[escapes].finditer(sql):
        match token[0]:
            case "?":
                pieces.append(sql[start : token.start()])
                start = token.end()
            case ";":
                if sql[token.end() :].strip(_ENDING):
                    raise _refused("Several statements can't have parameters: run them one by one.")
            case "'" | '"' | "`" | "/*":
                # A value behind it could close it, and what follows the value would be SQL.
                raise _refused(f"The statement has {token[0]} without an end.")
            case _:
                pass
    return (*pieces, sql[start:])


_kept_pieces: Final = lru_cache(1000)(_pieces)


def _refused(message: str) -> DriverFault:
    return DriverFault(FaultKind.DATABASE_ERROR, {"message": message})
