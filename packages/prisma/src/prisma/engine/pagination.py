"""Pagination in memory: distinct, cursor, take and skip, and reversed order, where the compiler leaves them to us.

It does so for pages of related records that are loaded by a query of their own: one statement reads the children of all
parents, so each parent's page has to be cut out afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeAlias, cast

from prisma.engine.arguments import Argument, load_argument
from prisma.engine.conversions import loads_exactly, same
from prisma.engine.plan_error import too_deep
from prisma.engine.records import Record, record_key
from prisma.engine.run import Run, Scope
from prisma.frozen import Frozen
from prisma.plan import nodes

Processing: TypeAlias = Callable[[Any, Run, Scope], Any]
"""Takes a value (None, a record, records, or the JSON text of those) and returns the page."""


class _Page(Frozen):
    cursor: dict[str, Any] | None
    take: int | None
    skip: int


def load_processing(operations: nodes.Operations) -> Processing:
    """Return the function that does the operations."""
    page = _load_pagination(operations.pagination)
    nested = tuple((field, load_processing(inner)) for field, inner in operations.nested)
    linking = operations.linking_fields or ()

    def process(value: Any, run: Run, scope: Scope) -> Any:
        # A relation that was joined is a column of JSON text.
        if isinstance(value, str):
            value = _parsed(value)
        if value is None:
            return None
        if isinstance(value, list):
            records = _reduce(cast("list[Record]", value), page(run, scope))
        else:
            records = [value] if _stays(value, page(run, scope)) else []
        for record in records:
            for field, inner in nested:
                record[field] = inner(record.get(field), run, scope)
        return records if isinstance(value, list) else records[0] if records else None

    def _reduce(records: list[Record], page: _Page | None) -> list[Record]:
        # The order is the compiler's: a page counts distinct records, and is reversed at the end.
        if operations.distinct is not None:
            records = _first_of_each(records, (*operations.distinct, *linking))
        if page is not None:
            records = [record for group in _groups(records, linking) for record in _cut(group, page)]
        return records[::-1] if operations.reverse else records

    return process


def _parsed(text: str) -> Any:
    try:
        return loads_exactly(text)
    except RecursionError as error:
        raise too_deep() from error


def _load_pagination(pagination: nodes.Pagination | None) -> Callable[[Run, Scope], _Page | None]:
    if pagination is None:
        return lambda run, scope: None
    cursor = None if pagination.cursor is None else [(name, load_argument(v)) for name, v in pagination.cursor]
    take, skip = _load_number(pagination.take), _load_number(pagination.skip)

    def page(run: Run, scope: Scope) -> _Page:
        start = None if cursor is None else {name: value(run, scope) for name, value in cursor}
        return _Page(start, take(run, scope), skip(run, scope) or 0)

    return page


def _load_number(value: nodes.Value | None) -> Argument:
    return load_argument(nodes.Literal(None) if value is None else value)


def _first_of_each(records: list[Record], fields: Sequence[str]) -> list[Record]:
    first: dict[Hashable, Record] = {}
    for record in records:
        # The first in the statement's order, as DISTINCT ON would choose.
        first.setdefault(record_key(record, fields), record)
    return list(first.values())


def _groups(records: list[Record], fields: Sequence[str]) -> list[list[Record]]:
    """Return the records of each parent; without linking fields all records are one group."""
    if not fields:
        return [records]
    groups: dict[Hashable, list[Record]] = {}
    for record in records:
        groups.setdefault(record_key(record, fields), []).append(record)
    return list(groups.values())


def _cut(records: list[Record], page: _Page) -> list[Record]:
    start = 0
    if page.cursor is not None:
        cursor = page.cursor
        # A cursor that matches no record gives an empty page.
        start = next((i for i, record in enumerate(records) if _is_at(record, cursor)), len(records))
    start += page.skip
    return records[start : None if page.take is None else start + page.take]


def _stays(record: Record, page: _Page | None) -> bool:
    if page is None:
        return True
    return page.skip == 0 and page.take != 0 and (page.cursor is None or _is_at(record, page.cursor))


def _is_at(record: Record, cursor: dict[str, Any]) -> bool:
    return all(same(record.get(name), value) for name, value in cursor.items())
