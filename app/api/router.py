"""The HTTP API for tenants: its prefix, and what its routers share."""

from __future__ import annotations

from fastapi import APIRouter

from app.http.problems import TENANT_RESPONSES
from app.http.request_checks.body import CheckedRoute

API = "/api/v1"


def api_router(noun: str) -> APIRouter:
    """Return the router for a noun as it stands in addresses, such as `usage-metrics`."""
    return APIRouter(
        prefix=f"{API}/{noun}", tags=[noun.replace("-", " ")], route_class=CheckedRoute, responses=TENANT_RESPONSES
    )
