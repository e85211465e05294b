"""Decoding of large answers. The asynchronous side lets the event loop do other work meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from prisma.engine.large_answers import at_length


def in_portions(decode: Callable[[Any], list[Any]], rows: Sequence[Any], portion: int) -> list[Any]:
    """Return what `decode` makes of all rows."""
    del portion
    return at_length(decode, rows)


def as_a_whole(decode: Callable[..., Any], *rows: Any) -> Any:
    """Return what `decode` makes of something that can't be divided."""
    return at_length(decode, *rows)
