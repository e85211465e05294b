"""What a request reads does not grow with the data of a user, or of all users."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from httpx import ASGITransport, AsyncClient

from app.auth.keys import new_key, stored
from app.database.expiry import EXPIRED_RATE_LIMITS, EXPIRED_SESSIONS, EXPIRED_TOKENS
from app.http.pagination import Cursor
from app.idempotency.stored_responses import EXPIRED_RESPONSES
from prisma.enums import CreditType, InvoiceStatus, Role
from tests.conftest import application
from tests.plans import Plans

if TYPE_CHECKING:
    from conftest import Server

ROWS = 6000
START = datetime(2025, 1, 1, tzinfo=UTC)
KEY = new_key()
# Each user has a few rows; Ada, the ADMIN, has many, and none of some kinds.
FILL = """
INSERT INTO users (id, email, role, "createdAt", "updatedAt") VALUES ('ada', 'ada@example.com', 'ADMIN', $1, $1);
INSERT INTO api_keys (id, key, name, "userId", "rateLimit") VALUES ('key', '$key', 'K', 'ada', 2000000000);
INSERT INTO users (id, email, "createdAt", "updatedAt")
SELECT 'user-' || i, 'user-' || i, $1 + i * interval '1 minute', $1 FROM generate_series(1, $n) i;
INSERT INTO accounts (id, "userId", type, provider, "providerAccountId")
SELECT 'a' || i, $owner, 'oauth', 'p', i::text FROM generate_series(1, $n) i;
INSERT INTO sessions (id, "sessionToken", "userId", expires)
SELECT 's' || i, 't' || i, $owner, now() + i * interval '1 hour' FROM generate_series(1, $n) i;
INSERT INTO api_keys (id, key, name, "userId", "createdAt")
SELECT 'k' || i, 'k' || i, 'K', $owner, $1 + i * interval '1 minute' FROM generate_series(1, $n) i;
INSERT INTO subscriptions (id, "userId", plan, status, "createdAt", "updatedAt")
SELECT 's' || i, $owner, 'PRO', 'CANCELED', $1 + i * interval '1 minute', $1 FROM generate_series(1, $n) i;
INSERT INTO credits (id, "userId", amount, type, "createdAt")
SELECT 'c' || i, $owner, 10, 'PURCHASE', $1 + i * interval '1 minute' FROM generate_series(1, $n) i;
INSERT INTO usage_metrics (id, "userId", endpoint, "date")
SELECT 'u' || i, $owner, '/v1/' || i % 7, $1 + i * interval '1 minute' FROM generate_series(1, $n) i;
INSERT INTO projects (id, name, "userId", "createdAt", "updatedAt")
SELECT 'p' || i, 'P', $owner, $1 + i * interval '1 minute', $1 FROM generate_series(1, $n) i;
INSERT INTO billing_info (id, "userId", "updatedAt") SELECT id, id, $1 FROM users;
INSERT INTO invoices (id, "billingInfoId", "stripeInvoiceId", amount, status, "periodStart", "periodEnd", "createdAt")
SELECT 'i' || i, $owner, 'in_' || i, 5, 'PAID', $1, $1, $1 + i * interval '1 minute' FROM generate_series(1, $n) i;
INSERT INTO rate_limits (id, identifier, endpoint, count, "resetAt", "createdAt")
SELECT 'r' || i, 'user:user-' || i, (ARRAY['api', 'readonly', 'key', 'keys'])[1 + i % 4], 1,
       now() + interval '1 day', $1 + i * interval '1 minute' FROM generate_series(1, $n) i;
