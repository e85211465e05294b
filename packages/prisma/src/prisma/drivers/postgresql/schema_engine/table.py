"""The rows of an answer, as the schema engine takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from prisma.column_types import ColumnType


class Table(NamedTuple):
    """The answer to a query; see `prisma.schema_engine.database.Rows`."""

    names: list[str]
    types: list[ColumnType]
    rows: list[list[object]]
