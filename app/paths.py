"""The paths of the service that more than one module needs."""

from __future__ import annotations

API = "/api/v1"  # everything that needs a known caller is below it
HEALTH = "/api/health"
METRICS = "/metrics"
HOME = "/"
DOCS = "/docs"
REDOC = "/redoc"
OPENAPI = "/openapi.json"
