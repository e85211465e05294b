"""The route that shows the health of the service."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.database.client import Replicas, count_replicas
from app.health.check import DatabaseState
from app.paths import HEALTH

router = APIRouter(prefix=HEALTH, tags=["health"])


class Health(BaseModel):
    """The state of the service and when it was looked at.

    `busy` says that the service was too slow to look at the database, which is no reason to start it again.
    `replicas` is there if the service has some; it needs none of them to be healthy.
    """

    status: Literal["healthy", "unhealthy"]
    database: DatabaseState
    timestamp: datetime
    replicas: Replicas | None = None


@router.get(
    "",
    response_model_exclude_none=True,
    responses={int(HTTPStatus.SERVICE_UNAVAILABLE): {"model": Health, "description": "unhealthy"}},
)
async def read_health(request: Request, response: Response) -> Health:
    """Ask the database for a sign of life: 503 when it gives none within 0.9 s; an answer is good for a second."""
    state = await request.state.health.state()
    healthy = state is not DatabaseState.DISCONNECTED
    response.headers["Cache-Control"] = "no-store"
    if not healthy:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Health(
        status="healthy" if healthy else "unhealthy",
        database=state,
        timestamp=datetime.now(UTC),
        replicas=None if request.state.replica_reads is None else await count_replicas(request.state.db),
    )
