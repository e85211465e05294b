"""`python -m benchmarks.growth`: what each GET route of the API costs as the data grow.

For 12, 1,000 and 50,000 users, one of them with twice as many credits and usage metrics and a tenth as many projects
and invoices, the median time of each route and the buffers that PostgreSQL reads for one request. The time is that of
the application in this process; buffers do not depend on the machine. The first requests of each route warm up, so that
PostgreSQL has its general plans. The report goes to the standard output and to `benchmarks/results/growth.md`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx

from app.auth.keys import new_key, stored
from app.config.settings import load_settings
from app.http.pagination import Cursor
from app.main import create_app
from benchmarks.database import ROOT, Database, prepared

SIZES: Final = (12, 1_000, 50_000)
RESULTS: Final = Path(__file__).parent / "results" / "growth.md"
WARM_UP: Final = 12  # PostgreSQL decides after five executions whether it keeps a general plan
REQUESTS: Final = 30

OWNER: Final = "owner"
START: Final = datetime(2025, 1, 1, tzinfo=UTC)

_CONTENT: Final = """
INSERT INTO users (id, email, role, "createdAt", "updatedAt") VALUES ('owner', 'owner@example.com', 'ADMIN', $1, $1);
INSERT INTO api_keys (id, key, name, "userId", "rateLimit") VALUES ('owner-key', '$key', 'K', 'owner', 2000000000);
INSERT INTO billing_info (id, "userId", "updatedAt") VALUES ('owner-billing', 'owner', $1);
INSERT INTO accounts (id, "userId", type, provider, "providerAccountId")
VALUES ('own-account', 'owner', 'oauth', 'p', '1');
INSERT INTO sessions (id, "sessionToken", "userId", expires)
VALUES ('own-session', 'token', 'owner', now() + interval '1 day');
INSERT INTO subscriptions (id, "userId", plan, status, "updatedAt")
VALUES ('own-subscription', 'owner', 'PRO', 'ACTIVE', $1);
INSERT INTO credits (id, "userId", amount, type, "createdAt")
SELECT 'credit-' || i, CASE WHEN i % 2 = 0 THEN 'owner' ELSE 'user-' || i % $n END, 10,
       (ENUM_RANGE(NULL::"CreditType"))[1 + i % 6], $1 + i * interval '1 minute'
FROM generate_series(1, 4 * $n) i;
INSERT INTO usage_metrics (id, "userId", endpoint, "date", tokens)
SELECT 'usage-' || i, CASE WHEN i % 2 = 0 THEN 'owner' ELSE 'user-' || i % $n END, '/v1/' || i % 7,
       $1 + i * interval '1 minute', i % 100
FROM generate_series(1, 4 * $n) i;
INSERT INTO projects (id, name, "userId", "isActive", "createdAt", "updatedAt")
SELECT 'project-' || i, 'P', CASE WHEN i % 10 = 0 THEN 'owner' ELSE 'user-' || i % $n END, i % 3 > 0,
       $1 + i * interval '1 minute', $1
