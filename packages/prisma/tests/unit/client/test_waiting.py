"""The deadline of a transaction, whose work is done by tasks in turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from prisma.client._async.waiting import Deadline, DeadlinePassed, Lock


async def test_no_work_begins_once_the_end_is_under_way() -> None:
    lock, release = Lock(), asyncio.Event()
    events: list[str] = []

    async def end() -> None:
        events.append("end")

    async def cancel() -> None:
        events.append("cancel")

    async def first(_: None) -> None:
        await release.wait()
        events.append("first")

    async def second(_: None) -> None:
        events.append("second")

    def answer_late() -> None:
        # The moment passes before the first task sees the answer.
        release.set()
        time.sleep(0.1)

    deadline = Deadline(0.05, lock, end=end, cancel=cancel)

    async def turn(work: Callable[[None], Awaitable[None]]) -> None:
        async with lock:
            await deadline.run(work, None)

    tasks = [asyncio.create_task(turn(work)) for work in (first, second)]
    await asyncio.sleep(0)
    answer_late()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert ([type(result) for result in results], events) == ([type(None), DeadlinePassed], ["first", "end"])
