"""Holds the wasmtime engine of the process, and the lock around everything that runs in it.

One lock per instance would not do, although an instance may only run in one thread at a time. wasmtime's Python binding
keeps two things per process: a list of the objects it has lent (not safe for threads before version 50), and the last
exception of a callback. The lock costs little: a compilation takes milliseconds, and most queries need none.

The build hook runs this file to compile for the same engine, so it imports nothing else of this package.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator

    from wasmtime import Engine

LOCK = threading.Lock()

# A forked process lacks the thread that may be compiling, and would wait for the lock for ever: a fork waits instead.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=LOCK.acquire, after_in_parent=LOCK.release, after_in_child=LOCK.release)

SETTINGS: Final = {"target": "pulley64", "signals_based_traps": False}
"""The engine's settings that compiled code depends on.

`pulley64` is the code of the interpreter, the same on every 64-bit little-endian processor. Native code would run
ten times as fast. But compiling it takes ten seconds, which only a thousand new shapes of queries win back, and code
from a cache would have to be trusted.

By default a trap is a signal that wasmtime's handler turns into an exception, and the compiler traps on some requests.
The signal would kill a program that installs other handlers later, as `faulthandler.enable()` does. So traps are
explicit checks here.
"""


@contextmanager
def unlocked() -> Generator[None]:
    """Give the lock up for a block inside of it, in which nothing of WebAssembly runs."""
    LOCK.release()
    try:
        yield
    finally:
        LOCK.acquire()


@lru_cache(maxsize=1)
def engine() -> Engine:
    """Return the engine."""
    from wasmtime import Config, Engine

    config = Config()
    for name, value in SETTINGS.items():
        setattr(config, name, value)
    return Engine(config)
