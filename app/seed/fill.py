"""The writing of the example data; a second run changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.database.retry import batch_insert
from app.seed.example_users import EXAMPLE_USERS, ExampleUser
from app.seed.rows import TABLES, Row, rows_of, user
from app.seed.volume import Progress, fill_volume, inserter
from prisma import Prisma

Say = Callable[[str], None]


async def fill(db: Prisma, *, users: int, say: Say, progress: Progress) -> dict[str, int]:
    """Write the people, and `users` made-up ones more, with everything that belongs to them.

    Returns how many rows each table holds then. Rows that are there already stay as they are, except that the
    people get their names and roles back.
    """
    for number, person in enumerate(EXAMPLE_USERS):
        await _put_user(db, user(person, number))
    say(f"user: {len(EXAMPLE_USERS)} people")
    await _put_rows(db, EXAMPLE_USERS, say)
    await fill_volume(db, users, progress)
    return {name: await getattr(db, name).count() for name in ("user", *TABLES)}


async def is_filled(db: Prisma) -> bool:
    """Tell whether the database holds any user, seeded or not."""
    return await db.user.find_first() is not None


async def _put_user(db: Prisma, row: Row) -> None:
    # By id, so that an address that another user has is an error.
    update: Any = {"name": row["name"], "role": row["role"]}
    create: Any = row
    await db.user.upsert(where={"id": row["id"]}, data={"create": create, "update": update})


async def _put_rows(db: Prisma, people: Sequence[ExampleUser], say: Say) -> None:
    for table in TABLES:
        rows = rows_of(people, table)
        created = await batch_insert(rows, inserter(db, table))
        say(f"{table}: {_told(created, len(rows) - created)}")


def _told(created: int, found: int) -> str:
    """Return how many rows are new, and how many were there, without the one of which there are none."""
    counts = {f"{created} new": created, f"{found} there already": found}
    return ", ".join(text for text, count in counts.items() if count) or "none"
