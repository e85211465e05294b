"""The router that each kind of record has below `/api/v1`."""

from __future__ import annotations

from fastapi import APIRouter

from app.http.problems import TENANT_RESPONSES
from app.http.request_checks.body import CheckedRoute
from app.paths import API


def api_router(noun: str) -> APIRouter:
    """Return the router for a noun as it is written in addresses, such as `usage-metrics`."""
    return APIRouter(
        prefix=f"{API}/{noun}", tags=[noun.replace("-", " ")], route_class=CheckedRoute, responses=TENANT_RESPONSES
    )
