"""Streams: the records of a `find_many` one by one, read from a database cursor."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import pytest

from prisma import Extension, bases
from prisma.errors import DataError, InputError, TransactionExpiredError

if TYPE_CHECKING:
    from prisma import Prisma
    from servers.spellings import Spelling

pytestmark = pytest.mark.portable

COUNT = 25


@pytest.fixture
async def users(db: Prisma) -> list[str]:
    """The ids of users with a project each, in their order."""
    ids = [f"user-{number:02}" for number in range(COUNT)]
    await db.user.create_many(
        {"id": each, "email": f"{each}@b.c", "name": "even"[: 4 * (i % 2)]} for i, each in enumerate(ids)
    )
    await db.project.create_many({"name": f"of {each}", "userId": each} for each in ids)
    return ids


async def read(stream: Any) -> list[Any]:
    return [record async for record in stream]


def stats(db: Any) -> tuple[int, int]:
    """How many connections are in use, and how many there may be."""
    pool = getattr(db, "_target", db)._core.link.session.pool
    return pool.stats.in_use, pool.stats.limit


@pytest.mark.parametrize("batch_size", [1, 7, COUNT, 1000])
async def test_a_stream_gives_what_find_many_gives(db: Prisma, users: list[str], batch_size: int) -> None:
    arguments: dict[str, Any] = {"order": {"id": "desc"}, "where": {"id": {"not": "user-03"}}, "skip": 2, "take": 21}
    choices: list[dict[str, Any]] = [
        {},
        {"include": {"projects": True}},
        {"cursor": {"id": "user-20"}},
    ]
    for more in choices:
        found = await db.user.find_many(**arguments, **more)
        assert await read(db.user.stream(**arguments, **more, batch_size=batch_size)) == found
    assert stats(db)[0] == 0


@pytest.mark.needs("server")
async def test_a_stream_gives_distinct_records(db: Prisma, users: list[str]) -> None:
    arguments: dict[str, Any] = {"order": {"id": "desc"}, "distinct": ["id"]}
    assert await read(db.user.stream(**arguments, batch_size=7)) == await db.user.find_many(**arguments)


async def test_nothing_is_found_in_an_empty_table(db: Prisma) -> None:
    assert await read(db.user.stream()) == []


async def test_a_stream_sees_one_moment(db: Prisma, users: list[str]) -> None:
    seen: list[str] = []
    async for user in db.user.stream(order={"id": "asc"}, batch_size=5):
        seen.append(user.id)
        # On another connection.
        await db.user.delete_many(where={"id": user.id})
        await db.user.create({"id": f"{user.id}-again", "email": f"{user.id}@again.c"})
    assert (seen, await db.user.count()) == (users, COUNT)


async def test_a_stream_that_is_left_gives_its_connection_back(db: Prisma, users: list[str]) -> None:
    seen: list[str] = []
    for leave in range(30):
        # More often than there are connections.
        async with aclosing(db.user.stream(batch_size=3)) as stream:
            async for user in stream:
                seen.append(user.id)
                if len(seen) > leave:
                    break
    assert (len(seen), await db.user.count()) == (30, COUNT)


@pytest.mark.tasks
async def test_an_abandoned_stream_gives_its_connection_back(db: Prisma, users: list[str]) -> None:
    for _ in range(stats(db)[1] + 5):
        async for _user in db.user.stream(batch_size=3):
            break
    assert await db.user.count() == COUNT


@pytest.mark.tasks
async def test_a_stream_that_is_cancelled_gives_its_connection_back(db: Prisma, users: list[str]) -> None:
    async def wait_inside(reached: asyncio.Event) -> None:
        async for _ in db.user.stream(batch_size=3):
            reached.set()
            await asyncio.Event().wait()

    async def wait_for_the_database() -> None:
        async for _ in db.user.stream(where={"id": {"in": ["x"] * 3}}, batch_size=1):
            pass

    reached = asyncio.Event()
    task = asyncio.create_task(wait_inside(reached))
    await reached.wait()
    task.cancel()
    other = asyncio.create_task(wait_for_the_database())
    await asyncio.sleep(0)
    other.cancel()
    assert [type(each) for each in await asyncio.gather(task, other, return_exceptions=True)] == [
        asyncio.CancelledError
    ] * 2
    assert (stats(db)[0] <= 1, await db.user.count()) == (True, COUNT)


async def test_a_stream_inside_a_transaction_uses_it(db: Prisma, users: list[str], spelling: Spelling) -> None:
    seen: list[str] = []
    async with db.tx() as tx:
        await tx.user.create({"id": "user-zz", "email": "z@b.c"})
        async for user in tx.user.stream(order={"id": "asc"}, batch_size=10):
            seen.append(user.id)
            await tx.user.update(where={"id": user.id}, data={"name": "seen"})
        pairs = 0
        async with aclosing(tx.user.stream(batch_size=4)) as one, aclosing(tx.user.stream(batch_size=5)) as two:
            async for _, _ in _zipped(one, two):
                pairs += 1
                if pairs == 12:
                    break
        open_cursors = await tx.query_raw(spelling.cursors)
    assert (seen, pairs, open_cursors) == ([*users, "user-zz"], 12, [])
    assert await db.user.count(where={"name": "seen"}) == COUNT + 1


async def _zipped(one: Any, two: Any) -> AsyncIterator[Any]:
    while True:
        try:
            yield await anext(one), await anext(two)
        except StopAsyncIteration:
            return


async def test_a_stream_ends_with_its_transaction(db: Prisma, users: list[str]) -> None:
    async with db.tx() as tx:
        stream: Any = tx.user.stream(batch_size=2)
        first = [await anext(stream), await anext(stream)]
    with pytest.raises(TransactionExpiredError):
        await anext(stream)
    await stream.aclose()
    assert len(first) == 2


@pytest.mark.needs("standard_quotes")
async def test_errors_in_a_stream_are_those_of_find_many(db: Prisma, users: list[str]) -> None:
    wrong: Any = {"nobody": 1}
    with pytest.raises(DataError) as caught:
        await read(db.user.stream(where=wrong))
    assert (caught.value.code, stats(db)[0]) == ("P2009", 0)
    await db.execute_raw('ALTER TABLE "users" RENAME COLUMN "avatar" TO "picture"')
    try:
        with pytest.raises(DataError) as caught:
            await read(db.user.stream())
    finally:
        await db.execute_raw('ALTER TABLE "users" RENAME COLUMN "picture" TO "avatar"')
    assert (caught.value.code, len(await read(db.user.stream()))) == ("P2022", COUNT)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [({"take": -1}, InputError), ({"batch_size": 0}, ValueError), ({"skip": -1}, InputError)],
)
async def test_arguments_that_a_stream_refuses(db: Prisma, arguments: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        await read(db.user.stream(**arguments))
    assert stats(db)[0] == 0


class Mail(bases.BaseUser):
    """Reads only an address."""

    email: str


@pytest.mark.default_client
async def test_streams_of_a_custom_class(db: Prisma, users: list[str]) -> None:
    mails = await read(Mail.prisma(db).stream(order={"id": "asc"}, take=3, batch_size=2))
    assert mails == [Mail(email=f"{each}@b.c") for each in users[:3]]


@pytest.mark.tasks
async def test_hooks_of_find_many_see_every_portion(db: Prisma, users: list[str]) -> None:
    extension = Extension("filter")
    sizes: list[int] = []

    @extension.query("user", "find_many")
    async def only_even(operation: Any, proceed: Any) -> Any:
        found = await proceed({**operation.arguments, "where": {"name": "even"}})
        sizes.append(len(found))
        return found

    @extension.field("user", needs=["email"])
    def shout(user: Any) -> str:
        return user.email.upper()

    answered = Extension("answers itself")

    @answered.query("user", "find_many")
    async def nothing(operation: Any, proceed: Any) -> Any:
        return ["cached"]

    extended: Any = db.extends(extension)
    found = [user.shout async for user in extended.user.stream(order={"id": "asc"}, batch_size=5)]
    assert (found, sizes) == ([f"{each}@b.c".upper() for each in users[1::2]], [5, 5, 2])
    assert await read(db.extends(answered).user.stream()) == ["cached"]


@pytest.mark.tasks
async def test_statements_of_a_stream_are_query_events(
    make_client: Any, url: str, users: list[str], spelling: Any
) -> None:
    async with make_client(datasource={"url": url}) as client:
        told: list[str] = []
        client.on("query", lambda event: told.append(event.query.split(" ")[0]))
        await read(client.user.stream(batch_size=20))
    assert told == [spelling.begin.partition(" ")[0], "SELECT", "FETCH", "FETCH", "COMMIT"]


@pytest.mark.needs("server")
async def test_a_connection_that_is_lost_ends_the_stream(db: Prisma, users: list[str]) -> None:
    stream: Any = db.user.stream(batch_size=2)
    first = [await anext(stream) for _ in range(2)]
    await db.query_raw(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE state = 'idle in transaction' AND datname = current_database()"
    )
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one depends on who notices first
        await anext(stream)
    assert (len(first), getattr(caught.value, "code", None), await db.user.count()) == (2, "P1017", COUNT)


@pytest.mark.needs("server")
async def test_a_connection_that_is_lost_before_the_end_is_given_back(db: Prisma, users: list[str]) -> None:
    codes: list[object] = []
    for _ in range(stats(db)[1] + 1):
        stream: Any = db.user.stream(batch_size=COUNT + 1)
        # The last portion has been read; only the commit remains.
        for _ in range(COUNT):
            await anext(stream)
        await db.query_raw(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE state = 'idle in transaction' AND datname = current_database()"
        )
        with pytest.raises(DataError) as caught:
            await anext(stream)
        codes.append(caught.value.code)
    assert (set(codes), stats(db)[0], await db.user.count()) == ({"P1017"}, 0, COUNT)


@pytest.mark.tasks
async def test_a_stream_that_is_cancelled_leaves_no_cursor_in_its_transaction(
    db: Prisma, users: list[str], spelling: Spelling
) -> None:
    is_inside = asyncio.Event()

    async def wait_inside(tx: Any) -> None:
        async for _ in tx.user.stream(batch_size=3):
            is_inside.set()
            await asyncio.Event().wait()

    async with db.tx() as tx:
        task = asyncio.create_task(wait_inside(tx))
        await is_inside.wait()
        task.cancel()
        # Without a reference to the exception, which would keep the stream alive.
        with contextlib.suppress(asyncio.CancelledError):
            await task
        del task
        gc.collect()  # an exception and its frames may refer to each other
        for _ in range(3):  # turns in which the event loop makes a task that closes what nothing refers to any more
            await asyncio.sleep(0)
        open_cursors = await tx.query_raw(spelling.cursors)
    assert open_cursors == []
