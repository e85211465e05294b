"""Meter: a client's counters and timings, and their report under the names of Prisma's engine."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from prisma.drivers.results import PoolStats
    from prisma.metrics import Metric, MetricHistogram, Metrics

T = TypeVar("T")

BOUNDS: Final = (0, 1, 5, 10, 50, 100, 500, 1000, 5000, 50000)
"""The upper ends of a histogram's buckets, in milliseconds."""

MOST_UNSORTED: Final = 1000  # durations, which are 32 kB

_DESCRIPTIONS: Final = {
    "prisma_client_queries_total": "The total number of operations of the client",
    "prisma_datasource_queries_total": "The total number of statements sent to the database",
    "prisma_pool_connections_opened_total": "The total number of connections opened",
    "prisma_pool_connections_closed_total": "The total number of connections closed",
    "prisma_client_plan_cache_hits_total": "The total number of operations whose plan was kept, in the whole process",
    "prisma_client_plan_cache_misses_total": "The total number of operations that were compiled, in the whole process",
    "prisma_client_queries_active": "The number of operations under way",
    "prisma_client_queries_wait": "The number of operations that wait for a connection",
    "prisma_pool_connections_busy": "The number of connections in use",
    "prisma_pool_connections_idle": "The number of connections that nobody uses",
    "prisma_pool_connections_open": "The number of open connections",
    "prisma_pool_connections_limit": "The number of connections that may be open",
    "prisma_replica_usable": "Whether the replica was fresh enough for reads when it was asked last: 1 or 0",
    "prisma_client_queries_duration_histogram_ms": "How long operations took, in milliseconds",
    "prisma_client_queries_wait_histogram_ms": "How long operations waited for a connection, in milliseconds",
    "prisma_datasource_queries_duration_histogram_ms": "How long statements took, in milliseconds",
}


class PlanStats(Protocol):
    """How often a plan was there already, and how often it had to be compiled."""

    @property
    def hits(self) -> int: ...

    @property
    def misses(self) -> int: ...


class Histogram:
    """Durations, spread over buckets; safe to use from several threads.

    Each statement is observed, so that an observation is kept as it is, and all are sorted into buckets later at once.
    """

    __slots__ = ("_counts", "_lock", "_sum", "_unsorted")

    def __init__(self) -> None:
        self._counts = [0] * (len(BOUNDS) + 1)
        self._sum = 0.0
        self._unsorted: list[float] = []  # seconds
        self._lock = Lock()

    def observe(self, seconds: float) -> None:
        """Add a duration."""
        # Threads of the synchronous client share a histogram; a list takes the values of all of them.
        self._unsorted.append(seconds)
        if len(self._unsorted) >= MOST_UNSORTED:
            self._sort()

    @property
    def count(self) -> int:
        self._sort()
        return sum(self._counts)

    def report(self) -> MetricHistogram:
        """Return what was observed; durations above the last bound are counted but in no bucket."""
        # Here and below: pydantic builds these models when they are imported, and few programs ask for a report.
        from prisma.metrics import HistogramBucket, MetricHistogram

        self._sort()
        with self._lock:
            buckets = [HistogramBucket(bound, count) for bound, count in zip(BOUNDS, self._counts, strict=False)]
            return MetricHistogram(sum=self._sum, count=sum(self._counts), buckets=buckets)

    def _sort(self) -> None:
        with self._lock:
            # What other threads add meanwhile comes behind these, and stays.
            count = len(self._unsorted)
            durations = sorted(self._unsorted[:count])
            del self._unsorted[:count]
            below = 0
            for place, bound in enumerate(BOUNDS):
                upto = bisect_right(durations, bound / 1000)
                self._counts[place] += upto - below
                below = upto
            self._counts[-1] += count - below
            self._sum += sum(durations) * 1000


