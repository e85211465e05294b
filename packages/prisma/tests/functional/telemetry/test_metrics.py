"""`get_metrics`: what the client counts and measures."""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import timedelta
from typing import Any

import pytest

from prisma import Metrics, Prisma
from servers.spellings import Spelling

pytestmark = [pytest.mark.tasks, pytest.mark.portable]


def _values(metrics: Metrics) -> dict[str, float]:
    return {
        metric.key.removeprefix("prisma_"): metric.value
        for metric in (*metrics.counters, *metrics.gauges)
        if "plan_cache" not in metric.key  # of the whole process
    }


def _counts(metrics: Metrics) -> dict[str, int]:
    return {metric.key.removeprefix("prisma_"): metric.value.count for metric in metrics.histograms}


async def test_counters_and_gauges(db: Prisma) -> None:
    await db.user.count()
    async with db.tx() as tx:
        await tx.user.count()
        assert _values(await tx.get_metrics()) == {
            "client_queries_total": 2,
            "datasource_queries_total": 0,
            "pool_connections_opened_total": 1,
            "pool_connections_closed_total": 0,
            "client_queries_active": 0,
            "client_queries_wait": 0,
            "pool_connections_busy": 1,
            "pool_connections_idle": 0,
            "pool_connections_open": 1,
            "pool_connections_limit": 5,
        }


@pytest.mark.needs("standard_quotes")
async def test_some_metrics_start_with_the_first_reading(db: Prisma) -> None:
    await db.user.count()
    assert _counts(await db.get_metrics()) == {
        "client_queries_duration_histogram_ms": 0,
        "client_queries_wait_histogram_ms": 0,
        "datasource_queries_duration_histogram_ms": 0,
    }
    await db.user.find_many()
    await db.query_raw("SELECT 1")
    async with db.tx() as tx:
        await tx.execute_raw("SELECT 1")
    batch = db.batch_()
    batch.user.create({"email": "a@b.c"})
    batch.user.create({"email": "b@b.c"})
    await batch.commit()
    metrics = await db.get_metrics()
    # find_many, SELECT, BEGIN SELECT COMMIT, BEGIN INSERT INSERT COMMIT
    assert _counts(metrics) == {
        "client_queries_duration_histogram_ms": 4,
        "client_queries_wait_histogram_ms": 0,
        "datasource_queries_duration_histogram_ms": 9,
    }
    values = _values(metrics)
    assert (values["client_queries_total"], values["datasource_queries_total"]) == (5, 10)


@pytest.mark.needs("standard_quotes")
async def test_waits_and_failures(make_client: Any, url: str) -> None:
    async with make_client(datasource={"url": f"{url}&connection_limit=1"}) as db:
        await db.get_metrics()
        await asyncio.gather(
            *(db.query_raw("SELECT 1") for _ in range(5)), db.query_raw("SELEC"), return_exceptions=True
        )
        metrics = await db.get_metrics()
        counts = _counts(metrics)
        assert (counts["client_queries_duration_histogram_ms"], counts["client_queries_wait_histogram_ms"]) == (6, 5)
        assert _values(metrics)["client_queries_active"] == 0


async def test_histograms_and_labels(db: Prisma, spelling: Spelling) -> None:
    await db.get_metrics()
    await db.query_raw(spelling.sleep(0.02))
    metrics = await db.get_metrics(format="json", global_labels={"app": "shop"})
    durations = metrics.histograms[0]
    assert (durations.key, durations.labels) == ("prisma_client_queries_duration_histogram_ms", {"app": "shop"})
    assert durations.value.sum >= 20
    assert [bucket.max_value for bucket in durations.value.buckets] == [0, 1, 5, 10, 50, 100, 500, 1000, 5000, 50000]
    assert sum(bucket.total_count for bucket in durations.value.buckets) == durations.value.count == 1
    assert {tuple(metric.labels.items()) for metric in (*metrics.counters, *metrics.gauges, *metrics.histograms)} == {
        (("app", "shop"),)
    }
    assert all(metric.description for metric in metrics.counters)


async def test_prometheus(db: Prisma) -> None:
    await db.user.count()
    await db.get_metrics()
    await db.user.count()
    text = await db.get_metrics(format="prometheus", global_labels={"app": 'a "shop"'})
    assert 'prisma_client_queries_total{app="a \\"shop\\""} 2\n' in text
    assert "# TYPE prisma_pool_connections_open gauge\n" in text
    buckets = re.findall(r'prisma_client_queries_duration_histogram_ms_bucket\{app=.*,le="([^"]+)"\} (\d+)', text)
    assert [bound for bound, _ in buckets] == ["0", "1", "5", "10", "50", "100", "500", "1000", "5000", "50000", "+Inf"]
    counts = [int(count) for _, count in buckets]
    assert (counts == sorted(counts), counts[-1]) == (True, 1)
    for line in text.splitlines():
        assert re.fullmatch(r"(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [\d.e+-]+|)", line), line


@pytest.mark.default_client
async def test_the_preview_feature_starts_all_metrics(make_client: Any, monkeypatch: Any) -> None:
    module = sys.modules[Prisma.__module__]
    monkeypatch.setattr(module, "SCHEMA", module.SCHEMA.__replace__(preview_features=("metrics",)))
    db = make_client(connect_timeout=timedelta(seconds=5))
    async with db:
        await db.user.count()
        assert _counts(await db.get_metrics())["client_queries_duration_histogram_ms"] == 1


async def test_plans_that_were_kept_and_compiled(db: Prisma) -> None:
    async def hits_and_misses() -> list[float]:
        metrics = await db.get_metrics()
        return [metric.value for metric in metrics.counters if "plan_cache" in metric.key]

    # A shape that no other test asks for.
    where: Any = {"AND": [{"email": {"endswith": "x"}}, {"email": {"startswith": "y"}}, {"email": {"not": "z"}}]}
    before = await hits_and_misses()
    for _ in range(3):
        await db.user.find_first(where=where)
    after = await hits_and_misses()
    assert [now - then for now, then in zip(after, before, strict=True)] == [2, 1]
