"""The traces: a span for each request, with the client's spans below it, without secrets."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import pytest
from httpx import AsyncClient
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from app.config.settings import Settings, Tracing
from app.errors import FatalError
from app.main import create_app
from app.telemetry.tracing import check_tracing, tracer_provider

CALLER_TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = {"traceparent": f"00-{CALLER_TRACE}-b7ad6b7169203331-01"}


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def app(settings: Settings, exporter: InMemorySpanExporter) -> Any:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    app = create_app(settings, tracing=provider)

    @app.get("/broken")
    async def broken() -> None:  # pyright: ignore[reportUnusedFunction]
        raise RuntimeError("secret")

    return app


def parents(spans: list[ReadableSpan]) -> list[tuple[str, str | None]]:
    """Return each span's name with that of the span above it, in the order in which they began."""
    names = {span.context.span_id: span.name for span in spans if span.context}
    ordered = sorted(spans, key=lambda span: span.start_time or 0)
    return [(span.name, names.get(span.parent.span_id) if span.parent else None) for span in ordered]


async def test_the_clients_spans_are_below_the_requests(
    serve_app: Any, app: Any, enrol: Any, exporter: InMemorySpanExporter
):
    ada = await enrol("ada")
    async with serve_app(app) as http:
        http: AsyncClient
        exporter.clear()
        answer = await http.get(
            "/api/v1/users/ada?fields=name", headers=CALLER | ada.headers | {"If-None-Match": '"secret"'}
        )
    spans = [span for span in exporter.get_finished_spans() if span.name != "prisma:client:compile"]
    top = next(span for span in spans if span.name == "GET /api/v1/users/{id}")

    assert answer.status_code == 200
    assert parents(spans)[0] == ("GET /api/v1/users/{id}", None)
    below = parents(spans)[1:]
    assert ("prisma:client:operation", "GET /api/v1/users/{id}") in below
    assert "GET /api/v1/users/{id}" not in {name for name, _ in below}
    assert None not in {parent for _, parent in below}
    assert ("prisma:client:db_query", "prisma:client:operation") in below
    assert top.kind is SpanKind.SERVER
    assert dict(top.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": "/api/v1/users/{id}",
        "http.response.status_code": 200,
    }
    assert top.status.status_code is StatusCode.UNSET
    # One trace, which the caller began.
    assert {f"{span.context.trace_id:032x}" for span in spans if span.context} == {CALLER_TRACE}
    told = "".join(span.to_json() for span in spans)
    assert [word for word in ("secret", "fields=") if word in told] == []


async def test_an_unexpected_error_marks_the_span(serve_app: Any, app: Any, exporter: InMemorySpanExporter):
    async with serve_app(app) as http:
        await http.get("/broken")
    span = next(span for span in exporter.get_finished_spans() if span.name == "GET /broken")
    assert (span.status.status_code, (span.attributes or {})["http.response.status_code"]) == (StatusCode.ERROR, 500)
    assert "secret" not in span.to_json()


def test_off_unless_asked_for(settings: Settings):
    assert tracer_provider(settings) is None


def test_the_providers_name_and_exporter(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "console")
    provider: Any = tracer_provider(replace(settings, tracing=Tracing.ON))
    provider.shutdown()
    assert provider.resource.attributes["service.name"] == "ainative-database"


def test_missing_packages(settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(FatalError, match="packages of OpenTelemetry"):
        check_tracing(replace(settings, tracing=Tracing.ON))
    assert tracer_provider(replace(settings, tracing=Tracing.IF_POSSIBLE)) is None
    assert "not installed" in caplog.text
