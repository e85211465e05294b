"""`relationMode = "prisma"`: the database has no foreign keys, the client keeps the relations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from prisma.errors import DataError

pytestmark = pytest.mark.portable


@pytest.mark.needs("standard_quotes")
async def test_relation_mode_prisma(connect: Callable[[str], Any]) -> None:
    async with connect("relation_mode") as db:
        await db.author.create({"id": 1, "books": {"create": {"id": 1}}, "reviews": {"create": [{"id": 1}, {"id": 2}]}})
        note = await db.note.create({"id": 1, "authorId": 1}, include={"author": True})
        assert note.author.id == 1
        with pytest.raises(DataError) as caught:  # Restrict
            await db.author.delete({"id": 1})
        assert (type(caught.value), caught.value.code) == (DataError, "P2014")
        await db.note.delete({"id": 1})
        await db.author.delete({"id": 1}, include={"books": True})
        book = await db.book.find_unique({"id": 1}, include={"author": True})
        assert (book.authorId, book.author) == (None, None)  # SetNull
        assert await db.review.count() == 0  # Cascade
        # The database itself would allow it.
        await db.execute_raw('INSERT INTO "Book" VALUES (2, 99)')
        assert (await db.book.find_unique({"id": 2}, include={"author": True})).author is None
