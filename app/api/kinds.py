"""The pages of a list whose rows have one value of an enumeration, newest first.

Row-level security lets an index serve only comparisons that PostgreSQL trusts not to reveal values, and that of
enumerations is none: with the client's filter, PostgreSQL reads a user's rows until the page is full. Here the value
stands in the text of the statement, and a partial index has its rows (migrations/…_growth): nothing is left to compare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prisma import join, sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.http.pagination import Window
    from app.http.sparse_fields import Row

# By whether the page goes backwards.
_AFTER = {False: sql("<"), True: sql(">")}
_ORDER = {False: sql('"createdAt" DESC, id DESC'), True: sql('"createdAt", id')}


async def find_page(actions: Any, table: Any, conditions: Sequence[Any], window: Window) -> list[Row]:
    """Return the rows of a part of a list, and one more if there is one; all are fragments of SQL but the `actions`.

    The conditions begin with that for the value, such as `type = 'BONUS'`. The window is one of NEWEST_FIRST.
    """
    where = [*conditions]
    if window.cursor is not None:
        edge = "(\"createdAt\", id) {} ({}::timestamptz AT TIME ZONE 'UTC', {})"
        where.append(sql(edge, _AFTER[window.backwards], *window.cursor.values))
    rows = await actions.query_raw(
        sql(
            "SELECT * FROM {} WHERE {} ORDER BY {} LIMIT {}::int",
            table,
            join(where, " AND "),
            _ORDER[window.backwards],
            window.take + 1,
        )
    )
    return [row.model_dump() for row in rows]


def created_between(since: datetime | None, until: datetime | None) -> list[Any]:
    """Return the conditions for rows that were created from `since` on and before `until`."""
    return [
        *([] if since is None else [sql("\"createdAt\" >= {}::timestamptz AT TIME ZONE 'UTC'", since)]),
        *([] if until is None else [sql("\"createdAt\" < {}::timestamptz AT TIME ZONE 'UTC'", until)]),
    ]
