"""Isolation, timeouts, cancellation and savepoints, and the state of the connection afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from prisma.errors import (
    TransactionError,
    TransactionExpiredError,
    TransactionNotStartedError,
    UniqueViolationError,
)

if TYPE_CHECKING:
    from prisma import Prisma
    from servers.spellings import Spelling

pytestmark = pytest.mark.portable


async def emails(db: Prisma) -> list[str]:
    return [user.email for user in await db.user.find_many(order={"email": "asc"})]


async def test_commit_and_rollback(db: Prisma) -> None:
    async with db.tx() as tx:
        await tx.user.create({"email": "a"})
        seen = (await emails(tx), await emails(db), tx.is_transaction(), db.is_transaction())
    with pytest.raises(ZeroDivisionError):
        async with db.tx() as tx:
            await tx.user.create({"email": "b"})
            _ = 1 / 0
    assert (seen, await emails(db)) == ((["a"], [], True, False), ["a"])


async def test_manual_control(db: Prisma) -> None:
    for email, end in (("a", "commit"), ("b", "rollback")):
        manager = db.tx(max_wait=timedelta(seconds=1), timeout=timedelta(seconds=10))
        tx = await manager.start()
        await tx.user.create({"email": email})
        await getattr(manager, end)()
    assert await emails(db) == ["a"]
    with pytest.raises(TransactionExpiredError, match="Transaction already closed: A commit cannot be executed"):
        await manager.commit()
    with pytest.raises(TransactionNotStartedError):
        await db.tx().commit()


async def test_nested_is_a_savepoint(db: Prisma) -> None:
    async with db.tx() as outer:
        await outer.user.create({"email": "a"})
        with pytest.raises(UniqueViolationError):
            async with outer.tx() as inner:
                await inner.user.create({"email": "b"})
                await inner.user.create({"email": "a"})
        async with outer.tx() as inner:
            await inner.user.create({"email": "c"})
    assert await emails(db) == ["a", "c"]


@pytest.mark.tasks
async def test_a_transaction_starts_with_the_attributes_that_its_client_has(db: Prisma) -> None:
    client: Any = db
    found: list[object] = []
    for change in (lambda: None, lambda: setattr(client, "note", 1), lambda: delattr(client, "note")):
        change()
        async with db.tx() as tx:
            found.append(getattr(tx, "note", None))
            changed: Any = tx
            changed.user = "mine"
            async with tx.tx() as inner:
                found.append(inner.user)
    assert found == [None, "mine", 1, "mine", None, "mine"]


@pytest.mark.tasks
async def test_the_first_transactions_of_a_client_may_start_at_once(db: Prisma) -> None:
    client: Any = db
    pending = [lambda: client._copy(client._link.session)]

    class Interruption:
        """Copies the client when its class is read, as another thread might do at that moment."""

        @property
        def __class__(self) -> type:
            if pending:
                pending.pop()()
            return Interruption

        @__class__.setter
        def __class__(self, value: type) -> None: ...

    client.note = Interruption()
    async with db.tx() as tx:
        count = await tx.user.count()
    assert (pending, count) == ([], 0)


async def test_unknown_isolation_levels(db: Prisma) -> None:
    chaos: Any = "Chaos"
    with pytest.raises(TransactionError, match="Invalid isolation level 'Chaos'"):
        db.tx(isolation_level=chaos)


@pytest.mark.needs("standard_quotes")
@pytest.mark.needs("isolation_levels")
async def test_isolation_level(db: Prisma) -> None:
    async with db.tx(isolation_level="Serializable") as tx:
        level = await tx.query_first("SHOW transaction_isolation")
    assert level == {"transaction_isolation": "serializable"}


async def test_timeout_while_idle_and_while_busy(db: Prisma, spelling: Spelling) -> None:
    with pytest.raises(TransactionExpiredError, match="Transaction already closed"):
        async with db.tx(timeout=timedelta(milliseconds=50)) as tx:
            await tx.user.create({"email": "idle"})
            await asyncio.sleep(0.1)
            await tx.user.count()
    with pytest.raises(TransactionExpiredError, match="The timeout for this transaction was 100 ms"):
        async with db.tx(timeout=timedelta(milliseconds=100)) as tx:
            await tx.user.create({"email": "busy"})
            await tx.query_raw(spelling.sleep(30))
    assert await emails(db) == []


async def test_no_connection_in_time(url: str, make_client: Callable[..., Prisma]) -> None:
    async with make_client(datasource={"url": f"{url}&connection_limit=1"}) as db, db.tx():
        with pytest.raises(TransactionError, match="Unable to start a transaction in the given time") as caught:
            await db.tx(max_wait=timedelta(milliseconds=50)).start()
    assert caught.value.code == "P2028"


@pytest.mark.needs("server")
async def test_a_transaction_does_not_wait_for_all_calls_that_came_before(
    url: str, make_client: Callable[..., Prisma], spelling: Spelling
) -> None:
    async with make_client(datasource={"url": f"{url}&connection_limit=1"}) as db:
        calls = [asyncio.ensure_future(db.query_raw(spelling.sleep(0.05))) for _ in range(40)]
        await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        # Two seconds of calls are waiting.
        async with db.tx(max_wait=timedelta(milliseconds=500)) as tx:
            await tx.user.create({"email": "a"})
        waiting = sum(not call.done() for call in calls)
        await asyncio.gather(*calls)
    assert waiting > 20


@pytest.mark.needs("survives_cancellation")
@pytest.mark.tasks
async def test_cancelled_transaction_rolls_back_and_returns_a_clean_connection(
    url: str, make_client: Callable[..., Prisma], spelling: Spelling
) -> None:
    async with make_client(datasource={"url": f"{url}&connection_limit=1"}) as db:
        inside = asyncio.Event()

        async def work() -> None:
            async with db.tx() as tx:
                await tx.user.create({"email": "a"})
                inside.set()
                await tx.query_raw(spelling.sleep(30))

        task = asyncio.create_task(work())
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await emails(db) == []


@pytest.mark.needs("survives_cancellation")
@pytest.mark.tasks
@pytest.mark.parametrize("end", ["commit", "rollback"])
async def test_an_end_that_is_cancelled_while_others_work_gives_the_connection_back(
    url: str, make_client: Callable[..., Prisma], end: str, spelling: Spelling
) -> None:
    async with make_client(datasource={"url": f"{url}&connection_limit=1"}) as db:
        manager = db.tx(timeout=timedelta(minutes=5))
        tx = await manager.start()
        await tx.user.create({"email": "a"})
        slow = asyncio.create_task(tx.query_raw(spelling.sleep(60)))
        later = asyncio.create_task(tx.user.count())
        ending = asyncio.create_task(getattr(manager, end)())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        ending.cancel()
        results = await asyncio.gather(slow, later, ending, return_exceptions=True)
        assert await emails(db) == []
    assert [type(result) for result in results] == [TransactionExpiredError] * 2 + [asyncio.CancelledError]
    assert "was rolled back" in str(results[0])


async def wait_for_ever(tx: Any, reached: asyncio.Event, sleep: str) -> None:
    reached.set()
    await asyncio.Event().wait()


async def wait_for_the_server(tx: Any, reached: asyncio.Event, sleep: str) -> None:
    reached.set()
    await tx.query_raw(sleep)


@pytest.mark.needs("survives_cancellation")
@pytest.mark.tasks
@pytest.mark.parametrize("wait", [wait_for_ever, wait_for_the_server])
async def test_a_savepoint_that_is_cancelled_is_undone(
    db: Prisma, wait: Callable[..., Any], spelling: Spelling
) -> None:
    reached = asyncio.Event()

    async def work(tx: Any) -> None:
        async with tx.tx() as inner:
            await inner.user.create({"email": "b"})
            async with inner.tx() as innermost:
                await innermost.user.create({"email": "c"})
                await wait(innermost, reached, spelling.sleep(60))

    async with db.tx() as tx:
        await tx.user.create({"email": "a"})
        task = asyncio.create_task(work(tx))
        await reached.wait()
        task.cancel()
        await asyncio.wait([task])
        await tx.user.create({"email": "d"})
    assert (task.cancelled(), await emails(db)) == (True, ["a", "d"])


@pytest.mark.tasks
@pytest.mark.parametrize("end", ["commit", "rollback"])
async def test_a_savepoint_whose_end_is_cancelled_while_others_work_is_undone(
    db: Prisma, end: str, spelling: Spelling
) -> None:
    async with db.tx() as tx:
        await tx.user.create({"email": "a"})
        manager = tx.tx()
        inner = await manager.start()
        await inner.user.create({"email": "b"})
        other = asyncio.create_task(tx.query_raw(spelling.sleep(0.05)))
        ending = asyncio.create_task(getattr(manager, end)())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        ending.cancel()
        await asyncio.wait([other, ending])
    assert (ending.cancelled(), await emails(db)) == (True, ["a"])


@pytest.mark.tasks
async def test_a_savepoint_that_is_gone_when_it_has_to_be_undone_ends_the_transaction(db: Prisma) -> None:
    with pytest.raises(TransactionExpiredError, match=r"A commit .* the end of a savepoint was broken off"):
        async with db.tx() as tx:
            with pytest.raises(asyncio.CancelledError):
                async with tx.tx() as inner:
                    await inner.user.create({"email": "a"})
                    # As if the answer to the block's own RELEASE were late.
                    await inner.execute_raw("RELEASE SAVEPOINT prisma_sp_1")
                    raise asyncio.CancelledError
            with pytest.raises(TransactionExpiredError, match=r"A query .* and can't be undone alone"):
                await tx.user.create({"email": "b"})
    assert await emails(db) == []


@pytest.mark.parametrize("end", ["commit", "rollback"])
async def test_savepoints_that_overlap_end_the_transaction(db: Prisma, end: str) -> None:
    with pytest.raises(TransactionExpiredError, match="rolled back, because savepoints overlapped"):
        async with db.tx() as tx:
            first, second = tx.tx(), tx.tx()
            await (await first.start()).user.create({"email": "a"})
            await (await second.start()).user.create({"email": "b"})
            await getattr(first, end)()
            with pytest.raises(TransactionExpiredError, match="the end of one ends those that were opened after it"):
                await second.commit()
    assert await emails(db) == []


@pytest.mark.tasks
async def test_another_event_loop_gets_nothing_of_a_transaction(db: Prisma, spelling: Spelling) -> None:
    async with db.tx() as tx:
        await tx.user.create({"email": "a"})

        async def use() -> str:
            attempts = (tx.user.count(), tx.tx().start(), tx.query_raw("SELECT 1"))
            failures = await asyncio.gather(*attempts, return_exceptions=True)
            return " ".join({str(failure) for failure in failures})

        running = asyncio.create_task(tx.query_raw(spelling.sleep(0.1)))
        await asyncio.sleep(0)
        said = await asyncio.to_thread(lambda: asyncio.run(use()))
        await running
        await tx.user.create({"email": "b"})
    assert (said.partition(". Open")[0], await emails(db)) == (
        "Transaction API error: A transaction belongs to the event loop that opened it",
        ["a", "b"],
    )


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit])
async def test_an_interrupted_transaction_rolls_back(
    url: str, make_client: Callable[..., Prisma], interruption: type[BaseException]
) -> None:
    async with make_client(datasource={"url": f"{url}&connection_limit=1"}) as db:
        with pytest.raises(interruption):
            async with db.tx(timeout=timedelta(minutes=5)) as tx:
                await tx.user.create({"email": "a"})
                raise interruption
        assert await emails(db) == []


async def test_concurrent_operations_in_one_transaction_take_turns(db: Prisma) -> None:
    async with db.tx() as tx:
        await asyncio.gather(*(tx.user.create({"email": f"{index:02}"}) for index in range(20)))
    assert len(await emails(db)) == 20
