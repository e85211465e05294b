"""Large answers: many rows, or long JSON of related rows, which take more than a moment to become records.

They are left to the caller, who knows what else has to run meanwhile. The collector of garbage rests then: all records
stay, and it would look at each of them several times to find that out. With 100,000 records that is half of the time
that they take, and one of its passes would stop the program for longer than anything else.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from threading import local
from typing import Any, Final

LONG_TEXT: Final = 500_000
"""Characters of JSON, some thousands of related rows."""

_thread: Final = local()


class LargeAnswer(Exception):
    """An answer is large; `decode` makes its records, if `at_length` calls it."""

    def __init__(self) -> None:
        super().__init__()
        self.decode: Callable[[], Any] | None = None


def at_length(decode: Callable[..., Any], *rows: Any) -> Any:
    """Return what `decode` makes of rows, however large they are, while nothing in the process is collected."""
    _thread.has_time = True
    collects = gc.isenabled()
    gc.disable()
    try:
        return decode(*rows)
    finally:
        _thread.has_time = False
        if collects:
            gc.enable()


def parsed_at_length(loads: Callable[[str], Any], text: str) -> Any:
    """Parse long text, if `at_length` called the decoder; raise LargeAnswer if not."""
    if getattr(_thread, "has_time", False):
        return loads(text)
    raise LargeAnswer
