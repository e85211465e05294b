"""The two interfaces of a client, `asyncio` and `sync`, as the words in which their source differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Interface:
    """The words of one interface.

    Attributes:
        define: the opening of a method that waits.
        wait: the word before a call of it.
        enter: the opening of a block of a context manager.
        prefix: the first word in the names of the runtime's classes.
        manager: the runtime's class of transactions.
    """

    define: str
    wait: str
    enter: str
    prefix: str
    manager: str


ASYNCIO: Final = Interface("async def", "await ", "async with", "Async", "TransactionManager")
SYNC: Final = Interface("def", "", "with", "Sync", "SyncTransactionManager")

INTERFACES: Final = {"asyncio": ASYNCIO, "sync": SYNC}
DRIVERS: Final = {"asyncio": ("asyncpg", "psycopg"), "sync": ("psycopg",)}
"""The drivers that an interface can use, its default first."""
