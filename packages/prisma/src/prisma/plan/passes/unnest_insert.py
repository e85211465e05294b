"""Array inserts: many rows in one statement of fixed length, one array for each column.

    INSERT INTO t (a, b) SELECT "r"."c1", CAST("r"."c2"::text AS role) FROM unnest($1::text[], $2::text[]) AS …

What is the same in all rows, such as the moment of `now`, is one value and no array: `SELECT "r"."c1", $2::timestamp`.
The server reads it in half the time that the same rows take as `VALUES ($1, $2), ($3, $4), …`, it is prepared once
whatever the number of rows, and there is no limit of placeholders. The arrays' types are those that the server gives to
the placeholders of the insert of one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from prisma.frozen import Frozen
from prisma.plan import nodes
from prisma.plan.passes.insert_rows import PLACEHOLDER, InsertedRow

Column: TypeAlias = Sequence[Any]

_NULL: Final = "null"


class UnnestInsert(Frozen):
    """An insert as arrays: its text around the arrays' types, and where each row's columns come from.

    `probe` is the insert of one row, whose placeholders have the types that are asked for. `selected` has the
    expressions of the columns. Those that are the same in all rows are `fixed`, and have a placeholder there.
    `sources[k][c]` is the argument of row k that the column c takes, None for NULL.
    """

    probe: str
    head: str
    selected: tuple[str, ...]
    after: str
    fixed: frozenset[int]
    sources: tuple[tuple[int | None, ...], ...]

    def sql(self, types: Sequence[str]) -> str:
        """Return the statement for columns with arrays of these types."""
        names = [f"${number}::{name}" for number, name in enumerate(types, 1)]
        selected = [
            item.replace(PLACEHOLDER, names[place].removesuffix("[]")) if place in self.fixed else item
            for place, item in enumerate(self.selected)
        ]
        arrays = ", ".join([name for place, name in enumerate(names) if place not in self.fixed])
        return f"{self.head} SELECT {', '.join(selected)} FROM unnest({arrays}{self.after}"  # noqa: S608 - no value

    def transposed(self, rows: Sequence[tuple[int, Sequence[Any]]]) -> tuple[Any, ...]:
        """Return the arguments for rows, each given by its template's index and arguments."""
        filled = [[None if at is None else args[at] for at in self.sources[index]] for index, args in rows]
        columns = map(list, zip(*filled, strict=True))
        return tuple([column[0] if place in self.fixed else column for place, column in enumerate(columns)])


def unnest_insert(
    head: str, rows: Sequence[InsertedRow], tail: str, values: Sequence[Sequence[nodes.Value]]
) -> UnnestInsert | None:
    """Return the insert of rows like these, which `head` and `tail` surround; None where one needs more than values.

    `values[k]` are the arguments of row k, in the numbering of its own parameters.

    A column is one expression with a placeholder in all rows (`CAST($1::text AS role)`), a placeholder alone, which
    the expression takes as well, or `null`. `DEFAULT` is no value, and a list no element of an array.
    """
    stripped = [[item.strip() for item in row.items] for row in rows]
    expressions = [_expression(set(items)) for items in zip(*stripped, strict=True)]
    if None in expressions:
        return None
    sources = tuple(_sources(items) for items in stripped)
    fixed = _fixed(sources, values)
    numbered = [(number, expression or "") for number, expression in enumerate(expressions, 1)]
    probed = ", ".join([expression.replace(PLACEHOLDER, f"${number}") for number, expression in numbered])
    aliases = ", ".join([f'"c{number}"' for number, _ in numbered if number - 1 not in fixed])
    return UnnestInsert(
        probe=f"{head} VALUES ({probed}){tail}",
        head=head,
        selected=tuple(
            expression if number - 1 in fixed else expression.replace(PLACEHOLDER, f'"r"."c{number}"')
            for number, expression in numbered
        ),
        after=f') AS "r"({aliases}){tail}',
        fixed=fixed,
        sources=sources,
    )


def _fixed(sources: Sequence[Sequence[int | None]], values: Sequence[Sequence[nodes.Value]]) -> frozenset[int]:
    """Return the columns that have one value in all rows: a constant, or the moment of the run."""
    found: list[int] = []
    for place in range(len(sources[0])):
        made = [None if (at := row[place]) is None else args[at] for row, args in zip(sources, values, strict=True)]
        if _is_constant(made[0]) and all(value == made[0] for value in made):
            found.append(place)
    # The arrays say how many rows there are.
    return frozenset(found) if len(found) < len(sources[0]) else frozenset()


def _is_constant(value: nodes.Value | None) -> bool:
    return isinstance(value, nodes.Literal) or value == nodes.Generator("now", ())


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
