"""A limit of time breaks off the work that is late, and nothing else."""

from __future__ import annotations

import asyncio

import pytest

from app.database.time_limit import TimeLimit

SHORT = 0.02  # seconds


async def value(result: str) -> str:
    return result


async def never() -> None:
    await asyncio.Event().wait()


async def test_work_that_is_late_is_cancelled_and_other_work_goes_on():
    limit, ended = TimeLimit(SHORT), []

    async def late() -> None:
        try:
            await never()
        finally:
            ended.append("cancelled")

    async def quick() -> str:
        async with asyncio.timeout(60):
            while not ended:
                await limit.run(value("quick"))
                await asyncio.sleep(0)
        return await limit.run(value("quick"))

    found = await asyncio.gather(limit.run(late()), quick(), return_exceptions=True)
    assert ([type(each) for each in found], found[1], ended) == ([TimeoutError, str], "quick", ["cancelled"])


async def test_one_after_the_other_is_late():
    """Also what begins when the timer for another one is set already, and after it has come."""
    limit = TimeLimit(SHORT)
    found = []
    for _ in range(3):
        begun = [asyncio.create_task(limit.run(never()))]
        await asyncio.sleep(SHORT / 2)
        begun.append(asyncio.create_task(limit.run(never())))
        found += await asyncio.gather(*begun, return_exceptions=True)
    assert [type(each) for each in found] == [TimeoutError] * 6


async def test_a_cancellation_stays_one():
    limit = TimeLimit(60)
    task = asyncio.create_task(limit.run(never()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert task.cancelled()


async def test_an_error_is_that_of_the_work_and_a_late_end_leaves_no_cancellation():
    async def fail() -> None:
        raise LookupError

    async def stubborn() -> str:
        try:
            await never()
        except asyncio.CancelledError:
            return "done all the same"
        return ""

    with pytest.raises(LookupError):
        await TimeLimit(60).run(fail())
    task = asyncio.current_task()
    assert task is not None
    assert (await TimeLimit(SHORT).run(stubborn()), task.cancelling()) == ("done all the same", 0)


def test_each_event_loop_has_its_own_timer():
    limit = TimeLimit(SHORT)

    async def broken_off() -> bool:
        try:
            await limit.run(never())
        except TimeoutError:
            return True
        return False

    async def quick() -> str:
        return await limit.run(value("quick"))

    # The first loop ends before its timer comes.
    assert [asyncio.run(quick()), asyncio.run(broken_off()), asyncio.run(broken_off())] == ["quick", True, True]
