"""Portions of rows, and what runs between them."""

from __future__ import annotations

import asyncio
import gc
import threading

import pytest

from prisma.client._async.decoding import in_portions
from prisma.engine.large_answers import at_length

ROWS = list(range(5000))


async def test_other_tasks_run_between_portions() -> None:
    finished: list[int] = []
    seen: set[int] = set()
    collects: set[bool] = set()

    async def watch() -> None:
        while True:
            seen.add(len(finished))
            await asyncio.sleep(0)

    def decode(rows: list[int]) -> list[int]:
        collects.add(gc.isenabled())
        finished.extend(rows)
        return rows

    task = asyncio.ensure_future(watch())
    assert await in_portions(decode, ROWS, 1000) == ROWS
    task.cancel()
    # A portion has at most twice as many rows as the one before.
    assert (len(seen - {0, len(ROWS)}) >= 2, collects, gc.isenabled()) == (True, {False}, True)


async def test_a_failure_ends_it() -> None:
    def decode(rows: list[int]) -> list[int]:
        raise ValueError(len(rows))

    with pytest.raises(ValueError, match="7"):
        await in_portions(decode, ROWS, 7)
    assert gc.isenabled()


def test_the_collector_rests_until_the_last_thread_has_decoded() -> None:
    inside, leaving = threading.Event(), threading.Event()

    def decode() -> None:
        inside.set()
        leaving.wait()

    thread = threading.Thread(target=at_length, args=(decode,))
    thread.start()
    inside.wait()
    at_length(lambda: at_length(list))
    rests = not gc.isenabled()
    leaving.set()
    thread.join()
    assert (rests, gc.isenabled()) == (True, True)
