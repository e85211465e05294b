"""Configuration parameters of a transaction, which are sent together with BEGIN."""

from __future__ import annotations

from typing import Any

import pytest

from prisma import Prisma
from prisma.errors import DataError, InputError, TransactionExpiredError

LOOK = "SELECT current_setting('app.user_id', true) AS id"
VALUE = "o'neil \\' ; $1 -- \u00e9\U0001f600"


async def user_of(client: Any) -> str | None:
    return (await client.query_raw(LOOK))[0]["id"] or None


async def test_settings_end_with_their_transaction(url: str) -> None:
    async with Prisma(datasource={"url": f"{url}&connection_limit=1"}) as db:
        manager = db.tx(isolation_level="Serializable")
        tx = await manager.start({"app.user_id": VALUE})
        inside = await user_of(tx)
        nested = tx.tx()
        inner = await nested.start({"app.user_id": "inner"})
        in_savepoint = await user_of(inner)
        await nested.rollback()
        after_savepoint = await user_of(tx)
        await manager.commit()
        outside = await user_of(db)
    assert (inside, in_savepoint, after_savepoint, outside) == (VALUE, "inner", VALUE, None)


async def test_a_setting_that_is_refused_lets_no_statement_run(url: str) -> None:
    async with Prisma(datasource={"url": f"{url}&connection_limit=1"}) as db:
        for _ in range(2):  # the second time, the statement is kept
            manager = db.tx()
            tx = await manager.start({"role": "no_such_role"})
            with pytest.raises(DataError, match="no_such_role"):
                await tx.user.create({"email": "a"})
            with pytest.raises(DataError, match=r"aborted|rolled back"):
                await tx.user.create({"email": "b"})
            with pytest.raises(DataError, match="rolled back"):
                await manager.commit()
            await db.user.create({"email": f"c{_}"})
        assert (await db.user.count(), await user_of(db)) == (2, None)


async def test_a_transaction_without_a_statement_is_never_begun(url: str) -> None:
    async with Prisma(datasource={"url": f"{url}&connection_limit=1"}) as db:
        for end in ("commit", "rollback"):
            manager = db.tx()
            await manager.start({"role": "no_such_role"})
            await getattr(manager, end)()
        async with db.tx():
            pass
        assert await user_of(db) is None


async def test_after_a_value_that_nobody_can_encode_the_transaction_begins_with_the_next_statement(url: str) -> None:
    async with Prisma(datasource={"url": f"{url}&connection_limit=1"}) as db:
        for _ in range(2):
            manager = db.tx()
            tx = await manager.start({"app.user_id": "x"})
            with pytest.raises(DataError):
                await tx.query_raw("SELECT $1::text AS id", "a\ud800")
            inside = await user_of(tx)
            await tx.user.create({"email": "a"})
            await manager.rollback()
            assert (inside, await user_of(db), await db.user.count()) == ("x", None, 0)


async def test_the_last_operation_commits(url: str) -> None:
    async with Prisma(datasource={"url": f"{url}&connection_limit=1"}) as db:
        found: list[object] = []
        for email in ("a", "b", "c"):
            manager = db.tx()
            tx = await manager.start({"app.user_id": "x"})
            await tx.user.create({"email": email})
            found.append(
                await manager.commit_with(
                    lambda tx: tx.query_first("SELECT $1::int + count(*)::int AS n FROM users", 1)
                )
            )
            with pytest.raises(TransactionExpiredError, match="committed transaction"):
                await tx.user.count()
            with pytest.raises(TransactionExpiredError, match="committed transaction"):
                await manager.commit()
        assert (found, await db.user.count(), await user_of(db)) == ([{"n": 2}, {"n": 3}, {"n": 4}], 3, None)


async def test_a_last_operation_that_fails_undoes_all(url: str) -> None:
    async with Prisma(datasource={"url": f"{url}&connection_limit=1"}) as db:
        for divisor in (1, 0, 0):
            manager = db.tx()
            tx = await manager.start()
            await tx.user.create({"email": "a"})
            if divisor:
                await manager.commit_with(lambda tx: tx.query_raw("SELECT 1 / $1::int", 1))
                await db.user.delete_many()
                continue
            with pytest.raises(DataError, match="division by zero"):
                await manager.commit_with(lambda tx: tx.query_raw("SELECT 1 / $1::int", 0))
        assert await db.user.count() == 0


@pytest.mark.parametrize(
    "step",
    [lambda tx: tx.execute_raw("UPDATE users SET name = $1", "x"), lambda tx: tx.user.update_many({"name": "x"}, {})],
)
async def test_a_last_operation_that_counts_rows_commits_after_it(url: str, step: Any) -> None:
    async with Prisma(datasource={"url": f"{url}&connection_limit=1"}) as db:
        await db.user.create({"email": "a"})
        counts: list[int] = []
        for _ in range(2):
            manager = db.tx()
            await manager.start()
            counts.append(await manager.commit_with(step))
        assert (counts, await db.user.count(where={"name": "x"})) == ([1, 1], 1)


@pytest.mark.parametrize(
    "settings", [{"app.x": "a\ud800b"}, {"app.x": "a\0b"}, {"app.\udfff": "x"}, {"app.x": 1}, {1: "x"}]
)
async def test_a_setting_that_is_no_text_is_an_input_error(url: str, settings: Any) -> None:
    async with Prisma(datasource={"url": f"{url}&connection_limit=1"}) as db:
        with pytest.raises(InputError, match="A setting of a transaction and its name are text"):
            await db.tx().start(settings)
        assert await user_of(db) is None


async def test_settings_of_a_nested_transaction_are_in_no_event(url: str) -> None:
    seen: list[tuple[str, tuple[object, ...]]] = []
    async with Prisma(datasource={"url": f"{url}&connection_limit=1"}) as db:
        db.on("query", lambda event: seen.append((event.query, event.params)))
        async with db.tx() as tx:
            nested = tx.tx()
            inner = await nested.start({"app.user_id": VALUE})
            inside = await user_of(inner)
            await nested.commit()
    assert inside == VALUE
    assert [(sql, params) for sql, params in seen if "set_config" in sql] == [
        ("SELECT set_config($1, $2, true) OFFSET 1", ())
    ]
    assert VALUE not in str(seen)
    assert VALUE.encode().hex() not in str(seen)


@pytest.mark.parametrize("observed", [False, True])
async def test_a_nested_transaction_whose_setting_is_refused_leaves_the_outer_one_usable(
    url: str, observed: bool
) -> None:
    async with Prisma(datasource={"url": f"{url}&connection_limit=1"}) as db:
        if observed:
            db.on("query", lambda _: None)
        async with db.tx() as tx:
            await tx.user.create({"email": "a"})
            for _ in range(2):  # the second time, the statement is kept
                with pytest.raises(DataError, match="no_such_role"):
                    await tx.tx().start({"app.user_id": "x", "role": "no_such_role"})
            assert await user_of(tx) is None
            with pytest.raises(DataError, match="does not exist"):
                async with tx.tx() as probe:
                    await probe.execute_raw("RELEASE SAVEPOINT prisma_sp_1")
        assert await db.user.count() == 1
