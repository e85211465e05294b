"""A client outlives its event loop, serves several loops at once, and is not shared with forked processes."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import multiprocessing
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from prisma import Prisma
from prisma.engine.errors import AlreadyConnectedError
from prisma.errors import PrismaError


@pytest.mark.tasks
@pytest.mark.portable
def test_a_client_outlives_its_event_loop(url: str, package: Any) -> None:
    db = package.Prisma(datasource={"url": url}, use_dotenv=False)

    async def connect() -> int:
        await db.connect()
        return await db.user.count()

    assert asyncio.run(connect()) == 0
    assert db.is_connected()

    async def again() -> int:
        await db.user.create({"email": "a@b.c"})
        return await db.user.count()

    assert asyncio.run(again()) == 1
    asyncio.run(db.disconnect())
    assert not db.is_connected()


@pytest.mark.tasks
@pytest.mark.portable
def test_several_loops_at_once(url: str, package: Any) -> None:
    db = package.Prisma(datasource={"url": url}, use_dotenv=False)
    asyncio.run(db.connect())
    ready = threading.Barrier(4)

    async def work(number: int) -> int:
        ready.wait(timeout=30)
        await asyncio.gather(*(db.user.create({"email": f"{number}-{each}@b.c"}) for each in range(5)))
        return await db.user.count(where={"email": {"startswith": f"{number}-"}})

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda number: asyncio.run(work(number)), range(4))) == [5, 5, 5, 5]
    asyncio.run(db.disconnect())


@pytest.mark.tasks
@pytest.mark.portable
@pytest.mark.parametrize("explicit", [False, True])
def test_several_loops_open_one_client(url: str, package: Any, explicit: bool) -> None:
    db = package.Prisma(datasource={"url": f"{url}&connection_limit=2"}, use_dotenv=False, lazy_connect=not explicit)
    ready = threading.Barrier(4)

    async def work() -> list[int]:
        async with asyncio.timeout(30):
            ready.wait(timeout=30)
            if explicit:
                with contextlib.suppress(AlreadyConnectedError):
                    await db.connect()
            return await asyncio.gather(*(db.user.count() for _ in range(5)))

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: asyncio.run(work()), range(4)))
    asyncio.run(db.disconnect())
    assert answers == [[0] * 5] * 4


@pytest.mark.tasks
@pytest.mark.portable
def test_find_unique_calls_of_several_loops_do_not_mix(url: str, package: Any) -> None:
    db = package.Prisma(datasource={"url": f"{url}&connection_limit=3"}, use_dotenv=False, lazy_connect=True)
    names = [f"user{number}" for number in range(20)]
    asyncio.run(db.user.create_many([{"id": name, "email": name} for name in names]))
    ready = threading.Barrier(4)

    async def ask() -> list[str | None]:
        async with asyncio.timeout(30):
            ready.wait(timeout=30)
            found = [await asyncio.gather(*(db.user.find_unique({"id": name}) for name in names)) for _ in range(20)]
        return [user and user.id for users in found for user in users]

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: asyncio.run(ask()), range(4)))
    asyncio.run(db.disconnect())
    assert answers == [names * 20] * 4


@pytest.mark.tasks
@pytest.mark.portable
def test_a_find_unique_of_an_ended_loop_answers_no_other_call(url: str, package: Any) -> None:
    db = package.Prisma(datasource={"url": url}, use_dotenv=False, lazy_connect=True)
    abandoned = asyncio.new_event_loop()
    abandoned.run_until_complete(db.user.create({"id": "a", "email": "a@b.c"}))

    async def leave() -> None:
        tasks = [asyncio.ensure_future(db.user.find_unique({"id": "a"})) for _ in range(3)]
        kept.extend(tasks)
        await asyncio.sleep(0)

    kept: list[Any] = []
    abandoned.run_until_complete(leave())

    async def ask() -> list[Any]:
        async with asyncio.timeout(30):
            return await asyncio.gather(*(db.user.find_unique({"id": "a"}) for _ in range(3)))

    found = asyncio.run(ask())
    abandoned.run_until_complete(asyncio.gather(*kept))
    abandoned.run_until_complete(db.disconnect())
    abandoned.close()
    assert [user.id for user in found] == ["a"] * 3


def _count(db: Prisma, answers: Any) -> None:
    answers.put(asyncio.run(db.user.count()))


@pytest.mark.tasks
@pytest.mark.portable
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_has_its_own_connections(url: str, package: Any) -> None:
    db = package.Prisma(datasource={"url": url}, use_dotenv=False)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(db.connect())
    loop.run_until_complete(db.user.create({"email": "a@b.c"}))
    context = multiprocessing.get_context("fork")
    answers: Any = context.Queue()
    processes = [context.Process(target=_count, args=(db, answers)) for _ in range(2)]
    for process in processes:
        process.start()
    assert [answers.get(timeout=60) for _ in processes] == [1, 1]
    for process in processes:
        process.join(30)
    # The parent's connections are as they were.
    assert loop.run_until_complete(db.user.count()) == 1
    loop.run_until_complete(db.disconnect())
    loop.close()


def _settle(value: Any, run: Callable[[Any], Any] = asyncio.run) -> Any:
    """Return what a call gives, or what it awaits in an event loop."""

    async def wait() -> Any:
        return await value

    return run(wait()) if inspect.isawaitable(value) else value


def _try(calls: list[Callable[[], Any]], answers: Any) -> None:
    for call in calls:
        try:
            answers.put(_settle(call()))
        except BaseException as error:
            answers.put((isinstance(error, PrismaError), getattr(error, "code", None), str(error).partition(". ")[0]))


def _of_parent(operation: str) -> tuple[bool, str, str]:
    of_parent = "on a transaction that was opened by the process that forked this one."
    return True, "P2028", f"Transaction already closed: A {operation} cannot be executed {of_parent}"


@pytest.mark.portable
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_may_not_use_what_its_parent_has_open(url: str, driver: str, packages: Any) -> None:
    package = packages.get("service", driver)
    loop = asyncio.new_event_loop()
    is_sync = driver.endswith("threads")
    step: Any = next if is_sync else anext

    def done(value: Any) -> Any:
        return _settle(value, loop.run_until_complete)

    db = package.Prisma(datasource={"url": f"{url}&connection_limit=4"}, use_dotenv=False)
    done(db.connect())
    done(db.user.create_many([{"id": each, "email": each} for each in "abc"]))
    manager = db.tx(timeout=60_000)
    tx = done(manager.start())
    nested = tx.tx()
    inner = done(nested.start())
    streams = [each.user.stream(batch_size=1, order={"id": "asc"}) for each in (db, tx)]
    before = [done(step(each)).id for each in streams]
    batch = tx.batch_()
    batch.user.delete({"id": "a"})

    refused: dict[Callable[[], Any], Any] = {
        tx.user.count: _of_parent("query"),
        lambda: tx.execute_raw("DELETE FROM users"): _of_parent("query"),
        lambda: tx.query_raw("SELECT 1"): _of_parent("query"),
        inner.user.count: _of_parent("query"),
        batch.commit: _of_parent("query"),
        nested.commit: _of_parent("query"),
        manager.commit: _of_parent("commit"),
        manager.rollback: _of_parent("rollback"),
        lambda: step(streams[0]): (True, "P1017", "The connection belongs to the process that forked this one"),
        lambda: step(streams[1]): _of_parent("query"),
        tx.tx().start: _of_parent("query"),
        # A call that needs a connection gets one of this process.
        db.user.count: 3,
    }
    context = multiprocessing.get_context("fork")
    answers: Any = context.Queue()
    child = context.Process(target=_try, args=(list(refused), answers))
    child.start()
    answered = [answers.get(timeout=60) for _ in refused]
    child.join(30)

    # Everything that the parent had open still works.
    after = [done(step(each)).id for each in streams]
    done(inner.user.delete({"id": "c"}))
    done(nested.commit())
    done(manager.commit())
    left = done(db.user.count())
    for each in streams:
        done(each.close() if is_sync else each.aclose())
    done(db.disconnect())
    loop.close()
    assert (before, answered, after, left) == (["a"] * 2, list(refused.values()), ["b"] * 2, 2)


UNNEEDED = (
    "wasmtime", "psycopg", "dotenv", "jinja2", "pydantic.plugin._loader",
    "prisma.cli", "prisma.generator", "prisma._generated.types",
)  # fmt: skip
SECOND_PROCESS = f"""
import asyncio, sys
from prisma import Prisma

async def main():
    async with Prisma(datasource={{"url": sys.argv[1]}}, use_dotenv=False) as db:
        print(await db.user.find_unique({{"email": "a@b.c"}}, include={{"projects": {{"take": 3}}}}))

asyncio.run(main())
print([name for name in {UNNEEDED!r} if name in sys.modules])
"""


async def test_a_process_that_finds_its_plans_starts_no_compiler(url: str) -> None:
    async with Prisma(datasource={"url": url}, use_dotenv=False) as db:
        # Leaves the plan for the next process, unless one before has.
        await db.user.find_unique({"email": "a@b.c"}, include={"projects": {"take": 3}})
    command = [sys.executable, "-c", SECOND_PROCESS, url]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    output, _ = await process.communicate()
    assert output.decode().splitlines() == ["None", "[]"]
