"""The observer of a client's statements: its events, its spans and its metrics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from time import perf_counter
from types import TracebackType

from prisma.client.telemetry.events import Events
from prisma.client.telemetry.meter import Histogram
from prisma.client.telemetry.tracing import Tracing
from prisma.faults import DriverFault


class Observer:
    """What a client and its copies tell of their work.

    `tracing` is None if there are to be no spans; `durations` is None until the metrics are read.
    """

    __slots__ = ("durations", "events", "tracing")

    def __init__(self, events: Events, tracing: Tracing | None, durations: Histogram | None = None) -> None:
        self.events = events
        self.tracing = tracing
        self.durations = durations

    @property
    def wants_statements(self) -> bool:
        """Whether statements are observed at all; if not, connections need no wrapper."""
        return self.durations is not None or self.tracing is not None or self.events.about_statements

    def timing(self, durations: Histogram) -> Observer:
        """Return an observer that also notes how long statements take."""
        return Observer(self.events, self.tracing, durations)

    def measured(self, seconds: float) -> None:
        """Note how long a statement took."""
        if self.durations is not None:
            self.durations.observe(seconds)

    def failed(self, sql: str, seconds: float, error: BaseException) -> None:
        """Tell of a statement that failed; one that was cancelled has neither worked nor failed."""
        if self.events.about_statements and isinstance(error, Exception):
            reason = str(error.kind) if isinstance(error, DriverFault) else type(error).__name__
            self.events.failed(sql, seconds * 1000, reason)
        self.measured(seconds)


class ObservedStatement:
    """A block in which a statement runs; `system` is OpenTelemetry's name for the kind of database.

    It is a class, because a generator would cost more for each statement.
    """

    __slots__ = ("_began", "_observer", "_params", "_span", "_sql", "_start")

    def __init__(self, observer: Observer, sql: str, params: Sequence[object], span: str, system: str) -> None:
        self._observer = observer
        self._sql = sql
        self._params = params
        tracing = observer.tracing
        self._span = None if tracing is None else tracing.span(span, db__system=system, db__query__text=sql)
        # Only the event of an answer has the time of day.
        self._began = datetime.now(UTC) if observer.events.about_answers else None

    def __enter__(self) -> None:
        self._start = perf_counter()
        if self._span is not None:
            self._span.__enter__()

    def __exit__(
        self, exc_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        seconds, observer = perf_counter() - self._start, self._observer
        if error is not None:
            observer.failed(self._sql, seconds, error)
        if self._span is not None:
            self._span.__exit__(exc_type, error, traceback)
        if error is None:
            if self._began is not None:
                observer.events.answered(self._began, self._sql, self._params, seconds * 1000)
            observer.measured(seconds)
