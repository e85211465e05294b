"""The writing of many made-up users with all their rows, in a run that can be stopped and continued.

Each portion writes its users first and then its other rows. All ids are derived from the number of the user. So the
users of a later portion prove that the earlier portion is complete, and writing a portion twice changes nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from app.database.retry import batch_insert
from app.seed.example_users import ExampleUser
from app.seed.random_users import random_users
from app.seed.rows import TABLES, Row, rows_of, user
from prisma import Prisma

# People whose rows are in memory at a time, and rows of one statement.
PORTION = 500
ROWS = 250
# The tables of each step can be written at the same time: only invoices refer to another table than users.
_STEPS = (tuple(name for name in TABLES if name != "invoice"), ("invoice",))


class Progress(Protocol):
    """Gets the number of users so far and in all, and the users and rows that `seconds` of work wrote."""

    def __call__(self, *, users: int, of: int, written: int, rows: int, seconds: float) -> object: ...


async def fill_volume(db: Prisma, users: int, progress: Progress) -> None:
    """Write the users 0 to `users`; continue after an earlier run that was stopped."""
    whole = await _whole_portions(db, users)
    began, written, rows = time.monotonic(), 0, 0
    for start in range(0, users, PORTION):
        end = min(start + PORTION, users)
        if start not in whole:
            rows += await _put(db, random_users(range(start, end)), start)
            written += end - start
        progress(users=end, of=users, written=written, rows=rows, seconds=time.monotonic() - began)


async def _whole_portions(db: Prisma, users: int) -> set[int]:
    """Return the first users of the portions that are complete."""
    starts = list(range(0, users, PORTION))
    first = random_users([0])[0].id
    found: Any = await db.query_raw(
        # Up to nine digits: as the ids are made of numbers with leading zeros, they are in the order of these.
        "SELECT substr(id, $2)::int / $3 AS portion, count(*)::int AS users FROM users "
        "WHERE id LIKE $1 AND substr(id, $2) ~ '^[0-9]{1,9}$' GROUP BY 1",
        f"{first.rstrip('0')}%",
        len(first.rstrip("0")) + 1,
        PORTION,
    )
    counts = {row["portion"]: row["users"] for row in found}
    last = max(counts, default=-1)
    # The last portion may lack rows of other tables.
    return {start for start in starts if start // PORTION < last and counts.get(start // PORTION) == PORTION}


async def _put(db: Prisma, people: Sequence[ExampleUser], start: int) -> int:
    """Write a portion and return how many rows are new."""
    written = await _insert(db, "user", [user(person, start + number) for number, person in enumerate(people)])
    for step in _STEPS:
        written += sum(await asyncio.gather(*(_insert(db, table, rows_of(people, table)) for table in step)))
    return written


async def _insert(db: Prisma, table: str, rows: Sequence[Row]) -> int:
    return await batch_insert(rows, inserter(db, table), ROWS)


def inserter(db: Prisma, table: str) -> Callable[[Sequence[Row]], Awaitable[int]]:
    """Return the function that inserts rows of a table and skips rows that exist."""

    async def insert(rows: Sequence[Row]) -> int:
        return await getattr(db, table).create_many(data=list(rows), skip_duplicates=True)

    return insert
