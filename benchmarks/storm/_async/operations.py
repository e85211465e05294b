"""Operations: each writes rows with its mark, or checks what it reads.

What an operation is told to have written is there when it returns; `attempt.send` says from when on it may be.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final, TypeAlias

from benchmarks.storm.ledger import Attempt, expect, text

Operation: TypeAlias = Callable[[Any, Attempt], Awaitable[None]]

INSERT: Final = 'INSERT INTO "Entry" (mark, text) VALUES ($1, $2)'
LIMITS: Final = {"max_wait": timedelta(seconds=1), "timeout": timedelta(seconds=2)}


class Undone(Exception):
    """Leaves a block whose writes are to be undone."""


async def create(db: Any, attempt: Attempt) -> None:
    attempt.send(1)
    made = await db.entry.create(attempt.part(0))
    expect(made.text, text(attempt.mark, 0))


async def create_many(db: Any, attempt: Attempt) -> None:
    attempt.send(3)
    expect(await db.entry.create_many([attempt.part(number) for number in range(3)]), 3)


async def update(db: Any, attempt: Attempt) -> None:
    attempt.send(1)
    page = await db.page.update(where={"id": attempt.page}, data={"marks": {"push": [attempt.mark]}})
    if page is None:
        attempt.send(0)
    else:
        expect(page.marks[-1], attempt.mark)


async def upsert(db: Any, attempt: Attempt) -> None:
    attempt.send(1)
    page = await db.page.upsert(
        where={"id": attempt.page},
        data={
            "create": {"id": attempt.page, "marks": [attempt.mark]},
            "update": {"marks": {"push": [attempt.mark]}},
        },
    )
    expect(page.marks[-1], attempt.mark)


async def nested(db: Any, attempt: Attempt) -> None:
    attempt.send(3)
    parts = [attempt.part(number) for number in range(2)]
    folder = await db.folder.create(
        {"mark": attempt.mark, "entries": {"create": parts}}, include={"entries": {"order_by": {"text": "asc"}}}
    )
    expect([entry.text for entry in folder.entries], [part["text"] for part in parts])


async def batch(db: Any, attempt: Attempt) -> None:
    async with db.batch_() as writes:
        writes.entry.create(attempt.part(0))
        writes.folder.create({"mark": attempt.mark})
        writes.execute_raw(INSERT, attempt.mark, text(attempt.mark, 1))
        attempt.send(3)


async def transaction(db: Any, attempt: Attempt) -> None:
    async with db.tx(**LIMITS) as tx:
        await tx.entry.create(attempt.part(0))
        try:
            async with tx.tx() as inner:
                await inner.entry.create(attempt.part(1))
                raise Undone
        except Undone:
            pass
        async with tx.tx() as inner:
            await inner.entry.create(attempt.part(2))
        entries = await tx.entry.find_many(where={"mark": attempt.mark}, order={"text": "asc"})
        expect([entry.text for entry in entries], [text(attempt.mark, number) for number in (0, 2)])
        attempt.send(2)


async def undone(db: Any, attempt: Attempt) -> None:
    try:
        async with db.tx(**LIMITS) as tx:
            await tx.entry.create_many([attempt.part(number) for number in range(3)])
            raise Undone
    except Undone:
        pass


async def raw(db: Any, attempt: Attempt) -> None:
    attempt.send(1)
    expect(await db.execute_raw(INSERT, attempt.mark, text(attempt.mark, 0)), 1)


async def raw_rows(db: Any, attempt: Attempt) -> None:
    attempt.send(1)
    rows = await db.query_raw(f"{INSERT} RETURNING mark", attempt.mark, text(attempt.mark, 0))
    expect(rows, [{"mark": attempt.mark}])


async def lookup(db: Any, attempt: Attempt) -> None:
    if attempt.known is not None:
        folder = await db.folder.find_unique(
            {"mark": attempt.known}, include={"entries": {"order_by": {"text": "asc"}}}
        )
        texts = [text(attempt.known, number) for number in range(2)]
        expect([entry.text for entry in folder.entries] if folder else None, texts)


async def stream(db: Any, attempt: Attempt) -> None:
    async for entry in db.entry.stream(order={"id": "desc"}, take=30, batch_size=8):
        expect(entry.text[1:], f" of {entry.mark}")


async def stream_inside(db: Any, attempt: Attempt) -> None:
    async with db.tx(**LIMITS) as tx:
        await tx.entry.create(attempt.part(0))
        async for entry in tx.entry.stream(where={"mark": attempt.mark}, batch_size=1):
            expect(entry.text, text(attempt.mark, 0))
            await tx.entry.create(attempt.part(1))
        attempt.send(2)


OPERATIONS: Final[tuple[Operation, ...]] = (
    create, create_many, update, upsert, nested, batch, transaction, undone, raw, raw_rows, lookup, stream,
    stream_inside,
)  # fmt: skip
