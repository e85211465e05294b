"""The outermost middleware: the access log and the traces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.telemetry.access_log import AccessLog
from app.telemetry.tracing import TracingMiddleware

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from app.telemetry.tracing import TracerProvider


def install_telemetry(app: FastAPI, tracing: TracerProvider | None) -> None:
    """Log each request of `app`, and trace it if there is a provider.

    Not by `add_middleware`: Starlette's handler of unexpected errors is outside of such middleware, and its responses
    need the id of the request, too.
    """
    build = app.build_middleware_stack

    def observed() -> ASGIApp:
        answering = build()
        return AccessLog(answering if tracing is None else TracingMiddleware(answering, tracing))

    app.build_middleware_stack = observed
