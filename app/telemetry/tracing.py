"""Traces: a span of OpenTelemetry for each request, around the spans of the database client.

The packages are a separate dependency group: `uv sync --group otel`.
"""

from __future__ import annotations

import importlib.util
import logging
import os
from typing import TYPE_CHECKING, Any, Protocol

from app import __version__
from app.config.settings import Settings, Tracing
from app.errors import FatalError
from app.methods import known_method
from app.telemetry.access_log import FAILED, current_request, route_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

SERVICE = "ainative-database"

_PACKAGES = ("opentelemetry.sdk.trace", "opentelemetry.exporter.otlp.proto.http.trace_exporter")
_MISSING = "Tracing needs the packages of OpenTelemetry, which are not installed."


class TracerProvider(Protocol):
    """The type of OpenTelemetry with this name, which need not be installed."""

    def get_tracer(self, *args: Any, **options: Any) -> Any: ...


def tracer_provider(settings: Settings) -> TracerProvider | None:
    """Return the provider that exports the spans, or None if the settings ask for none.

    OpenTelemetry's own variables say where spans are sent (OTEL_EXPORTER_OTLP_ENDPOINT and the like), or that they are
    printed (OTEL_TRACES_EXPORTER=console).

    Raises:
        FatalError: TRACING is on, but the packages are not installed.
    """
    if settings.tracing is Tracing.OFF:
        return None
    check_tracing(settings)
    if not _installed():
        log.warning(_MISSING)
        return None
    return _exporting()


def check_tracing(settings: Settings) -> None:
    """Raise a FatalError if TRACING is on, but the packages are not installed."""
    if settings.tracing is Tracing.ON and not _installed():
        raise FatalError(_MISSING, "Run: uv sync --group otel, or set TRACING=false")


def _installed() -> bool:
    try:
        return all(importlib.util.find_spec(name) is not None for name in _PACKAGES)
    except ModuleNotFoundError:  # a parent of one of them
        return False


def _exporting() -> TracerProvider:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider as SdkProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter

    if os.environ.get("OTEL_TRACES_EXPORTER") == "console":
        exporter = ConsoleSpanExporter()
    else:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter()
    name = os.environ.get("OTEL_SERVICE_NAME") or SERVICE
    provider = SdkProvider(resource=Resource.create({"service.name": name, "service.version": __version__}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


class TracingMiddleware:
    """ASGI middleware that opens a span around each request, below the caller's span if the request names one."""

    def __init__(self, app: ASGIApp, provider: TracerProvider) -> None:
        from opentelemetry import propagate, trace

        self._app = app
        self._trace = trace
        self._extract = propagate.extract
        self._tracer = provider.get_tracer(SERVICE, __version__)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        method = known_method(scope["method"])

        async def send_with_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._span(method, scope) as span:
            record = current_request()
            if record is not None:
                record.trace_id = self._trace.format_trace_id(span.get_span_context().trace_id)
            try:
                await self._app(scope, receive, send_with_status)
            finally:
                route = route_of(scope)
                span.update_name(f"{method} {route}")
                span.set_attributes({"http.route": route, "http.response.status_code": status or FAILED})
                if status >= FAILED or not status:
                    span.set_status(self._trace.StatusCode.ERROR)

    def _span(self, method: str, scope: Scope) -> Any:
        """Return the span of a request, which ends with the block that it is used in."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        return self._tracer.start_as_current_span(
            method,
            context=self._extract(headers),
            kind=self._trace.SpanKind.SERVER,
            attributes={"http.request.method": method},
            # The text of an exception may repeat text that a caller sent.
            record_exception=False,
            set_status_on_exception=False,
        )
