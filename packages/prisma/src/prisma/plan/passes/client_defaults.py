"""Client defaults: ids that the client makes, where the compiler leaves their column out of an INSERT.

Given neither a relation nor a field of its foreign key, the compiler leaves the whole key to the relation. A required
column of the key whose default is `uuid()` or the like, which only the client can make, then gets NULL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from prisma.plan.nodes import ArgType, Generator, Node, Statement, Text
from prisma.plan.passes.insert_rows import PLACEHOLDER, Insert, InsertedRow, take_apart
from prisma.plan.passes.sql_tokens import NAME, quoted, unquoted
from prisma.plan.tree import map_statements

ColumnDefaults: TypeAlias = Mapping[str, Generator]
"""What makes the values of a table's columns, by column."""
Table: TypeAlias = tuple[str, str]
"""The names of a table's schema and of the table."""

_INSERT: Final = re.compile(
    rf"INSERT INTO (?P<table>(?P<schema>{NAME})\.(?P<name>{NAME})) (?:\((?P<columns>(?:{NAME},? ?)+)\) )?VALUES "
)
# How a row without columns is written.
_NO_COLUMNS: Final = re.compile(rf"\A(INSERT INTO {NAME}\.{NAME}) DEFAULT VALUES")
_COLUMN: Final = re.compile(NAME)
_TYPE: Final = ArgType("string", None, "scalar")


def add_client_defaults(plan: Node, tables: Mapping[Table, ColumnDefaults]) -> Node:
    """Return the plan with the columns that its INSERTs lack; `tables` has the defaults by schema and table."""
    return map_statements(plan, lambda statement: _completed(statement, tables)) if tables else plan


def _completed(statement: Statement, tables: Mapping[Table, ColumnDefaults]) -> Statement:
    first, *rest = statement.fragments
    if not isinstance(first, Text) or not first.chunk.startswith("INSERT INTO "):
        return statement
    listed = Text(_NO_COLUMNS.sub(r"\1 VALUES ()", first.chunk))
    head = _INSERT.match(listed.chunk)
    if head is None:
        return statement
    given = _COLUMN.findall(head["columns"] or "")
    quote = head["name"][0]
    defaults = tables.get((unquoted(head["schema"]), unquoted(head["name"])), {})
    columns = {quoted(name, quote=quote): maker for name, maker in defaults.items()}
    made = {name: maker for name, maker in columns.items() if name not in given}
    insert = take_apart(Statement((listed, *rest), statement.args, statement.arg_types, statement.chunkable))
    if not made or insert is None:
        return statement
    start = f"INSERT INTO {head['table']} ({','.join((*made, *given))}) VALUES "  # noqa: S608 - names of the schema
    rows = tuple(_with_values(row, made) for row in insert.rows)
    whole = Insert(start, rows, insert.tail, insert.tail_args, insert.tail_types)
    return whole.statement(chunkable=statement.chunkable)


def _with_values(row: InsertedRow, made: ColumnDefaults) -> InsertedRow:
    """Return a row that begins with the made values."""
    items = (*[PLACEHOLDER] * len(made), *filter(None, row.items))
    return InsertedRow(items, (*made.values(), *row.args), (*[_TYPE] * len(made), *row.arg_types))
