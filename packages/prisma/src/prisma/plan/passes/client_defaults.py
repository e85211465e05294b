"""Defaults: ids that the client makes, where the compiler leaves their column out of an INSERT.

Given neither a relation nor a field of its foreign key, the compiler takes all of the key for the relation's business.
A required column among them whose default is `uuid()` or the like, which only the client can make, then gets NULL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeAlias, cast

from prisma.plan.nodes import ArgType, Fragment, Generator, Node, Parameter, Statement, Text, TupleArgType, Value
from prisma.plan.tree import rebuild

Defaults: TypeAlias = Mapping[str, Generator]
"""What makes the values of a table's columns, by column."""

_INSERT: Final = re.compile(
    r'INSERT INTO (?P<table>"(?:[^"]|"")+"\."(?:[^"]|"")+") '
    r'(?:\((?P<columns>(?:"(?:[^"]|"")+",?)+)\) VALUES \(|DEFAULT VALUES)'
)
_NEXT_ROW: Final = "), ("
_COLUMN: Final = re.compile(r'"(?:[^"]|"")+"')
_Placed: TypeAlias = tuple[Fragment, tuple[Value, ArgType | TupleArgType] | None]
"""A piece of a statement, and what fills it."""

_TYPE: Final = ArgType("string", None, "scalar")


def quoted(*names: str) -> str:
    """Return a name of SQL, with the names of what it is in before it."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def with_defaults(plan: Node, tables: Mapping[str, Defaults]) -> Node:
    """Return the plan with the columns that its INSERTs lack; `tables` has the defaults by `"schema"."table"`."""
    if not tables:
        return plan
    return cast("Node", rebuild(plan, lambda item: _completed(item, tables) if isinstance(item, Statement) else item))


def _completed(statement: Statement, tables: Mapping[str, Defaults]) -> Statement:
    first = statement.fragments[0]
    insert = _INSERT.match(first.chunk) if isinstance(first, Text) else None
    if insert is None or not isinstance(first, Text) or insert["table"] not in tables:
        return statement
    given = _COLUMN.findall(insert["columns"] or "")
    made = {quoted(name): maker for name, maker in tables[insert["table"]].items() if quoted(name) not in given}
    if not made:
        return statement
    args, types = iter(statement.args), iter(statement.arg_types)
    placed: list[_Placed] = [
        (Text(f"{first.chunk[: insert.end('table')]} ({','.join((*made, *given))}) VALUES ("), None)
    ]
    placed += _row(made, "," if given else ")")
    for fragment in (Text(first.chunk[insert.end() :]), *statement.fragments[1:]):
        if isinstance(fragment, Text):
            placed += _with_rows(fragment.chunk, made)
        else:
            placed.append((fragment, (next(args), next(types))))
    filled = [value for _, value in placed if value]
    return Statement(
        tuple(fragment for fragment, _ in placed),
        tuple(arg for arg, _ in filled),
        tuple(type_ for _, type_ in filled),
        statement.chunkable,
    )


def _row(made: Defaults, end: str) -> list[_Placed]:
    """Return the beginning of a row, up to the values that the statement has."""
    row: list[_Placed] = []
    for maker in made.values():
        row += ((Parameter(), (maker, _TYPE)), (Text(","), None))
    return [*row[:-1], (Text(end), None)]


def _with_rows(chunk: str, made: Defaults) -> list[_Placed]:
    """Return the text between placeholders, with the values that each row lacks; names stand only after all rows."""
    between, quote, names = chunk.partition('"')
    first, *rows = between.split(_NEXT_ROW)
    placed: list[_Placed] = [(Text(first), None)]
    for row in rows:
        placed += ((Text(_NEXT_ROW), None), *_row(made, "," + row))
    return [*placed, (Text(quote + names), None)]
