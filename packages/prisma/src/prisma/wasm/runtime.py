"""The process's wasmtime: one engine, and one lock around everything that runs in it.

The lock is not only about instances, each of which may run in one thread at a time. wasmtime's Python binding keeps a
list of the objects it lent out (before version 50 not safe for threads) and the last exception of a callback per
process, not per instance. A compilation takes less than a millisecond, and most queries need none.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wasmtime import Engine

LOCK = threading.Lock()


@lru_cache(maxsize=1)
def engine() -> Engine:
    """Return the engine.

    A trap (the compiler panics on some requests) is by default a signal that wasmtime's own handler turns into an
    exception. A program that installs handlers of its own later (`faulthandler.enable()` does) would be killed by it,
    so traps are explicit checks here.
    """
    from wasmtime import Config, Engine

    config = Config()
    config.signals_based_traps = False
    return Engine(config)
