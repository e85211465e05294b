"""The health check, which asks the database at most once a second for all requests together."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.database.client import CHECK_TIMEOUT, check_database_connection

if TYPE_CHECKING:
    from prisma import Prisma

LIFETIME = 1.0  # seconds for which an answer is valid
LAG = 0.25  # seconds by which a busy event loop is late


class DatabaseState(StrEnum):
    """How the database looks from here; `BUSY` says that this process itself was too slow to tell."""

    CONNECTED = "connected"
    BUSY = "busy"
    DISCONNECTED = "disconnected"


@dataclass(slots=True)
class _Answer:
    state: DatabaseState
    until: float


class HealthCheck:
    """The checks of one client; requests at the same time, or within a second, share one check."""

    def __init__(self, db: Prisma, *, lifetime: float = LIFETIME) -> None:
        self._db = db
        self._lifetime = lifetime
        self._answer: _Answer | None = None
        self._asking: asyncio.Task[DatabaseState] | None = None

    async def state(self) -> DatabaseState:
        """Return how the database is, or was a moment ago; it takes CHECK_TIMEOUT seconds at most."""
        loop = asyncio.get_running_loop()
        if self._answer is not None and loop.time() < self._answer.until:
            return self._answer.state
        if self._asking is None or self._asking.done():
            self._asking = loop.create_task(self._ask())
        # Shielded: a caller that disconnects must not cancel the check for others.
        return await asyncio.shield(self._asking)

    async def _ask(self) -> DatabaseState:
        loop = asyncio.get_running_loop()
        began = loop.time()
        alive = await check_database_connection(self._db)
        if alive:
            state = DatabaseState.CONNECTED
        elif loop.time() - began > CHECK_TIMEOUT + LAG:
            # The answer may have come, but this process was too busy to read it in time.
            state = DatabaseState.BUSY
        else:
            state = DatabaseState.DISCONNECTED
        self._answer = _Answer(state, loop.time() + self._lifetime)
        return state
