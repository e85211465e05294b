"""A statement of the caller's own that runs before all others of its transaction, in one message with the first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from prisma import sql
from prisma.errors import DataError

# Without rows: it adds a user if there is none with this name, and fails if there is.
CLAIM = sql('INSERT INTO users (id, email, name, "updatedAt") VALUES ({}, {}, {}, now())', "", "", "")
CREATE = 'INSERT INTO users (id, email, "updatedAt") VALUES ($1, $1, now()) RETURNING id'
SLEEP = "SELECT 1 AS one FROM (SELECT pg_sleep($1::float8)) slept"
VALUE = "o'neil \\' ; $1 -- \u00e9\U0001f600"


@pytest.fixture
async def db(make_client: Callable[..., Any], url: str) -> Any:
    """A client with one connection, so that what is left behind would show."""
    async with make_client(datasource={"url": f"{url}&connection_limit=1"}) as client:
        yield client


def claim(id: str) -> Any:
    return CLAIM.with_values(id, id, VALUE)


async def ids(client: Any) -> list[str]:
    return [row["id"] for row in await client.query_raw("SELECT id FROM users ORDER BY id")]


OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "query_raw": lambda tx: tx.query_raw(CREATE, "b"),
    "execute_raw": lambda tx: tx.execute_raw(CREATE, "b"),
    "create": lambda tx: tx.user.create({"id": "b", "email": "b"}),
    "create_many": lambda tx: tx.user.create_many([{"id": "b", "email": "b"}]),
    "simple": lambda tx: tx.execute_raw("INSERT INTO users (id, email, \"updatedAt\") VALUES ('b', 'b', now())"),
    "nested": lambda tx: tx.tx().run(lambda inner: inner.user.create({"id": "b", "email": "b"})),
}


@pytest.mark.parametrize("settings", [None, {"app.user_id": VALUE}], ids=["alone", "settings"])
@pytest.mark.parametrize("name", OPERATIONS)
async def test_it_runs_first_and_once(db: Any, name: str, settings: Any) -> None:
    found = []
    for _ in range(3):  # the second time, the statements are kept
        manager = db.tx()
        tx = await manager.start(settings, first=claim("a"))
        await OPERATIONS[name](tx)
        found.append(await ids(tx))
        await manager.commit()
        names = [row["name"] for row in await db.query_raw("SELECT name FROM users WHERE id = 'a'")]
        found.append((await ids(db), names))
        await db.user.delete_many()
    assert found == [["a", "b"], (["a", "b"], [VALUE])] * 3


@pytest.mark.parametrize("name", OPERATIONS)
async def test_where_it_fails_nothing_happens(db: Any, name: str) -> None:
    for last in (False, True):
        for _ in range(3):
            await db.user.create({"id": "a", "email": "a"})
            manager = db.tx()
            tx = await manager.start(first=claim("a"))
            with pytest.raises(DataError):
                await (manager.commit_with(OPERATIONS[name]) if last else OPERATIONS[name](tx))
            if not last:
                with pytest.raises(DataError, match=r"aborted|rolled back"):
                    await tx.query_raw("SELECT 1")
                await manager.rollback()
            assert await ids(db) == ["a"]
            await db.user.delete_many()
            await OPERATIONS[name](db)
            await db.user.delete_many()


@pytest.mark.parametrize("end", ["commit", "rollback"])
async def test_without_a_statement_it_does_not_run(db: Any, end: str) -> None:
    for _ in range(2):
        manager = db.tx()
        await manager.start(first=claim("a"))
        await getattr(manager, end)()
    assert await ids(db) == []


async def test_in_a_transaction_it_runs_at_once_and_can_be_undone(db: Any) -> None:
    async with db.tx() as tx:
        await tx.user.create({"id": "b", "email": "b"})
        with pytest.raises(DataError):
            await tx.tx().start(first=claim("b"))
        nested = tx.tx()
        await nested.start({"app.user_id": "x"}, first=claim("a"))
        inside = await ids(tx)
        await nested.rollback()
    assert (inside, await ids(db)) == (["a", "b"], ["b"])


@pytest.mark.tasks
async def test_where_it_is_broken_off_nothing_runs(db: Any) -> None:
    wait = sql("UPDATE users SET name = (SELECT 'x' FROM (SELECT pg_sleep({}::text::float8)) slept)", "0")
    for _ in range(3):
        await db.user.create({"id": "a", "email": "a"})
        manager = db.tx()
        tx = await manager.start(first=wait.with_values("5"))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await tx.query_raw(CREATE, "b")
        with pytest.raises(DataError, match=r"aborted|rolled back"):
            await tx.query_raw(CREATE, "c")
        await manager.rollback()
        assert await ids(db) == ["a"]
        await db.user.delete_many()
        # Now it is kept, and so travels.
        async with db.tx() as tx:
            await tx.execute_raw(wait.with_values("0"))
            await tx.query_raw(CREATE, "kept")
        await db.user.delete_many()


async def test_a_value_that_the_driver_writes_itself_and_rows_are_taken_as_well(db: Any) -> None:
    for statement in (
        sql("UPDATE users SET name = {}::text WHERE {}::bool", None, True),
        sql("DELETE FROM users WHERE id = {} RETURNING id", "a"),
    ):
        for _ in range(3):
            await db.user.create({"id": "a", "email": "a"})
            manager = db.tx()
            tx = await manager.start(first=statement)
            assert await tx.query_raw("SELECT 1 AS one") == [{"one": 1}]
            await manager.commit()
            await db.user.delete_many()


async def test_sql_takes_as_many_values_as_before() -> None:
    with pytest.raises(TypeError, match="takes 3 values, and was given 1"):
        CLAIM.with_values("a")
