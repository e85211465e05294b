"""Array inserts: many rows in one statement of fixed length, one array for each column.

    INSERT INTO t (a, b) SELECT "r"."c1", CAST("r"."c2"::text AS role) FROM unnest($1::text[], $2::text[]) AS …

The server reads it in half the time that the same rows take as `VALUES ($1, $2), ($3, $4), …`, it is prepared once
whatever the number of rows, and there is no limit of placeholders. The arrays' types are those that the server gives to
the placeholders of the insert of one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from prisma.frozen import Frozen
from prisma.plan.passes.insert_rows import PLACEHOLDER, InsertedRow

Column: TypeAlias = Sequence[Any]

_NULL: Final = "null"


class UnnestInsert(Frozen):
    """An insert as arrays: its text around the arrays' types, and where each row's columns come from.

    `probe` is the insert of one row, whose placeholders have the types that are asked for. `sources[k][c]` is the
    argument of row k that the column c takes, None for NULL.
    """

    probe: str
    before: str
    after: str
    sources: tuple[tuple[int | None, ...], ...]

    def sql(self, types: Sequence[str]) -> str:
        """Return the statement for arrays of these types."""
        arrays = ", ".join(f"${number}::{name}" for number, name in enumerate(types, 1))
        return f"{self.before}{arrays}{self.after}"

    def transposed(self, rows: Sequence[tuple[int, Sequence[Any]]]) -> tuple[Column, ...]:
        """Return the columns of rows, each given by its template's index and arguments."""
        filled = [[None if at is None else args[at] for at in self.sources[index]] for index, args in rows]
        return tuple(map(list, zip(*filled, strict=True)))


def unnest_insert(head: str, rows: Sequence[InsertedRow], tail: str) -> UnnestInsert | None:
    """Return the insert of rows like these, which `head` and `tail` surround; None where one needs more than values.

    A column is one expression with a placeholder in all rows (`CAST($1::text AS role)`), a placeholder alone, which
    the expression takes as well, or `null`. `DEFAULT` is no value, and a list no element of an array.
    """
    stripped = [[item.strip() for item in row.items] for row in rows]
    expressions = [_expression(set(items)) for items in zip(*stripped, strict=True)]
    if None in expressions:
        return None
    numbered = [(number, expression or "") for number, expression in enumerate(expressions, 1)]
    selected = ", ".join([expression.replace(PLACEHOLDER, f'"r"."c{number}"') for number, expression in numbered])
    probed = ", ".join([expression.replace(PLACEHOLDER, f"${number}") for number, expression in numbered])
    aliases = ", ".join([f'"c{number}"' for number, _ in numbered])
    return UnnestInsert(
        probe=f"{head} VALUES ({probed}){tail}",
        before=f"{head} SELECT {selected} FROM unnest(",  # noqa: S608 - the compiler's text, without a value
        after=f') AS "r"({aliases}){tail}',
        sources=tuple(_sources(items) for items in stripped),
    )


def _expression(items: set[str]) -> str | None:
    """Return what a column is made of in all rows; None if they differ in more than a value."""
    found = items - {_NULL, PLACEHOLDER}
    if not found:
        return PLACEHOLDER
    (expression, *others) = found
    return None if others or expression.count(PLACEHOLDER) != 1 else expression


def _sources(items: Sequence[str]) -> tuple[int | None, ...]:
    places = iter(range(len(items)))
    return tuple(None if item == _NULL else next(places) for item in items)
