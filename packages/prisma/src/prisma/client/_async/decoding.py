"""Decoding of large answers: the event loop can do other work meanwhile. The synchronous side does it at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, Final

from prisma.client._async.threads import Threads
from prisma.engine.large_answers import at_length

_SECONDS: Final = 0.008
"""How long a portion may take."""

_threads: Final = Threads("prisma-decoder", 2)


async def in_portions(decode: Callable[[Any], list[Any]], rows: Sequence[Any], portion: int) -> list[Any]:
    """Return what `decode` makes of all rows; it gets `portion` of them first, and then as many as its time allows."""
    records: list[Any] = []
    start = 0
    while start < len(rows):
        before = perf_counter()
        records += at_length(decode, rows[start : start + portion])
        start += portion
        seconds = perf_counter() - before
        # Rows differ in what is related to them: at most twice as many the next time.
        portion = max(1, min(2 * portion, int(portion * _SECONDS / max(seconds, 1e-6))))
        await asyncio.sleep(0)
    return records


async def as_a_whole(decode: Callable[..., Any], *rows: Any) -> Any:
    """Return what `decode` makes of something that can't be divided; the interpreter lets the loop in between."""
    return await _threads.start(at_length, decode, *rows)
