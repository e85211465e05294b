"""INSERTs taken apart: the rows of `INSERT … VALUES (…), (…) …`, and the items of each row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from prisma.frozen import Frozen
from prisma.plan.nodes import ArgType, Fragment, Parameter, Statement, Text, TupleArgType, Value
from prisma.plan.passes.sql_tokens import read_items, read_tokens

PLACEHOLDER: Final = "\0"
"""What an item has for a placeholder; PostgreSQL allows this character in no SQL."""

_VALUES: Final = " VALUES "


class InsertedRow(Frozen):
    """A row: the SQL of each column, and the arguments for the placeholders in it, from the left to the right."""

    items: tuple[str, ...]
    args: tuple[Value, ...]
    arg_types: tuple[ArgType | TupleArgType, ...]

    @property
    def sql(self) -> str:
        """The row as the statement has it."""
        return f"({','.join(self.items)})"


class Insert(Frozen):
    """An INSERT: its text up to VALUES and the space after it, the rows, and the rest.

    `tail` has a placeholder for each of `tail_args`, e.g. in ON CONFLICT DO UPDATE.
    """

    head: str
    rows: tuple[InsertedRow, ...]
    tail: str
    tail_args: tuple[Value, ...]
    tail_types: tuple[ArgType | TupleArgType, ...]

    def statement(self, *, chunkable: bool) -> Statement:
        """Return the parts as a statement."""
        sql = f"{self.head}{', '.join([row.sql for row in self.rows])}{self.tail}"
        first, *others = sql.split(PLACEHOLDER)
        fragments: list[Fragment] = [Text(first)]
        for text in others:
            fragments += (Parameter(), Text(text))
        args = (*(arg for row in self.rows for arg in row.args), *self.tail_args)
        types = (*(type_ for row in self.rows for type_ in row.arg_types), *self.tail_types)
        return Statement(tuple(fragments), args, types, chunkable)


def take_apart(statement: Statement) -> Insert | None:
    """Return the parts of an INSERT; None for a statement of another form."""
    if not all(isinstance(fragment, Text | Parameter) for fragment in statement.fragments):
        return None
    tokens = read_tokens(_marked(statement.fragments))
    # A placeholder inside quotes, or a quote that nothing closes: the text means something else than it seems.
    if any(token[0] in "'\"`" and (PLACEHOLDER in token or len(token) == 1) for token in tokens):
        return None
    start = next((index for index, token in enumerate(tokens, 1) if token.endswith(_VALUES)), None)
    if start is None:
        return None
    # Arguments are in the order of their placeholders, so each row takes as many as it has.
    args, types = iter(statement.args), iter(statement.arg_types)
    rows: list[InsertedRow] = []
    position = start
    while (opened := _next_row(tokens, position, is_first=not rows)) is not None:
        found = read_items(tokens, opened)
        if found is None:
            return None
        items, position = found
        count = sum(item.count(PLACEHOLDER) for item in items)
        rows.append(InsertedRow(tuple(items), tuple(islice(args, count)), tuple(islice(types, count))))
    head, tail = "".join(tokens[:start]), "".join(tokens[position:])
    return Insert(head, tuple(rows), tail, tuple(args), tuple(types))


def _marked(fragments: Sequence[Fragment]) -> str:
    return "".join([fragment.chunk if isinstance(fragment, Text) else PLACEHOLDER for fragment in fragments])


def _next_row(tokens: Sequence[str], position: int, *, is_first: bool) -> int | None:
    """Return the position inside the row that opens here: at once for the first row, after a comma for the others."""
    if not is_first:
        if tokens[position : position + 1] != [","]:
            return None
        position += 1
        if position < len(tokens) and not tokens[position].strip():
            position += 1
    return position + 1 if tokens[position : position + 1] == ["("] else None