INSERT INTO verification_tokens (identifier, token, expires)
SELECT i::text, i::text, now() + i * interval '1 hour' FROM generate_series(1, $n) i;
INSERT INTO service.idempotency_keys (caller, subject, key, fingerprint, status, headers, body, "expiresAt")
SELECT 'ada', 'ada', i::text, '', 201, '{}', '', now() + interval '1 day' FROM generate_series(1, $n) i;
"""
OWNER = "CASE WHEN i % 2 = 0 THEN 'user-' || 1 + i % 300 ELSE 'ada' END"
# 21 rows, each perhaps in a page of its own, and the depth of the indexes. All 6,000 rows would be hundreds.
PAGE = 60
FILTERED = (
    *(f"/credits?type={kind}" for kind in CreditType),
    *(f"/invoices?status={status}" for status in InvoiceStatus),
    *(f"/users?role={role}" for role in Role),
    "/projects?isActive=false",
    "/usage-metrics?endpoint=/v1/none",
    "/rate-limits?endpoint=abuse",
)
LISTS = (
    "accounts",
    "sessions",
    "api-keys",
    "subscriptions",
    "credits",
    "usage-metrics",
    "projects",
    "invoices",
    "users",
)
SINCE = (START + timedelta(minutes=ROWS - 30)).isoformat().replace("+00:00", "Z")


def deep(noun: str) -> str:
    """Return the address of a page in the middle."""
    edges: dict[str, Any] = {"accounts": ("a5",), "sessions": (datetime.now(UTC) + timedelta(hours=ROWS / 2), "x")}
    edge = edges.get(noun, (START + timedelta(minutes=ROWS // 2), "x"))
    return f"/{noun}?cursor={Cursor(edge, backwards=False).text()}"


PAGES = (
    *(f"/{noun}" for noun in (*LISTS, "rate-limits")),
    *(deep(noun) for noun in (*LISTS, "rate-limits")),
    *(
        f"{path}&cursor={deep('credits').partition('=')[2]}"
        for path in ("/credits?type=PURCHASE", "/invoices?status=PAID")
    ),
    *FILTERED,
    "/credits/balance",
    "/credits?type=PURCHASE&since=2025-01-02&until=2025-01-03",
    "/users?email=user-5",
    f"/usage-metrics/report?since={SINCE}",
    "/users/me",
    "/billing-info",
    "/projects/p1",
    "/credits/c1",
    "/usage-metrics/u1",
    "/invoices/i1",
    "/accounts/a1",
    "/sessions/s1",
    "/api-keys/k1",
    "/subscriptions/s1",
)


ALL = "/users/me?include=accounts,sessions,apiKeys,projects,subscriptions,billingInfo,credits,usageMetrics"
RELATED = 5 * PAGE  # 100 rows of each of the eight
FEW = 10  # the depth of an index


@pytest.fixture(scope="module")
def filled(server: Server, template: str) -> Generator[str]:
    """The URL of a database in which Ada has many rows, and PostgreSQL knows how many rows there are."""
    name = f"filled_{uuid.uuid4().hex[:12]}"
    server.create_database(name, template)
    text = FILL.replace("$owner", OWNER).replace("$key", stored(KEY))
    text = text.replace("$n", str(ROWS)).replace("$1", "timestamp '2025-01-01'")
    with psycopg.connect(server.url(name), autocommit=True) as connection:
        connection.execute(text.encode())
        connection.execute(b"VACUUM ANALYZE")
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
async def explained(filled: str, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Callable[[str], Awaitable[Plans]]]:
    """Ask the service as Ada, and return the plans of what it read."""
    app, plans = application(filled), Plans()
    headers = {"Authorization": f"Bearer {KEY}"}
    async with app.router.lifespan_context(app) as state:
        assert state is not None
        plans.watch(state["db"], monkeypatch)

        async def with_state(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": dict(state)}, receive, send)

        async with AsyncClient(
            transport=ASGITransport(with_state), base_url="http://service/api/v1", headers=headers
        ) as http:

            async def ask(target: str) -> Plans:
                plans.clear()
                answer = await http.get(target)
                assert (answer.status_code, bool(plans.found)) == (200, True), (target, answer.text)
                return plans

            yield ask


async def test_pages_and_records_read_a_few_buffers(explained: Callable[[str], Awaitable[Plans]]):
    read = {target: (await explained(target)).buffers for target in PAGES}
    assert {target: buffers for target, buffers in read.items() if buffers > PAGE} == {}


async def test_relations_read_what_they_show(explained: Callable[[str], Awaitable[Plans]]):
    assert (await explained(ALL)).buffers < RELATED


async def test_a_report_sorts_its_sums_and_not_its_rows(explained: Callable[[str], Awaitable[Plans]]):
    strategies = {
        by: [
            node["Strategy"] for node in (await explained(f"/usage-metrics/report?by={by}")).nodes if "Strategy" in node
        ]
        for by in ("day", "endpoint", "day,endpoint")
    }
    assert strategies == {by: ["Hashed"] for by in strategies}


def test_expired_rows_are_found_by_an_index(filled: str):
    read: dict[tuple[str, str], int] = {}
    with psycopg.connect(filled) as connection:
        for mode in ("force_generic_plan", "force_custom_plan"):
            connection.execute(f"SET plan_cache_mode = {mode}".encode())
            for statement in (EXPIRED_RATE_LIMITS, EXPIRED_SESSIONS, EXPIRED_TOKENS, EXPIRED_RESPONSES):
                connection.execute(f"PREPARE expired AS {statement}".encode())
                row = connection.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE expired(1000)").fetchone()
                connection.execute("DEALLOCATE expired")
                assert row is not None
                plan = row[0][0]["Plan"]
                read[mode, statement] = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        connection.rollback()
    assert {key: buffers for key, buffers in read.items() if buffers > FEW} == {}
