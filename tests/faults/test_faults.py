"""Faults of PostgreSQL, the pool and the service: the responses, and the rows in the database."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Generator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.auth.keys import new_key, stored
from app.config.rate_limits import Policy
from app.main import create_app
from benchmarks.soak import soak
from prisma import Prisma
from prisma.enums import CreditType
from prisma.migrate import deploy
from servers import PATIENCE
from servers.tcp import TcpServer
from servers.workers import running
from tests.conftest import ROOT, Tenant, serving, settings_for

pytestmark = pytest.mark.long

Enrol = Callable[..., Awaitable[Tenant]]
SPEND = "/api/v1/credits/spend"
SPENDERS, TIMES = 8, 8
RESENDS = 200


@pytest.fixture
def restartable(tcp_server: TcpServer) -> Generator[str]:
    """The URL of a migrated database on a server that may be stopped and started."""
    name = f"faults_{uuid.uuid4().hex[:12]}"
    tcp_server.run(f"CREATE DATABASE {name}")
    url = tcp_server.url(name)
    asyncio.run(deploy(ROOT / "migrations", url))
    yield url
    if not tcp_server.running:
        tcp_server.start()
    tcp_server.run(f"DROP DATABASE {name} WITH (FORCE)")


async def with_credit(url: str, amount: str) -> dict[str, str]:
    """Create a user with credit and return the headers that they send."""
    key = new_key()
    async with Prisma(datasource={"url": url}) as db:
        await db.user.create(data={"id": "ada", "email": "ada@example.com"})
        await db.apikey.create(data={"key": stored(key), "name": "k", "userId": "ada"})
        await db.credit.create(data={"userId": "ada", "amount": Decimal(amount), "type": CreditType.BONUS})
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_postgresql_restarts_under_load(restartable: str, tcp_server: TcpServer, tmp_path: Path, mode: str):
    headers = await with_credit(restartable, "100.00")
    answers: Counter[tuple[int, bool]] = Counter()
    under_way, broken = asyncio.Event(), asyncio.Event()

    async def spend(http: httpx.AsyncClient, key: str) -> None:
        for _ in range(RESENDS):
            answer = await http.post(SPEND, json={"amount": "0.01"}, headers={**headers, "Idempotency-Key": key})
            answers[answer.status_code, "retry-after" in answer.headers] += 1
            if answer.status_code == 503:
                broken.set()
            elif answer.status_code == 201:
                under_way.set()
                return
            await asyncio.sleep(0.05)
        raise AssertionError("no answer")

    async def spender(http: httpx.AsyncClient, name: str) -> None:
        for time in range(TIMES):
            if time == TIMES // 2:
                await broken.wait()  # so that there is load before, during and after
            await spend(http, f"{name}-{time}")

    async def during(http: httpx.AsyncClient) -> None:
        while not broken.is_set():
            await spend(http, f"during-{uuid.uuid4()}")

    async with serving(create_app(settings_for(restartable, tmp_path))) as http, asyncio.TaskGroup() as group:
        for number in range(SPENDERS):
            group.create_task(spender(http, f"{number}"))
        probe = group.create_task(during(http))
        await under_way.wait()
        await asyncio.to_thread(tcp_server.stop, mode)
        await broken.wait()
        await asyncio.to_thread(tcp_server.start)
        await probe

    # Each has its result in the end; until then 503, or 409 while the database still works for what broke off.
    done = answers[201, False]
    assert set(answers) <= {(201, False), (503, True), (409, True)}
    async with Prisma(datasource={"url": restartable}) as db:
        spent = await db.credit.find_many(where={"type": CreditType.USAGE})
    assert (len(spent), sum(row.amount for row in spent)) == (done, Decimal("-0.01") * done)
    assert done >= SPENDERS * TIMES + 1


async def test_an_exhausted_pool_answers_503(migrated: str, db: Prisma, enrol: Enrol, tmp_path: Path):
    ada = await enrol("ada")
    await db.credit.create(data={"userId": "ada", "amount": Decimal("1.00"), "type": CreditType.BONUS})
    settings = settings_for(f"{migrated}&connection_limit=1&pool_timeout=1", tmp_path)
    async with serving(create_app(replace(settings, rate_limits=Policy()))) as http:
        async with db.tx(timeout=60_000) as tx:
            await tx.query_raw("SELECT id FROM users WHERE id = 'ada' FOR UPDATE")
            slow = asyncio.create_task(http.post(SPEND, json={"amount": "1.00"}, headers=ada.headers))
            await until(
                db, "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            # With a key, whose check needs a connection; without one, when it is the rate limit that needs it.
            waiting = [http.get("/api/v1/credits", headers=ada.headers if n % 2 else {}) for n in range(20)]
            answers = await asyncio.gather(*waiting)
        assert (await slow).status_code == 201
    assert {(answer.status_code, answer.json()["code"], "retry-after" in answer.headers) for answer in answers} == {
        (503, "database_unavailable", True)
    }


async def test_a_worker_that_is_killed_leaves_nothing_half_written(
    migrated: str, db: Prisma, enrol: Enrol, tmp_path: Path
):
    ada = await enrol("ada")
    await db.credit.create(data={"userId": "ada", "amount": Decimal("1.00"), "type": CreditType.BONUS})
    headers = {**ada.headers, "Idempotency-Key": "k"}
    others = """
        SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' AND query LIKE '%kept%'
    """
    async with running(migrated) as service, httpx.AsyncClient(base_url=service.address, timeout=PATIENCE) as http:
        async with db.tx(timeout=60_000) as tx:
            # Between the credit that is taken, and not committed yet, and the answer that is kept.
            await tx.execute_raw("LOCK TABLE service.idempotency_keys IN EXCLUSIVE MODE")
            request = asyncio.create_task(http.post(SPEND, json={"amount": "1.00"}, headers=headers))
            await until(db, f"{others} AND wait_event_type = 'Lock'")
            await service.kill()
            with pytest.raises(httpx.TransportError):
                await request
        await until(db, f"SELECT 1 WHERE NOT EXISTS ({others})")
    assert await db.credit.count(where={"type": CreditType.USAGE}) == 0
    assert await db.query_raw("SELECT key FROM service.idempotency_keys") == []

    async with serving(create_app(settings_for(migrated, tmp_path))) as again:
        answers = [await again.post(SPEND, json={"amount": "1.00"}, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert [answer.headers.get("idempotent-replayed") for answer in answers] == [None, "true"]
    assert await db.credit.count(where={"type": CreditType.USAGE}) == 1


async def until(db: Prisma, sql: Any) -> None:
    """Return as soon as the statement finds a row. `db` is no transaction: there, statistics stand still."""
    async with asyncio.timeout(PATIENCE):
        while not await db.query_raw(sql):  # noqa: ASYNC110 nobody tells us when
            await asyncio.sleep(0.02)


async def test_a_short_soak():
    report = await soak(6, callers=4, workers=2)
    assert (report.lost, report.duplicates, report.failures) == (0, 0, 0), report.render()
    assert report.tally.statuses[201] > 0
