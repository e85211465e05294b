r"""Literal comparison without case: what `ILIKE` compares with as a whole matches itself, `_`, `%` and `\` included.

`equals` and `not` without case become `name ILIKE $1`, so the caller's text is a pattern by accident: `a_b` finds
`axb`, too. With escapes it matches itself alone, and the server can use the same indexes as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from prisma.plan.nodes import Fragment, Generator, Literal, Node, Parameter, Statement, Text, Value
from prisma.plan.passes.sql_tokens import NAME, STRING
from prisma.plan.tree import map_statements

_COMPARED: Final = " ILIKE "
_WITH_COLUMN: Final = re.compile(rf"(?P<skipped>{STRING}|{NAME})| ILIKE (?P<column>{NAME}(?:\.{NAME})*)")


def escape_pattern(text: str) -> str:
    """Return the pattern that matches a text and nothing else."""
    return text.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%")


def compare_literally(plan: Node) -> Node:
    """Return the plan with escapes in every text that `ILIKE` compares with as a whole."""
    return map_statements(plan, _with_escapes)


def _with_escapes(statement: Statement) -> Statement:
    fragments = statement.fragments
    if not any(isinstance(fragment, Text) and _COMPARED in fragment.chunk for fragment in fragments):
        return statement
    columns = tuple(
        Text(_WITH_COLUMN.sub(_by_column, piece.chunk)) if isinstance(piece, Text) else piece for piece in fragments
    )
    whole = _are_whole(fragments)
    args = tuple(_pattern(arg) if next(whole, False) else arg for arg in statement.args)
    return Statement(columns, args, statement.arg_types, statement.chunkable)


def _are_whole(fragments: Sequence[Fragment]) -> Iterator[bool]:
    """Yield for each placeholder whether it is compared as a whole; `contains` has `('%' || $1 || '%')`."""
    before: Fragment | None = None
    for fragment in fragments:
        if not isinstance(fragment, Text):
            follows = isinstance(before, Text) and before.chunk.endswith(_COMPARED)
            yield follows and isinstance(fragment, Parameter)
        before = fragment


def _pattern(arg: Value) -> Value:
    if isinstance(arg, Literal):
        return Literal(escape_pattern(arg.value)) if isinstance(arg.value, str) else arg
    # The text is known at run time only: the engine escapes it then.
    return Generator("pattern", (arg,))


def _by_column(found: re.Match[str]) -> str:
    """Return the comparison with a column, whose text the server has to escape."""
    if found["skipped"] is not None:
        return found[0]
    return rf"{_COMPARED}regexp_replace({found['column']}, '([\\_%])', '\\\1', 'g')"
