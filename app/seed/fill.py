"""Filling the database with example data; a second time changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.resilience import batch_insert
from app.seed.crowd import crowd
from app.seed.people import PEOPLE, Person
from app.seed.rows import TABLES, Row, rows_of, user
from prisma import Prisma

# People of a crowd whose rows are in memory at a time.
CROWD_PORTION = 500

Say = Callable[[str], None]


async def fill(db: Prisma, *, users: int, say: Say) -> dict[str, int]:
    """Write the people, and a crowd of `users` more, with everything that belongs to them.

    Returns how many rows each table holds then. Rows that are there already stay as they are, except that the
    people get their names and roles back.
    """
    for number, person in enumerate(PEOPLE):
        await _put_user(db, user(person, number))
    say(f"user: {len(PEOPLE)} people")
    await _put_rows(db, PEOPLE, say)
    for start in range(0, users, CROWD_PORTION):
        end = min(start + CROWD_PORTION, users)
        await _put_crowd(db, crowd(range(start, end)), start)
        say(f"crowd: {end} of {users} users")
    return {name: await getattr(db, name).count() for name in ("user", *TABLES)}


async def is_filled(db: Prisma) -> bool:
    """Tell whether the database holds any user, seeded or not."""
    return await db.user.find_first() is not None


async def _put_user(db: Prisma, row: Row) -> None:
    # By id: should somebody else have taken the address, that is an error worth seeing.
    update: Any = {"name": row["name"], "role": row["role"]}
    create: Any = row
    await db.user.upsert(where={"id": row["id"]}, data={"create": create, "update": update})


async def _put_crowd(db: Prisma, people: Sequence[Person], start: int) -> None:
    rows = [user(person, start + number) for number, person in enumerate(people)]
    await batch_insert(rows, _inserter(db, "user"))
    await _put_rows(db, people, lambda _: None)


async def _put_rows(db: Prisma, people: Sequence[Person], say: Say) -> None:
    for table in TABLES:
        rows = rows_of(people, table)
        created = await batch_insert(rows, _inserter(db, table))
        say(f"{table}: {created} new, {len(rows) - created} there already")


def _inserter(db: Prisma, table: str) -> Callable[[Sequence[Row]], Any]:
    async def insert(rows: Sequence[Row]) -> int:
        return await getattr(db, table).create_many(data=list(rows), skip_duplicates=True)

    return insert
