"""Interfaces: how the methods of a client wait, `asyncio` or `sync`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Interface:
    """The words that differ.

    Attributes:
        define: what begins a method that waits.
        wait: what stands before its call.
        enter: what begins a block of a context manager.
        prefix: what the runtime's classes begin with.
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
