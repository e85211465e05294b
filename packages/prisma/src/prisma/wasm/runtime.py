"""Holds the wasmtime engines of the process, and the lock around everything that runs in it.

One lock per instance would not do, although an instance may only run in one thread at a time. wasmtime's Python binding
keeps two things per process: a list of the objects it has lent (not safe for threads before version 50), and the last
exception of a callback. The lock costs little: a compilation takes less than a millisecond, and most queries need none.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    from wasmtime import Config, Engine

LOCK = threading.Lock()


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
    """Return the engine that runs native code."""
    from wasmtime import Engine

    return Engine(_config())


@lru_cache(maxsize=1)
def portable_engine() -> Engine:
    """Return the engine that runs portable code: wasmtime interprets it, and it is the same on every processor."""
    from wasmtime import Engine

    config = _config()
    config.target = "pulley64"
    return Engine(config)


def _config() -> Config:
    """Return the settings of both.

    By default a trap is a signal that wasmtime's handler turns into an exception, and the compiler traps on some
    requests. The signal would kill a program that installs other handlers later, as `faulthandler.enable()` does. So
    traps are explicit checks here.
    """
    from wasmtime import Config

    config = Config()
    config.signals_based_traps = False
    return config
