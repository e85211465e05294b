"""The route that shows how many rows the main tables have."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, Depends

from app.auth.authentication import require_admin
from app.database.client import Database, DatabaseStats, get_database_stats
from app.http.problems import problem_responses
from prisma import Prisma

LIFETIME = 10.0  # seconds for which the counts are valid: each of them reads a whole table


def stats_router(*, public: bool) -> APIRouter:
    """Return the route of the counts: for everybody if they are `public`, else for ADMIN."""
    refusals = problem_responses(HTTPStatus.SERVICE_UNAVAILABLE)
    if not public:
        refusals |= problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
    router = APIRouter(prefix="/api/stats", tags=["stats"], dependencies=[] if public else [Depends(require_admin)])

    counts = _Counts()

    @router.get("", responses=refusals)
    async def read_stats(db: Database) -> DatabaseStats:  # pyright: ignore[reportUnusedFunction]
        """Return how many rows the main tables have, or had up to 10 seconds ago."""
        return await counts.read(db)

    return router


class _Counts:
    """The counts that were read last; requests at the same time share one reading."""

    def __init__(self) -> None:
        self._reading: asyncio.Task[DatabaseStats] | None = None
        self._until = 0.0

    async def read(self, db: Prisma) -> DatabaseStats:
        loop = asyncio.get_running_loop()
        if self._reading is None or self._has_failed() or loop.time() >= self._until:
            self._until = loop.time() + LIFETIME
            self._reading = loop.create_task(get_database_stats(db))
        # Shielded: a caller that disconnects must not cancel the reading of others.
        return await asyncio.shield(self._reading)

    def _has_failed(self) -> bool:
        reading = self._reading
        return reading is not None and reading.done() and (reading.cancelled() or reading.exception() is not None)
