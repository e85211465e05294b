"""Portions of rows, and what runs between them."""

from __future__ import annotations

import asyncio
import gc

import pytest

from prisma.client._async.decoding import in_portions

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
