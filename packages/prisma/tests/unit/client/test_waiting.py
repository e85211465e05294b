"""The deadline of a transaction whose work several tasks do in turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from prisma.client._async.waiting import Deadline, DeadlinePassed, Lock

CONNECTION: Any = None  # a task is broken off without it


async def test_no_work_begins_once_the_end_is_under_way() -> None:
    lock, release = Lock(), asyncio.Event()
    events: list[str] = []

    async def first(_: None) -> None:
        await release.wait()
        events.append("first")

    async def second(_: None) -> None:
        events.append("second")

    def answer_late() -> None:
        # The moment passes before the first task sees the answer.
        release.set()
        time.sleep(0.1)

    deadline = Deadline(0.05, lock, CONNECTION, end=lambda: events.append("end"))

    async def turn(work: Callable[[None], Awaitable[None]]) -> None:
        async with lock:
            if "end" not in events:
                await deadline.run(work, None)

    tasks = [asyncio.create_task(turn(work)) for work in (first, second)]
    await asyncio.sleep(0)
    answer_late()
    await asyncio.gather(*tasks)
    assert events == ["first", "end"]


@pytest.mark.parametrize("cancelled_too", [False, True])
async def test_the_end_comes_when_the_moment_is_brought_forward(cancelled_too: bool) -> None:
    ended, started = asyncio.Event(), asyncio.Event()
    deadline = Deadline(60, Lock(), CONNECTION, end=ended.set)

    async def work(_: None) -> None:
        started.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(deadline.run(work, None))
    await started.wait()
    deadline.bring_forward()
    if cancelled_too:
        task.cancel()
    (result,) = await asyncio.gather(task, return_exceptions=True)
    await asyncio.wait_for(ended.wait(), 1)
    assert type(result) is (asyncio.CancelledError if cancelled_too else DeadlinePassed)
