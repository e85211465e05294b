"""The route that shows how many rows the main tables have."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Depends

from app.auth.authentication import require_admin
from app.database.client import Database, DatabaseStats, get_database_stats
from app.http.problems import problem_responses


def stats_router(*, public: bool) -> APIRouter:
    """Return the route of the counts: for everybody if they are `public`, else for ADMIN."""
    refusals = problem_responses(HTTPStatus.SERVICE_UNAVAILABLE)
    if not public:
        refusals |= problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
    router = APIRouter(prefix="/api/stats", tags=["stats"], dependencies=[] if public else [Depends(require_admin)])

    @router.get("", responses=refusals)
    async def read_stats(db: Database) -> DatabaseStats:  # pyright: ignore[reportUnusedFunction]
        """Count the rows of the main tables."""
        return await get_database_stats(db)

    return router
