"""Health over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.db import Database, check_database_connection

router = APIRouter(prefix="/api/health", tags=["health"])


class Health(BaseModel):
    """The state of the service and when it was looked at."""

    status: Literal["healthy", "unhealthy"]
    database: Literal["connected", "disconnected"]
    timestamp: datetime


@router.get("", responses={int(HTTPStatus.SERVICE_UNAVAILABLE): {"model": Health, "description": "unhealthy"}})
async def read_health(db: Database, response: Response) -> Health:
    """Ask the database for a sign of life: 200 when it answers, 503 when it does not within 1.5 s."""
    healthy = await check_database_connection(db)
    response.headers["Cache-Control"] = "no-store"
    if not healthy:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Health(
        status="healthy" if healthy else "unhealthy",
        database="connected" if healthy else "disconnected",
        timestamp=datetime.now(UTC),
    )
