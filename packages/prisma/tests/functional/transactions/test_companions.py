"""What travels with a statement never leaves it: after a failure, none runs without its BEGIN, settings or COMMIT."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from prisma.dialects.postgresql import PostgresDialect
from prisma.errors import DataError, RecordNotFoundError

INSERT = 'INSERT INTO users (id, email, "updatedAt") VALUES ($1, $1, now()) RETURNING id'
SLEEP = "SELECT 1 AS one FROM (SELECT pg_sleep($1::float8)) slept"
USER = {"app.user_id": "x"}
READ = "SELECT $1::int AS one"


@pytest.fixture
async def single(make_client: Callable[..., Any], url: str) -> Any:
    """A client with one connection, so that what is left behind would show."""
    async with make_client(datasource={"url": f"{url}&connection_limit=1"}) as client:
        yield client


async def keep_statements(client: Any, operation: Callable[[Any], Any]) -> None:
    """Have the statements of a test kept on the connection, and no user in the database."""
    await client.query_raw(SLEEP, 0.0)
    await client.query_raw(READ, 1)
    await operation(client)
    await client.user.delete_many()


OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "query_raw": lambda tx: tx.query_raw(INSERT, "a"),
    "execute_raw": lambda tx: tx.execute_raw(INSERT, "a"),
    "create": lambda tx: tx.user.create({"email": "a"}),
    "create_many": lambda tx: tx.user.create_many([{"email": "a"}, {"email": "b"}]),
    "simple": lambda tx: tx.execute_raw(
        "DELETE FROM users; INSERT INTO users (id, email, \"updatedAt\") VALUES ('x', 'x', now())"
    ),
    "nested": lambda tx: tx.tx().run(lambda inner: inner.user.create({"email": "a"})),
}


async def refused(
    client: Any, operation: Callable[[Any], Any], first: Callable[[Any], Any], settings: Any, *, last: bool
) -> None:
    """Expect that an operation is refused after the first one of its transaction has failed."""
    manager = client.tx()
    tx = await manager.start(settings)
    with pytest.raises((DataError, TimeoutError)):
        await first(tx)
    with pytest.raises(DataError, match=r"aborted|rolled back"):
        await (manager.commit_with(operation) if last else operation(tx))
    if not last:
        with pytest.raises(DataError, match="rolled back"):
            await manager.commit()


@pytest.mark.parametrize("first", [READ, "SELECT 1 + $1::int AS fresh"], ids=["kept", "new"])
async def test_after_refused_settings_nothing_runs(single: Any, first: str) -> None:
    for name, operation in OPERATIONS.items():
        for last in (False, True):
            await keep_statements(single, operation)
            await refused(single, operation, lambda tx: tx.query_raw(first, 1), {"role": "no_such_role"}, last=last)
            assert (name, await single.user.count()) == (name, 0)


async def test_after_a_refused_begin_nothing_runs(single: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, operation in OPERATIONS.items():
        for last in (False, True):
            await keep_statements(single, operation)
            with monkeypatch.context() as patch:
                patch.setattr(PostgresDialect, "begin", lambda *_: "BEGIN ISOLATION LEVEL NONE")
                await refused(single, operation, lambda tx: tx.query_raw(READ, 1), USER, last=last)
            assert (name, await single.user.count()) == (name, 0)


@pytest.mark.tasks
async def test_after_a_first_statement_that_was_broken_off_nothing_runs(single: Any) -> None:
    async def broken_off(tx: Any) -> None:
        async with asyncio.timeout(0.02):
            await tx.query_raw(SLEEP, 5.0)

    for name, operation in OPERATIONS.items():
        for last in (False, True):
            await keep_statements(single, operation)
            await refused(single, operation, broken_off, USER, last=last)
            assert (name, await single.user.count()) == (name, 0)


async def test_a_session_that_ends_with_the_first_statement_is_what_the_error_says(single: Any) -> None:
    end = "SELECT pg_terminate_backend($1::int) AS ended"
    for settings in (None, USER):
        await single.query_raw(end, 0)  # no process has this number; from now on the statement is kept
        (session,) = await single.query_raw("SELECT pg_backend_pid() AS id")
        manager = single.tx()
        tx = await manager.start(settings)
        with pytest.raises(DataError) as caught:
            await tx.query_raw(end, session["id"])
        with pytest.raises(DataError):
            await manager.commit()
        assert caught.value.retriable


async def test_a_last_operation_that_finds_nothing_undoes_all(single: Any) -> None:
    for _ in range(3):
        manager = single.tx()
        tx = await manager.start()
        await tx.user.create({"email": "a"})
        with pytest.raises(RecordNotFoundError):
            await manager.commit_with(lambda tx: tx.user.find_first_or_raise(where={"email": "none"}))
        assert await single.user.count() == 0


async def test_a_commit_is_not_taken_for_that_of_the_next_transaction(single: Any) -> None:
    for number in range(3):
        manager = single.tx()
        tx = await manager.start()
        await tx.user.create({"email": "a"})
        with pytest.raises(RecordNotFoundError):
            await manager.commit_with(lambda tx: tx.user.find_first_or_raise(where={"email": "none"}))
        await single.user.delete_many()
        async with single.tx() as tx:
            await tx.query_raw(f"{INSERT} AS id{number}", f"{number}")
        assert await single.user.count() == 1
        await single.user.delete_many()


async def test_a_last_batch_is_done_as_a_whole(single: Any) -> None:
    def batch(tx: Any) -> Any:
        batch = tx.batch_()
        batch.user.create({"email": "a"})
        batch.user.create({"email": "b"})
        batch.user.create({"email": "b"})
        return batch.commit()

    for _ in range(3):
        manager = single.tx()
        await manager.start({"app.user_id": "x"})
        with pytest.raises(DataError):
            await manager.commit_with(batch)
        assert await single.user.count() == 0


async def test_a_last_nested_transaction_is_done_as_a_whole(single: Any) -> None:
    for _ in range(3):
        manager = single.tx()
        await manager.start({"app.user_id": "x"})
        await manager.commit_with(
            lambda tx: tx.tx().run(lambda t: t.user.create({"email": "a"}), lambda t: t.user.create({"email": "b"}))
        )
        assert await single.user.count() == 2
        await single.user.delete_many()


async def test_a_last_row_that_nobody_can_read_undoes_all(single: Any) -> None:
    far = "SELECT make_date($1::int, 1, 1) AS day"
    for _ in range(3):
        manager = single.tx()
        await manager.start()
        await manager.commit_with(lambda tx: tx.query_raw(far, 2000))
        manager = single.tx()
        tx = await manager.start()
        await tx.user.create({"email": "a"})
        with pytest.raises(DataError):
            await manager.commit_with(lambda tx: tx.query_raw(far, 20000))
        assert await single.user.count() == 0


DEFERRED = """
DROP TABLE IF EXISTS checked;
CREATE TABLE checked (id int PRIMARY KEY, other int REFERENCES checked DEFERRABLE INITIALLY DEFERRED)
"""


async def test_what_the_commit_refuses_is_not_committed(single: Any) -> None:
    await single.execute_raw(DEFERRED)
    insert = "INSERT INTO checked VALUES ($1::int, $2::int) RETURNING id"
    scoped = single.with_settings({"app.user_id": "x"})
    await scoped.query_raw(insert, 1, 1)
    for number in range(2, 5):
        with pytest.raises(DataError, match="oreign key"):
            await scoped.query_raw(insert, number, 100)
        with pytest.raises(DataError, match="oreign key"):
            await scoped.execute_raw(insert, number, 100)
        manager = single.tx()
        await manager.start({"app.user_id": "x"})
        with pytest.raises(DataError, match="oreign key"):
            await manager.commit_with(lambda tx, number=number: tx.query_raw(insert, number, 100))
        assert await single.query_raw("SELECT id FROM checked") == [{"id": 1}]


async def test_a_procedure_can_not_leave_its_settings(single: Any) -> None:
    await single.execute_raw("DROP TABLE IF EXISTS seen; CREATE TABLE seen (by text)")
    await single.execute_raw("""
        CREATE OR REPLACE PROCEDURE look(does_commit bool) LANGUAGE plpgsql AS $$
        BEGIN
          IF does_commit THEN COMMIT; END IF;
          INSERT INTO seen VALUES (current_setting('app.user_id', true));
        END $$
    """)
    scoped = single.with_settings({"app.user_id": "x"})
    for _ in range(2):
        await scoped.query_raw("CALL look($1::bool)", False)
        with pytest.raises(DataError):
            await scoped.query_raw("CALL look($1::bool)", True)
    assert await single.query_raw("SELECT by FROM seen") == [{"by": "x"}] * 2
