"""Tracing: OpenTelemetry spans for the work of a client, if they are turned on (`pip install "prisma[otel]"`).

Spans have names, models, SQL texts and codes. They never have values, nor messages that could repeat values.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Protocol

from prisma.errors import PrismaError
from prisma.faults import DriverFault


class TracerProvider(Protocol):
    """What OpenTelemetry calls so, where it is not installed."""

    def get_tracer(self, *args: Any, **options: Any) -> Any: ...


class Tracing:
    """Makes spans: `prisma:client:operation`, `compile`, `db_query`, `start_`, `commit_` and `rollback_transaction`."""

    def __init__(self, provider: TracerProvider | None) -> None:
        try:
            from opentelemetry import trace
        except ImportError as error:
            raise PrismaError('Tracing needs OpenTelemetry: `pip install "prisma[otel]"`.') from error
        self._trace = trace
        self._tracer = (provider or trace.get_tracer_provider()).get_tracer("prisma")

    @contextmanager
    def span(self, name: str, **attributes: str) -> Generator[None]:
        """Open a span around a block; an exception that leaves it marks it as failed."""
        trace = self._trace
        kind = trace.SpanKind.CLIENT if name == "db_query" else trace.SpanKind.INTERNAL
        with self._tracer.start_as_current_span(
            f"prisma:client:{name}",
            kind=kind,
            attributes=_attributes(attributes),
            # The text of an exception may repeat what a caller sent.
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_status(trace.StatusCode.ERROR, _reason(error))
                raise


def make_tracing(option: bool | TracerProvider) -> Tracing | None:
    """Return what a client's option asks for: True means the global provider.

    Raises:
        PrismaError: OpenTelemetry is not installed.
    """
    if option is False:
        return None
    return Tracing(None if option is True else option)


def _attributes(named: dict[str, str]) -> dict[str, Any]:
    # Keyword arguments can't have dots.
    return {name.replace("__", "."): value for name, value in named.items()}


def _reason(error: BaseException) -> str:
    if isinstance(error, DriverFault):
        return str(error.kind)
    return str(getattr(error, "code", None) or type(error).__name__)
