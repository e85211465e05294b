"""The route that shows the metrics to Prometheus."""

from __future__ import annotations

import hmac
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from app.config.settings import Environment, Settings
from app.http.problems import ProblemError
from app.paths import METRICS
from app.telemetry.metrics.exposition import exposition


def metrics_router(settings: Settings) -> APIRouter:
    """Return the route for Prometheus: with a token if METRICS_TOKEN is set; else in production there is none."""
    router = APIRouter()
    if settings.metrics_token is None and settings.environment is Environment.PRODUCTION:
        return router

    @router.get(METRICS, include_in_schema=False)
    async def read_metrics(request: Request) -> Response:  # pyright: ignore[reportUnusedFunction]
        if settings.metrics_token is not None:
            _check(request, settings.metrics_token)
        await request.state.metrics.publish()
        return Response(exposition(), media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})

    return router


def _check(request: Request, token: str) -> None:
    shown = request.headers.get("Authorization", "")
    # Bytes: compare_digest refuses text that is not ASCII.
    if not hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
        raise ProblemError(HTTPStatus.UNAUTHORIZED, "unauthorized", "The metrics need their token.")
