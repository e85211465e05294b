"""`retriable`: errors of work that had no effect and may succeed when it is tried again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from prisma.errors import DataError

pytestmark = pytest.mark.schema("blog")

SLEEP = "SELECT pg_sleep(5)::text"
BLOCK = "DO $$ BEGIN PERFORM pg_sleep(5); END $$"
# Settings that limit a statement's time, and the server's code.
TIMEOUTS = {"statement_timeout": "57014", "lock_timeout": "55P03"}


async def failure(work: Callable[[], Awaitable[Any]]) -> tuple[bool, str | None, Any]:
    with pytest.raises(DataError) as caught:
        await work()
    return caught.value.retriable, caught.value.code, caught.value.meta.get("code")


@pytest.mark.parametrize("setting", TIMEOUTS)
async def test_timeouts_of_the_server_are_retriable(db: Any, ada: Any, setting: str) -> None:
    async def change() -> None:
        async with db.tx() as other, db.tx() as tx:
            await other.user.update({"score": 1}, {"id": ada.id})
            await tx.execute_raw(f"SET LOCAL {setting} = 50")
            await tx.user.update({"score": 2}, {"id": ada.id})

    async def change_by_sql() -> None:
        async with db.tx() as other, db.tx() as tx:
            await other.user.update({"score": 1}, {"id": ada.id})
            await tx.execute_raw(f"SET LOCAL {setting} = 50")
            await tx.execute_raw('UPDATE "User" SET score = 2 WHERE id = $1', ada.id)

    code = TIMEOUTS[setting]
    assert [await failure(change), await failure(change_by_sql)] == [(True, "P2039", code), (True, "P2010", code)]


async def test_a_statement_that_may_have_committed_is_not_retriable(db: Any) -> None:
    async def run(sql: str) -> None:
        async with db.tx() as tx:
            await tx.execute_raw("SET LOCAL statement_timeout = 50")
            await tx.execute_raw(f"-- a comment\n{sql}")

    found = [await failure(lambda sql=sql: run(sql)) for sql in (SLEEP, BLOCK)]
    assert found == [(True, "P2010", "57014"), (False, "P2010", "57014")]


async def test_a_statement_that_a_person_canceled_is_not_retriable(db: Any) -> None:
    # Only the server's text distinguishes it from a timeout.
    cancel = "SELECT pg_cancel_backend(pg_backend_pid())::text, pg_sleep(5)::text"
    assert await failure(lambda: db.query_raw(cancel)) == (False, "P2010", "57014")


async def test_conflicts(db: Any, ada: Any) -> None:
    async def conflict() -> None:
        async with db.tx(isolation_level="RepeatableRead") as tx:
            await tx.user.count()
            await db.user.update({"score": 1}, {"id": ada.id})
            await tx.user.update({"score": 2}, {"id": ada.id})

    retriable, code, _ = await failure(conflict)
    assert (retriable, code) == (True, "P2034")
