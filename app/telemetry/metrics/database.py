"""The metrics of the database client, which counts and measures: they are read from it at each scrape."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from app.telemetry.expected_failures import is_expected
from app.telemetry.metrics import (
    OPERATIONS,
    PLAN_HITS,
    PLAN_MISSES,
    POOL_IDLE,
    POOL_IN_USE,
    POOL_SIZE,
    POOL_WAITING,
    QUERY_DURATION,
    QUERY_FAILURES,
    WORKERS,
)
from app.telemetry.metrics.exposition import shared_by_processes
from prisma import Prisma
from prisma.metrics import Metrics

# The age at which the numbers of the other processes are written again.
REFRESH = 5.0  # seconds
PRIMARY = "primary"
_DURATIONS = "prisma_datasource_queries_duration_histogram_ms"


class DatabaseMetrics:
    """The metrics of one client; `publish` brings those of its pool and its plans up to date."""

    def __init__(self, db: Prisma) -> None:
        self._db = db
        self._plans = (0.0, 0.0)
        self._durations: tuple[Sequence[int], float] = ((0,) * QUERY_DURATION.size, 0.0)
        self._operations: dict[str, int] = {}

    async def publish(self) -> None:
        """Set the gauges of the primary's pool, and add operations and uses of the plan cache since the last time."""
        metrics = await self._db.get_metrics()
        found = {
            metric.key.removeprefix("prisma_"): metric.value
            for metric in (*metrics.counters, *metrics.gauges)
            if _server_of(metric) == PRIMARY
        }
        POOL_IN_USE.set(found["pool_connections_busy"])
        POOL_IDLE.set(found["pool_connections_idle"])
        POOL_SIZE.set(found["pool_connections_limit"])
        POOL_WAITING.set(found["client_queries_wait"])
        plans = found["client_plan_cache_hits_total"], found["client_plan_cache_misses_total"]
        for counter, now, before in zip((PLAN_HITS, PLAN_MISSES), plans, self._plans, strict=True):
            counter.inc(now - before)
        self._plans = plans
        self._publish_durations(metrics)
        for metric in metrics.counters:
            if metric.key == "prisma_client_queries_total":
                server = _server_of(metric)
                OPERATIONS.labels(server).inc(metric.value - self._operations.get(server, 0))
                self._operations[server] = metric.value

    def _publish_durations(self, metrics: Metrics) -> None:
        # Of the primary and the replicas together.
        found = [metric.value for metric in metrics.histograms if metric.key == _DURATIONS]
        counts = [0] * QUERY_DURATION.size
        for each in found:
            inside = [count for _, count in each.buckets]
            for place, count in enumerate((*inside, each.count - sum(inside))):
                counts[place] += count
        total = sum(each.sum for each in found) / 1000
        before, total_before = self._durations
        QUERY_DURATION.add([now - then for now, then in zip(counts, before, strict=True)], total - total_before)
        self._durations = counts, total


async def pool_size(db: Prisma) -> int:
    """Return how many connections a client may open to the primary."""
    metrics = await db.get_metrics()
    limits = {_server_of(each): each.value for each in metrics.gauges if each.key == "prisma_pool_connections_limit"}
    return int(limits[PRIMARY])


@asynccontextmanager
async def measured(db: Prisma) -> AsyncGenerator[DatabaseMetrics]:
    """Measure a connected client as long as the block lasts."""
    db.on("error", _count)
    metrics = DatabaseMetrics(db)
    await metrics.publish()
    WORKERS.set(1)
    refreshing = asyncio.create_task(_refresh(metrics)) if shared_by_processes() else None
    try:
        yield metrics
    finally:
        WORKERS.set(0)
        if refreshing is not None:
            refreshing.cancel()


async def _refresh(metrics: DatabaseMetrics) -> None:
    while True:
        await asyncio.sleep(REFRESH)
        await metrics.publish()


def _server_of(metric: Any) -> str:
    # Clients without replicas do not say which server it is.
    return metric.labels.get("server", PRIMARY)


def _count(event: Any) -> None:
    if not is_expected(event.message):
        QUERY_FAILURES.inc()
