"""The route `/metrics`: its token, and the metrics of requests, queries, pool, plans and retries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from httpx import AsyncClient
from prometheus_client.parser import text_string_to_metric_families

from app.config.settings import Environment, Settings
from app.database.retry import Backoff, with_retry
from app.main import create_app

TOKEN = "for-prometheus"


async def read(http: AsyncClient) -> dict[str, float]:
    """Return the samples without labels, and those of labelled counters by their labels."""
    answer = await http.get("/metrics")
    assert answer.status_code == 200
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("environment", "token", "shown", "status"),
    [
        (Environment.TEST, None, None, 200),
        (Environment.TEST, TOKEN, None, 401),
        (Environment.TEST, TOKEN, f"Bearer {TOKEN}", 200),
        (Environment.TEST, TOKEN, "Bearer é", 401),
        (Environment.PRODUCTION, TOKEN, f"Bearer {TOKEN}x", 401),
        (Environment.PRODUCTION, TOKEN, f"Bearer {TOKEN}", 200),
        (Environment.PRODUCTION, None, None, 404),
    ],
)
async def test_who_may_read(
    settings: Settings,
    serve_app: Any,
    environment: Environment,
    token: str | None,
    shown: str | None,
    status: int,
):
    app = create_app(replace(settings, environment=environment, metrics_token=token))
    async with serve_app(app) as http:
        headers = {} if shown is None else {"Authorization": shown.encode()}
        answer = await http.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert (answer.headers["Content-Type"].startswith("text/plain")) is (status == 200)
    assert "/metrics" not in app.openapi()["paths"]


async def test_what_it_says(settings: Settings, serve_app: Any):
    url = f"{settings.database_url}&connection_limit=3"
    async with serve_app(create_app(replace(settings, database_url=url))) as http:
        http: AsyncClient
        before = await read(http)
        for _ in range(3):
            await http.get("/api/stats")
        after = await read(http)

    def change(name: str) -> float:
        return after[name] - before.get(name, 0)

    # Four tables are counted, once for all requests of some seconds.
    statements = change("database_query_duration_seconds_count")
    assert statements >= 4
    assert change("http_requests_total GET /api/stats 200") == 3
    assert change("database_plan_cache_hits_total") + change("database_plan_cache_misses_total") == statements
    assert change("database_plan_cache_misses_total") <= 4
    assert change("database_query_failures_total") == 0
    assert (after["database_pool_size"], after["database_pool_in_use"], after["database_pool_waiting"]) == (3, 0, 0)
    assert 1 <= after["database_pool_idle"] <= 3
    assert after["service_workers"] == 1
    # Also what has not happened yet, so that an alarm can be written before it does.
    assert "rate_limiter_failures_total" in after


async def test_retries_are_counted(http: AsyncClient):
    async def fail() -> None:
        raise ConnectionResetError

    async def sleep(_: float) -> None:
        pass

    before = (await read(http)).get("database_retries_total ConnectionResetError", 0)
    with pytest.raises(ConnectionResetError):
        await with_retry(fail, backoff=Backoff(retries=2), sleep=sleep)
    assert (await read(http))["database_retries_total ConnectionResetError"] - before == 2
