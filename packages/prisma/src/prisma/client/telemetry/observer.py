"""Observer: sees every statement of a client, for its events and its spans."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime

from prisma.client.telemetry.events import Events
from prisma.client.telemetry.tracing import Tracing
from prisma.faults import DriverFault


class Observer:
    """What a client and its copies tell of their work; `tracing` is None if there are to be no spans."""

    __slots__ = ("events", "tracing")

    def __init__(self, events: Events, tracing: Tracing | None) -> None:
        self.events = events
        self.tracing = tracing

    @property
    def wants_statements(self) -> bool:
        """Whether anyone listens; if not, statements need not pass here."""
        return self.tracing is not None or self.events.about_statements

    @contextmanager
    def statement(self, sql: str, params: Sequence[object] = (), *, span: str = "db_query") -> Generator[None]:
        """Observe a statement that runs inside the block."""
        began, start = datetime.now(UTC), time.perf_counter()
        with self._span(span, sql):
            try:
                yield
            except Exception as error:
                reason = str(error.kind) if isinstance(error, DriverFault) else type(error).__name__
                self.events.failed(sql, (time.perf_counter() - start) * 1000, reason)
                raise
        self.events.answered(began, sql, params, (time.perf_counter() - start) * 1000)

    def _span(self, name: str, sql: str) -> AbstractContextManager[None]:
        if self.tracing is None:
            return nullcontext()
        return self.tracing.span(name, db__system="postgresql", db__query__text=sql)