FROM generate_series(1, $n + 10) i;
INSERT INTO invoices (id, "billingInfoId", "stripeInvoiceId", amount, status, "periodStart", "periodEnd", "createdAt")
SELECT 'invoice-' || i, 'owner-billing', 'in_' || i, 5, 'PAID', $1, $1, $1 + i * interval '1 minute'
FROM generate_series(1, $n / 10 + 10) i;
INSERT INTO rate_limits (id, identifier, endpoint, count, "resetAt")
SELECT 'limit-' || i, 'user:user-' || i, 'api', 1, now() + interval '1 day' FROM generate_series(1, $n) i;
"""


_RECORDS: Final = {
    "accounts": "own-account",
    "sessions": "own-session",
    "api-keys": "owner-key",
    "subscriptions": "own-subscription",
    "projects": "project-10",
    "invoices": "invoice-1",
    "credits": "credit-2",
    "usage-metrics": "usage-2",
}
"""Nouns, each with the id of a record."""


async def fill(admin: Any, users: int, key: str) -> None:
    """Insert the rows of one user among `users`."""
    text = _CONTENT.replace("$n", str(users)).replace("$key", stored(key)).replace("$1", "timestamp '2025-01-01'")
    await admin.execute(text)
    await admin.execute("VACUUM ANALYZE")


def targets(users: int) -> dict[str, str]:
    """Return the requests by their names: each route's first page, a page in the middle, one record, rare values."""
    own = {"projects": users, "invoices": users // 10, "credits": 4 * users, "usage-metrics": 4 * users}
    found: dict[str, str] = {}
    for noun, id in _RECORDS.items():
        found[f"/{noun}"] = f"/{noun}"
        if noun in own:
            middle = START + timedelta(minutes=own[noun] // 2)
            found[f"/{noun}, deep page"] = f"/{noun}?cursor={Cursor((middle, 'x'), backwards=False).text()}"
        found[f"/{noun}/{{id}}"] = f"/{noun}/{id}"
    recent = (START + timedelta(minutes=4 * users) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    middle = Cursor((START + timedelta(minutes=users // 2), "x"), backwards=False).text()
    return found | {
        "/users": "/users",
        "/users, deep page": f"/users?cursor={middle}",
        "/users/{id}": "/users/me",
        "/users/{id}?include=credits": "/users/me?include=credits,usageMetrics,projects",
        "/billing-info": "/billing-info",
        "/credits/balance": "/credits/balance",
        "/credits?type=BONUS": "/credits?type=BONUS",
        "/invoices?status=OPEN": "/invoices?status=OPEN",
        "/users?role=ENTERPRISE": "/users?role=ENTERPRISE",
        "/projects?isActive=false": "/projects?isActive=false",
        "/usage-metrics?endpoint=none": "/usage-metrics?endpoint=none",
        "/rate-limits": "/rate-limits",
        "/rate-limits?endpoint=abuse": "/rate-limits?endpoint=abuse",
        "/usage-metrics/report, 1 day": f"/usage-metrics/report?since={recent}",
        "/usage-metrics/report?everyone=true, 1 day": f"/usage-metrics/report?everyone=true&since={recent}",
        "/usage-metrics/report?by=day": "/usage-metrics/report?by=day",
        "/usage-metrics/report?everyone=true": "/usage-metrics/report?everyone=true",
    }


class _Reader:
    """The application, and what one request of it costs."""

    def __init__(self, http: httpx.AsyncClient, db: Any) -> None:
        self._http = http
        self._db = db

    async def cost(self, target: str) -> tuple[float, float]:
        """Return the median milliseconds of a request, and its buffers."""
        for _ in range(WARM_UP):
            await self._ask(target)
        times: list[float] = []
        before = await self._buffers()
        for _ in range(REQUESTS):
            start = time.perf_counter()
            await self._ask(target)
            times.append(time.perf_counter() - start)
        buffers = (await self._buffers() - before) / REQUESTS
        return statistics.median(times) * 1000, buffers

    async def _ask(self, target: str) -> None:
        answer = await self._http.get(target)
        assert answer.status_code == httpx.codes.OK, (target, answer.text)

    async def _buffers(self) -> int:
        """Return what the only connection has read so far."""
        await self._db.query_raw("SELECT pg_stat_force_next_flush()::text")
        row = await self._db.query_first(
            "SELECT sum(hits + reads)::bigint AS n FROM pg_stat_get_backend_io(pg_backend_pid())"
        )
        return row["n"]


async def measure(database: Database, users: int, key: str) -> dict[str, tuple[float, float]]:
    """Return what each request costs, by its name."""
    admin = await asyncpg.connect(host=str(database.folder), user="postgres", database="postgres")
    await fill(admin, users, key)
    await admin.close()
    environment = {"NODE_ENV": "test", "DATABASE_URL": database.url, "DATABASE_POOL_SIZE": "1"}
    os.environ.update(environment, DIRECT_DATABASE_URL=database.url)
    app = create_app(load_settings({**os.environ}, ROOT))
    async with app.router.lifespan_context(app) as found:
        state: Any = found

        async def with_state(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": dict(state)}, receive, send)

        transport = httpx.ASGITransport(with_state)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://service/api/v1", headers={"X-API-Key": key}, timeout=60
        ) as http:
            reader = _Reader(http, state["db"])
            return {name: await reader.cost(target) for name, target in targets(users).items()}


def as_table(sizes: Sequence[int], found: Mapping[int, Mapping[str, tuple[float, float]]]) -> str:
    """Return Markdown: milliseconds and buffers of each request at each size."""
    lines = [
        f"| GET /api/v1 | {' | '.join(f'{size:,} users, ms | buffers' for size in sizes)} |",
        f"|---|{'---|---|' * len(sizes)}",
    ]
    for name in found[sizes[0]]:
        cells = " | ".join(f"{found[size][name][0]:.1f} | {found[size][name][1]:.0f}" for size in sizes)
        lines.append(f"| {name} | {cells} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--short", action="store_true", help="the smallest size only; write no results")
    parser.add_argument("--results", type=Path, default=RESULTS, help="file to write to")
    options = parser.parse_args()
    sizes = SIZES[:1] if options.short else SIZES
    found: dict[int, dict[str, tuple[float, float]]] = {}
    for size in sizes:
        with prepared(users=size) as database:
            found[size] = asyncio.run(measure(database, size, new_key()))
        print(f"{size:,} users: measured", file=sys.stderr, flush=True)
    table = as_table(sizes, found)
    print(table)
    if not options.short:
        options.results.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
