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
    """Return the engine; its configuration is wasmtime's default."""
    from wasmtime import Engine

    return Engine()
