"""Patterns in SQL: what `ILIKE` compares with as a whole stands for itself, `_`, `%` and `\\` included.

`equals` and `not` without case become `name ILIKE $1`, so that the caller's text is a pattern by accident. Written with
escapes it matches itself alone, and the server goes the same ways to find it as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from prisma.plan.nodes import Fragment, Generator, Literal, Parameter, Text, Value

_COMPARED: Final = " ILIKE "
_QUOTED: Final = r"""'(?:[^']|'')*'|"(?:[^"]|"")*\""""
_WITH_COLUMN: Final = re.compile(rf'(?P<skipped>{_QUOTED})| ILIKE (?P<column>"(?:[^"]|"")+"(?:\."(?:[^"]|"")+")*)')


def escaped(text: str) -> str:
    """Return the pattern that matches a text and nothing else."""
    return text.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%")


def with_whole_texts(
    fragments: Sequence[Fragment], args: Sequence[Value]
) -> tuple[tuple[Fragment, ...], tuple[Value, ...]]:
    """Return a statement's fragments and arguments with every text that is compared as a whole escaped."""
    if not any(isinstance(fragment, Text) and _COMPARED in fragment.chunk for fragment in fragments):
        return tuple(fragments), tuple(args)
    columns = tuple(
        Text(_WITH_COLUMN.sub(_by_column, piece.chunk)) if isinstance(piece, Text) else piece for piece in fragments
    )
    whole = _are_whole(fragments)
    return columns, tuple(_pattern(arg) if next(whole, False) else arg for arg in args)


def _are_whole(fragments: Sequence[Fragment]) -> Iterator[bool]:
    """Yield for each placeholder whether it is compared as a whole."""
    before: Fragment | None = None
    for fragment in fragments:
        if not isinstance(fragment, Text):
            follows = isinstance(before, Text) and before.chunk.endswith(_COMPARED)
            yield follows and isinstance(fragment, Parameter)
        before = fragment


def _pattern(arg: Value) -> Value:
    if isinstance(arg, Literal):
        return Literal(escaped(arg.value)) if isinstance(arg.value, str) else arg
    return Generator("pattern", (arg,))


def _by_column(found: re.Match[str]) -> str:
    if found["skipped"] is not None:
        return found[0]
    return rf"{_COMPARED}regexp_replace({found['column']}, '([\\_%])', '\\\1', 'g')"
