"""New shapes are compiled in a thread, once for all calls that ask for them, while the event loop goes on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from prisma import Prisma
from prisma.compiler.query_compiler import QueryCompiler
from prisma.errors import FieldNotFoundError
from servers import PATIENCE

pytestmark = [pytest.mark.tasks, pytest.mark.default_client]


@pytest.fixture
def threads_of_compiler(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """The threads in which requests were compiled."""
    found: list[int] = []
    compile_ = QueryCompiler.compile

    def noted(self: QueryCompiler, request: str) -> Any:
        found.append(threading.get_ident())
        return compile_(self, request)

    # Without plans on disk.
    monkeypatch.setenv("PRISMA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(QueryCompiler, "compile", noted)
    return found


@pytest.fixture
async def db(url: str, threads_of_compiler: list[int]) -> AsyncIterator[Prisma]:
    """A client without any plans: those of its process are shared by clients that keep as many."""
    from prisma.client.planning.plans import Plans

    Plans._instances.clear()  # pyright: ignore[reportPrivateUsage]
    async with Prisma(datasource={"url": url}) as db:
        yield db


async def test_a_new_shape_is_compiled_once_in_a_thread(db: Prisma, threads_of_compiler: list[int]) -> None:
    found = await asyncio.gather(*(db.user.find_first(where={"email": str(number)}) for number in range(8)))
    assert (found, len(threads_of_compiler)) == ([None] * 8, 1)
    await db.user.create_many([{"email": "a"}])
    await db.user.find_unique({"email": "a"})
    assert threading.get_ident() not in threads_of_compiler


async def test_lookups_of_a_new_shape_go_together(db: Prisma) -> None:
    statements: list[str] = []
    db.on("query", lambda event: statements.append(event.query))
    await asyncio.gather(*(db.user.find_unique({"email": str(number)}) for number in range(8)))
    # The first goes at once.
    assert len(statements) == 2


async def test_each_call_of_a_wrong_shape_has_its_own_error(db: Prisma) -> None:
    calls = (db.user.find_first(where={"nothing": number}) for number in range(3))  # pyright: ignore[reportArgumentType]
    errors = await asyncio.gather(*calls, return_exceptions=True)
    assert ([type(error) for error in errors], len(set(map(id, errors)))) == ([FieldNotFoundError] * 3, 3)
    assert all(isinstance(error, Exception) and "NewShape" not in repr(error.__context__) for error in errors)


async def test_a_cancelled_call_leaves_the_others(db: Prisma, threads_of_compiler: list[int]) -> None:
    first, second = (asyncio.ensure_future(db.user.find_many(where={"name": name}, take=7)) for name in "ab")
    await asyncio.sleep(0)
    first.cancel()
    assert await second == []
    assert (first.cancelled(), len(threads_of_compiler)) == (True, 2)


async def test_a_full_executor_of_the_program_does_not_stand_in_the_way(db: Prisma) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))

    def waits_in_the_only_thread() -> int:
        return asyncio.run_coroutine_threadsafe(db.user.count(where={"name": "a"}), loop).result(PATIENCE)

    assert await asyncio.to_thread(waits_in_the_only_thread) == 0


async def test_a_batch_compiles_in_a_thread_too(db: Prisma, threads_of_compiler: list[int]) -> None:
    async with db.batch_() as batch:
        batch.user.create({"email": "a"})
    assert threads_of_compiler
    assert threading.get_ident() not in threads_of_compiler