class Meter:
    """What one client measured.

    Operations are always counted. The rest is measured from the first reading on; until then, each operation counts as
    one statement.
    """

    def __init__(self) -> None:
        self.operations = 0
        self.active = 0
        self.unmeasured = 0
        self.durations = Histogram()
        self.waits = Histogram()
        self.statements = Histogram()

    def report(self, pool: PoolStats, plans: PlanStats | None, labels: Mapping[str, str]) -> Metrics:
        """Return everything, with the labels on each metric; plans are counted once where there are several pools."""
        from prisma.metrics import MetricHistogram, Metrics

        is_open = pool.in_use + pool.idle
        counters = {
            "prisma_client_queries_total": self.operations,
            "prisma_datasource_queries_total": self.unmeasured + self.statements.count,
            "prisma_pool_connections_opened_total": pool.opened,
            "prisma_pool_connections_closed_total": max(pool.opened - is_open, 0),
        }
        if plans is not None:
            counters |= {
                "prisma_client_plan_cache_hits_total": plans.hits,
                "prisma_client_plan_cache_misses_total": plans.misses,
            }
        gauges = {
            "prisma_client_queries_active": self.active,
            "prisma_client_queries_wait": pool.waiting,
            "prisma_pool_connections_busy": pool.in_use,
            "prisma_pool_connections_idle": pool.idle,
            "prisma_pool_connections_open": is_open,
            "prisma_pool_connections_limit": pool.limit,
        }
        histograms = {
            "prisma_client_queries_duration_histogram_ms": self.durations.report(),
            "prisma_client_queries_wait_histogram_ms": self.waits.report(),
            "prisma_datasource_queries_duration_histogram_ms": self.statements.report(),
        }
        own = dict(labels)
        return Metrics(
            counters=[_metric(int, key, value, own) for key, value in counters.items()],
            gauges=[_metric(float, key, value, own) for key, value in gauges.items()],
            histograms=[_metric(MetricHistogram, key, value, own) for key, value in histograms.items()],
        )


def gauge(key: str, value: float, labels: Mapping[str, str]) -> Metric[float]:
    """Return one gauge that no meter measures."""
    return _metric(float, key, value, dict(labels))


def prometheus(metrics: Metrics) -> str:
    """Return metrics in Prometheus' text format."""
    lines: list[str] = []
    # A counter's numbers are whole ones.
    counters = cast("list[Metric[float]]", metrics.counters)
    for kind, group in (("counter", counters), ("gauge", metrics.gauges)):
        for first, *others in _by_key(group):
            lines += _head(first.key, kind, first.description)
            lines += [f"{metric.key}{_labels(metric.labels)} {metric.value:g}" for metric in (first, *others)]
            lines.append("")
    for first, *others in _by_key(metrics.histograms):
        lines += _head(first.key, "histogram", first.description)
        lines += [line for metric in (first, *others) for line in _buckets(metric)]
        lines.append("")
    return "\n".join(lines)


def _by_key(metrics: Sequence[Metric[T]]) -> Iterable[list[Metric[T]]]:
    """Return the metrics of each key together, as the format wants those with other labels."""
    groups: dict[str, list[Metric[T]]] = {}
    for metric in metrics:
        groups.setdefault(metric.key, []).append(metric)
    return groups.values()


def _metric(kind: type[T], key: str, value: T, labels: dict[str, str]) -> Metric[T]:
    from prisma.metrics import Metric

    return Metric[kind](key=key, value=value, labels=labels, description=_DESCRIPTIONS[key])


def _head(key: str, kind: str, description: str) -> list[str]:
    return [f"# HELP {key} {description}", f"# TYPE {key} {kind}"]


def _buckets(metric: Metric[MetricHistogram]) -> list[str]:
    lines: list[str] = []
    total = 0
    for bound, count in metric.value.buckets:
        total += count
        lines.append(f"{metric.key}_bucket{_labels({**metric.labels, 'le': f'{bound:g}'})} {total}")
    lines.append(f"{metric.key}_bucket{_labels({**metric.labels, 'le': '+Inf'})} {metric.value.count}")
    lines.append(f"{metric.key}_sum{_labels(metric.labels)} {metric.value.sum!r}")
    lines.append(f"{metric.key}_count{_labels(metric.labels)} {metric.value.count}")
    return lines


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escape(value)}"' for name, value in labels.items()) + "}"


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
