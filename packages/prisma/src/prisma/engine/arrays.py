"""Array inserts: many rows in one statement of fixed length, one array for each column.

    INSERT INTO t (a, b) SELECT "r"."c1", CAST("r"."c2"::text AS role) FROM unnest($1::text[], $2::text[]) AS …

The server reads it in half the time that the same rows take as `VALUES ($1, $2), ($3, $4), …`, it is prepared once
whatever the number of rows, and there is no limit of placeholders. The arrays' types are those that the server gives to
the placeholders of the insert of one row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from prisma.engine.arguments import load_argument, request_index
from prisma.engine.run import Run
from prisma.frozen import Frozen
from prisma.plan import nodes

Column: TypeAlias = Sequence[Any]
ColumnMaker: TypeAlias = Callable[[Sequence[Column], int, Run], Column]
"""Makes one argument of all rows: from the columns of the request, their number, and the run."""

_PLACEHOLDER = "$%d"
_NULL = "null"


class ArrayForm(Frozen):
    """An insert as arrays: its text around the arrays' types, and where each template's columns come from.

    `sources[k][c]` is the argument of template k that the column c takes, None for NULL.
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


def array_form(head: str, tail: str, forms: Sequence[str]) -> ArrayForm | None:
    """Return the form of `head VALUES … tail` for groups of these forms; None where a row needs more than values.

    A column is one expression with a placeholder in all groups (`CAST($1::text AS role)`), a placeholder alone, which
    the expression takes as well, or `null`.
    """
    groups = [list(_items(form)) for form in forms]
    expressions = [_expression(set(items)) for items in zip(*groups, strict=True)]
    if None in expressions:
        return None
    columns = [expression for expression in expressions if expression is not None]
    numbers = range(1, len(columns) + 1)
    rows = [
        column.replace(_PLACEHOLDER, f'"r"."c{number}"') % () for number, column in zip(numbers, columns, strict=True)
    ]
    placeholders = [column % number for number, column in zip(numbers, columns, strict=True)]
    aliases = ", ".join(f'"c{number}"' for number in numbers)
    return ArrayForm(
        probe=f"{head} VALUES ({', '.join(placeholders)}){tail}",
        before=f"{head} SELECT {', '.join(rows)} FROM unnest(",  # noqa: S608 - the compiler's text, without a value
        after=f') AS "r"({aliases}){tail}',
        sources=tuple(_sources(items) for items in groups),
    )


def _expression(items: set[str]) -> str | None:
    """Return what a column is made of in all groups; None if they differ in more than a value."""
    found = items - {_NULL, _PLACEHOLDER}
    if not found:
        return _PLACEHOLDER
    (expression, *others) = found
    return None if others or expression.count(_PLACEHOLDER) != 1 else expression


def _sources(items: Sequence[str]) -> tuple[int | None, ...]:
    places = iter(range(len(items)))
    return tuple(None if item == _NULL else next(places) for item in items)


def _items(form: str) -> Iterator[str]:
    """Yield what stands between the commas of a group `(a, f(b, c))`."""
    depth, start, quote = 0, 1, ""
    for position, character in enumerate(form):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        if (character == "," and depth == 1 and not quote) or (not depth and not quote):
            yield form[start:position].strip()
            start = position + 1


def column_makers(args: Sequence[nodes.Value]) -> tuple[ColumnMaker, ...]:
    """Return for each argument of a row the function that makes it for all rows."""
    return tuple(map(_column_maker, args))


def _column_maker(value: nodes.Value) -> ColumnMaker:
    match value:
        case nodes.Param() if (index := request_index(value)) is not None:
            return lambda columns, count, run: columns[index]
        case nodes.Literal(content):
            return lambda columns, count, run: [content] * count
        case nodes.Generator("now"):
            return lambda columns, count, run: [run.now()] * count
        case nodes.Generator(name, made_of) if all(isinstance(item, nodes.Literal) for item in made_of):
            options = [item.value for item in made_of if isinstance(item, nodes.Literal)]
            return lambda columns, count, run: run.generators.many(name, count, *options)
        case _:
            return _by_row(value)


def _by_row(value: nodes.Value) -> ColumnMaker:
    argument = load_argument(value)

    def make(columns: Sequence[Column], count: int, run: Run) -> Column:
        made: list[Any] = []
        for values in zip(*columns, strict=True):
            run.values = values
            made.append(argument(run, {}))
        return made

    return make
