"""Statistics over HTTP."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter

from app.db import Database, DatabaseStats, get_database_stats
from app.errors import problem_responses

router = APIRouter(prefix="/api/stats", tags=["stats"])


@router.get("", responses=problem_responses(HTTPStatus.SERVICE_UNAVAILABLE))
async def read_stats(db: Database) -> DatabaseStats:
    """Count the rows of the main tables."""
    return await get_database_stats(db)
