"""A client outlives event loops, serves several, and is not shared with forked processes."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from prisma import Prisma
from prisma.engine.errors import AlreadyConnectedError


@pytest.fixture
def own_url(databases: Any) -> str:
    """The URL of a database; these tests run their own loops, so they are no coroutines."""
    from pathlib import Path

    root = Path(__file__).resolve().parents[5]
    return databases.empty(sorted((root / "migrations").glob("*/migration.sql")))


def test_c1_a_loop_ended_and_another_runs(own_url: str) -> None:
    db = Prisma(datasource={"url": own_url}, use_dotenv=False)

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


def test_c1_several_loops_at_once(own_url: str) -> None:
    db = Prisma(datasource={"url": own_url}, use_dotenv=False)
    asyncio.run(db.connect())
    ready = threading.Barrier(4)

    async def work(number: int) -> int:
        ready.wait(timeout=30)
        await asyncio.gather(*(db.user.create({"email": f"{number}-{each}@b.c"}) for each in range(5)))
        return await db.user.count(where={"email": {"startswith": f"{number}-"}})

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda number: asyncio.run(work(number)), range(4))) == [5, 5, 5, 5]
    asyncio.run(db.disconnect())


@pytest.mark.parametrize("explicit", [False, True])
def test_c1_several_loops_open_one_client(own_url: str, explicit: bool) -> None:
    db = Prisma(datasource={"url": f"{own_url}&connection_limit=2"}, use_dotenv=False, lazy_connect=not explicit)
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


def test_c1_lookups_of_several_loops_do_not_mix(own_url: str) -> None:
    db = Prisma(datasource={"url": f"{own_url}&connection_limit=3"}, use_dotenv=False, lazy_connect=True)
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


def test_c1_a_lookup_of_a_loop_that_was_left_answers_nobody_else(own_url: str) -> None:
    db = Prisma(datasource={"url": own_url}, use_dotenv=False, lazy_connect=True)
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


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_c1_a_forked_process_has_its_own_connections(own_url: str) -> None:
    db = Prisma(datasource={"url": own_url}, use_dotenv=False)
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


async def test_c3_a_process_that_finds_its_plans_starts_no_compiler(own_url: str) -> None:
    async with Prisma(datasource={"url": own_url}, use_dotenv=False) as db:
        # Leaves the plan for the next process, unless one before has.
        await db.user.find_unique({"email": "a@b.c"}, include={"projects": {"take": 3}})
    command = [sys.executable, "-c", SECOND_PROCESS, own_url]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    output, _ = await process.communicate()
    assert output.decode().splitlines() == ["None", "[]"]
