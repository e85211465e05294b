"""The metrics of the service, for Prometheus; any module may count, and `/metrics` shows all.

With several worker processes, each keeps its numbers in a shared folder, and a scrape adds them up.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from app.telemetry.metrics.counted_histogram import CountedHistogram

REQUESTS = Counter("http_requests_total", "Requests that were answered", ["method", "route", "status"])
REQUEST_DURATION = Histogram("http_request_duration_seconds", "How long requests took", ["method", "route"])
REQUESTS_IN_PROGRESS = Gauge("http_requests_in_progress", "Requests being answered", multiprocess_mode="livesum")

WORKERS = Gauge("service_workers", "Processes that answer requests", multiprocess_mode="livesum")
RETRIES = Counter("database_retries_total", "Operations that were tried again after a passing error", ["code"])
LIMITER_DECISIONS = Counter(
    "rate_limiter_decisions_total",
    "Requests by what the rate limiter decided: allowed, limited, blocked, spared",
    ["decision"],
)
LIMITER_FAILURES = Counter("rate_limiter_failures_total", "Requests let through because the rate limiter failed")

QUERY_DURATION = CountedHistogram(
    "database_query_duration_seconds",
    "How long statements took",
    buckets=(0, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 50),  # the client's, which counts them
)
QUERY_FAILURES = Counter("database_query_failures_total", "Statements that failed")
OPERATIONS = Counter("database_operations_total", "Operations, by the server that had them", ["server"])
PLAN_HITS = Counter("database_plan_cache_hits_total", "Operations whose plan was kept")
PLAN_MISSES = Counter("database_plan_cache_misses_total", "Operations that had to be compiled")
POOL_IN_USE = Gauge("database_pool_in_use", "Connections in use", multiprocess_mode="livesum")
POOL_IDLE = Gauge("database_pool_idle", "Open connections that nobody uses", multiprocess_mode="livesum")
POOL_SIZE = Gauge("database_pool_size", "Connections that may be open", multiprocess_mode="livesum")
POOL_WAITING = Gauge("database_pool_waiting", "Operations that wait for a connection", multiprocess_mode="livesum")
