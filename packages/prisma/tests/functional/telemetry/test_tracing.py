"""OpenTelemetry spans."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from prisma.errors import UniqueViolationError

SECRET = "ada@example.com"


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def provider(exporter: InMemorySpanExporter) -> TracerProvider:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return provider


def tree(spans: tuple[ReadableSpan, ...]) -> list[tuple[str, str | None]]:
    """Return each span's name and its parent's, in the order of their start."""
    names = {span.context.span_id: span.name for span in spans if span.context}
    ordered = sorted(spans, key=lambda span: span.start_time or 0)
    return [
        (span.name.removeprefix("prisma:client:"), names.get(span.parent.span_id) if span.parent else None)
        for span in ordered
    ]


async def test_spans(make_client: Any, exporter: InMemorySpanExporter, provider: TracerProvider) -> None:
    operation = "prisma:client:operation"
    # A separate plan cache, so that the first query is compiled.
    async with make_client(tracing=provider, query_plan_cache_max_size=77) as db:
        await db.user.find_unique({"email": SECRET})
        await db.user.find_unique({"email": "bob@example.com"})
        async with db.tx() as tx:
            await tx.user.count()
    spans = exporter.get_finished_spans()
    assert tree(spans) == [
        ("operation", None),
        ("compile", operation),
        ("db_query", operation),
        ("operation", None),
        ("db_query", operation),
        ("start_transaction", None),
        ("operation", None),
        ("compile", operation),
        ("db_query", operation),
        ("commit_transaction", None),
    ]
    first = next(span for span in spans if span.name == operation)
    assert dict(first.attributes or {}) == {"model": "User", "method": "findUnique"}
    assert SECRET not in "".join(span.to_json() for span in spans)


@pytest.mark.needs("standard_quotes")
async def test_spans_of_failures(make_client: Any, exporter: InMemorySpanExporter, provider: TracerProvider) -> None:
    async with make_client(tracing=provider) as db:
        await db.user.create({"email": SECRET})
        exporter.clear()
        with pytest.raises(UniqueViolationError):
            await db.user.create({"email": SECRET})
    spans = exporter.get_finished_spans()
    statuses = [(span.name, span.status.status_code, span.status.description) for span in spans]
    assert statuses == [
        ("prisma:client:db_query", StatusCode.ERROR, "UniqueConstraintViolation"),
        ("prisma:client:operation", StatusCode.ERROR, "UniqueConstraintViolation"),
    ]
    assert SECRET not in "".join(span.to_json() for span in spans)


WITHOUT = """
import sys
from prisma import Prisma
Prisma(use_dotenv=False)
assert not any(name.startswith("opentelemetry") for name in sys.modules)
sys.modules["opentelemetry"] = None
try:
    Prisma(use_dotenv=False, tracing=True)
except Exception as error:
    print(error)
"""

pytestmark = [pytest.mark.tasks, pytest.mark.portable]


def test_opentelemetry_is_imported_only_when_asked_for() -> None:
    done: Any = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)
    assert done.stdout == 'Tracing needs OpenTelemetry: `pip install "prisma[otel]"`.\n'
