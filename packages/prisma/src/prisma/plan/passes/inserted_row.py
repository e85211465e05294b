"""A new row from its INSERT: `INSERT … RETURNING` in the place of a transaction that inserts a row and reads it again.

The compiler's plans for MySQL have no RETURNING, which MariaDB has for INSERT: a record without relations is created by
a transaction of two statements, four round trips. With RETURNING it is one statement, whose answer is the same row.
"""

from __future__ import annotations

import re
from typing import Final

from prisma.plan.nodes import (
    DataMap,
    Fragment,
    Get,
    InitializeRecord,
    Let,
    Literal,
    MapField,
    Node,
    Param,
    Parameter,
    Query,
    Statement,
    Text,
    Transaction,
    Unique,
    Validate,
)
from prisma.plan.passes.sql_tokens import NAME

_TABLE: Final = rf"{NAME}\.{NAME}"
_INSERT: Final = re.compile(rf"INSERT INTO ({_TABLE}) \(")
_SELECT: Final = re.compile(rf"SELECT ({_TABLE}\.{NAME}(?:, {_TABLE}\.{NAME})*) FROM ({_TABLE}) WHERE ")  # noqa: S608 - a pattern
_COLUMN: Final = re.compile(rf"({_TABLE})\.({NAME})")
# The end of what reads one row by its key.
_LIMIT: Final = (" LIMIT ", " OFFSET ")


def return_inserted_rows(plan: Node) -> Node:
    """Return the plan with one statement in the place of a transaction that inserts a row and reads it again."""
    match plan:
        case Transaction(expr=DataMap(expr=Let(bindings=((record, made),), expr=read)) as mapping):
            bindings, insert = _inserted(made)
            select = _read_again(record, read)
            if insert is None or select is None:
                return plan
            statement = _returning(insert, select)
            if statement is None:
                return plan
            query: Node = Unique(Query(statement))
            return DataMap(Let(bindings, query) if bindings else query, mapping.structure, mapping.enums)
        case _:
            return plan


def _inserted(node: Node) -> tuple[tuple[tuple[str, Node], ...], Statement | None]:
    """Return the values that are made for a new row, and the statement that inserts it."""
    match node:
        case Let(bindings=bindings, expr=InitializeRecord(expr=Unique(expr=Query(statement=statement)))):
            return bindings, statement
        case InitializeRecord(expr=Unique(expr=Query(statement=statement))):
            return (), statement
        case _:
            return (), None


def _read_again(record: str, node: Node) -> Statement | None:
    """Return the statement that reads the record of a name again by its key, None if the plan does more with it."""
    if not isinstance(node, Let) or not isinstance(node.expr, Unique) or not isinstance(node.expr.expr, Query):
        return None
    (checked, check), *keys = node.bindings
    if checked != record or not _is_check(record, check) or not all(_is_key(record, *key) for key in keys):
        return None
    statement = node.expr.expr.statement
    key_values, ending = statement.args[:-2], statement.args[-2:]
    names = {name for name, _ in keys}
    is_by_key = bool(key_values) and all(isinstance(value, Param) and value.name in names for value in key_values)
    return statement if is_by_key and ending == (Literal(1), Literal(0)) else None


def _is_check(record: str, node: Node) -> bool:
    match node:
        case Unique(expr=Validate(expr=Get(name=checked))):
            return checked == record
        case _:
            return False


def _is_key(record: str, name: str, node: Node) -> bool:
    match node:
        case MapField(field=field, records=Get(name=of)):
            return of == record and name == f"{record}${field}"
        case _:
            return False


def _returning(insert: Statement, select: Statement) -> Statement | None:
    written, read = _first(insert), _first(select)
    into, selected = _INSERT.match(written), _SELECT.match(read)
    tail = tuple(fragment.chunk for fragment in select.fragments if isinstance(fragment, Text))[-2:]
    is_simple = all(isinstance(fragment, Text | Parameter) for fragment in insert.fragments)
    if into is None or selected is None or into[1] != selected[2] or tail != _LIMIT or not is_simple:
        return None
    columns = _COLUMN.findall(selected[1])
    if any(table != into[1] for table, _ in columns):
        return None
    fragments: tuple[Fragment, ...] = (*insert.fragments, Text(f" RETURNING {', '.join(name for _, name in columns)}"))
    return Statement(fragments, insert.args, insert.arg_types, chunkable=False)


def _first(statement: Statement) -> str:
    first = statement.fragments[0] if statement.fragments else None
    return first.chunk if isinstance(first, Text) else ""
