"""The reading and changing of records with only the requested fields, in a transaction.

Only this module knows how to ask the client for single fields. `actions` are those of a model (`tx.project`); rows are
dictionaries. `noun` is the name of the record in refusals.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.http.etags import Expected
from app.http.pagination import Window
from app.http.problems import NotFoundError, PreconditionFailedError
from app.http.sparse_fields import Fields, Row

Where = Mapping[str, Any]

# Holds for every row, and lets PostgreSQL use a partial index of pages by this column.
EVERY: Where = {"createdAt": {"gte": datetime(1000, 1, 1, tzinfo=UTC)}}


async def find_page(actions: Any, where: Where, window: Window, fields: Fields) -> list[Row]:
    """Return the rows of a part of a list, and one more if there is one."""
    return await actions.find_many(**window.arguments(where, fields))


async def find(actions: Any, where: Where, fields: Fields, noun: str, *others: str) -> Row:
    """Return a row; `others` are fields that are needed, but not shown.

    Raises:
        NotFoundError: there is none.
    """
    row = await actions.find_first(where=where, select=fields.select(*others))
    if row is None:
        raise NotFoundError(noun, where["id"])
    return row


async def create(actions: Any, data: Mapping[str, Any], fields: Fields, *others: str) -> Row:
    """Create a row and return it."""
    return await actions.create(data=data, select=fields.select("id", *others))


async def change(
    actions: Any,
    where: Where,
    data: Mapping[str, Any],
    fields: Fields,
    noun: str,
    *others: str,
    expected: Expected | None = None,
) -> Row:
    """Change a row, in one statement, and return it.

    Raises:
        NotFoundError: there is none.
        PreconditionFailedError: it is another version than the one expected.
    """
    condition = {} if expected is None else expected.condition()
    rows = await actions.update_many_and_return(where={**where, **condition}, data=data, select=fields.select(*others))
    if not rows:
        raise await _refusal(actions, where, noun)
    return rows[0]


async def remove(actions: Any, where: Where, noun: str, *, expected: Expected | None = None) -> None:
    """Delete a row, in one statement; it has the errors of `change`."""
    condition = {} if expected is None else expected.condition()
    if not await actions.delete_many(where={**where, **condition}):
        raise await _refusal(actions, where, noun)


async def _refusal(actions: Any, where: Where, noun: str) -> Exception:
    if await actions.count(where=where):
        return PreconditionFailedError(noun)
    return NotFoundError(noun, where["id"])
