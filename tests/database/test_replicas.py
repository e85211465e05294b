"""The service on a primary with a standby: what the standby answers, and what it must not."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient
from prometheus_client import REGISTRY

from app.auth.keys import new_key, stored
from app.config.settings import Settings
from app.database.client import create_client
from app.database.isolation import find_isolation
from app.main import create_app
from app.tenancy.access import Access
from prisma import Prisma
from prisma.enums import CreditType, Role
from prisma.migrate import deploy
from servers import free_port
from servers.cluster import Cluster
from tests.conftest import Tenant, settings_for

ROOT = Path(__file__).resolve().parent.parent.parent
DATABASE = "service"
LIMIT = 30.0  # seconds for what happens in the background
LAG = 60  # seconds: more than a test takes, so that the standby answers although it stands still

ServeApp = Callable[[Any], AbstractAsyncContextManager[AsyncClient]]


@pytest.fixture(scope="module")
def pair(system_binaries: Path) -> Iterator[Cluster]:
    """A primary with one standby, and the migrated database on both."""
    cluster = Cluster(system_binaries, standbys=1, synchronous=False)
    cluster.primary.run(f"CREATE DATABASE {DATABASE}")
    asyncio.run(deploy(ROOT / "migrations", cluster.url(DATABASE)))
    cluster.wait_for_standbys()
    yield cluster
    cluster.destroy()


def replica_url(cluster: Cluster, port: int) -> str:
    return f"{cluster.url().partition('@')[0]}@127.0.0.1:{port}/{DATABASE}"


@pytest.fixture
def replicated(pair: Cluster, tmp_path: Path) -> Settings:
    """The settings: the URL names both servers, as it does where one may be promoted."""
    url = pair.url(DATABASE, target_session_attrs="primary")
    replicas = (replica_url(pair, pair.members[1].port),)
    return replace(settings_for(url, tmp_path), replica_urls=replicas, max_replica_lag=LAG)


@pytest.fixture
async def primary(pair: Cluster) -> AsyncGenerator[Prisma]:
    """A client of another program, on the primary."""
    url = pair.url(DATABASE, target_session_attrs="primary")
    async with Prisma(datasource={"url": url}, use_dotenv=False) as client:
        yield client


@pytest.fixture
async def ada(primary: Prisma) -> Tenant:
    return await enrol(primary)


async def enrol(db: Prisma, role: Role = Role.USER) -> Tenant:
    id, key = uuid.uuid4().hex, new_key()
    row: Any = {"key": stored(key), "name": "Test", "userId": id}
    await db.user.create(data={"id": id, "email": f"{id}@example.com", "role": role})
    await db.apikey.create(data=row)
    return Tenant(id, key)


@contextmanager
def standing_still(cluster: Cluster) -> Iterator[None]:
    """Let the standby have what the primary has now, and replay nothing more."""
    cluster.wait_for_standbys()
    standby = cluster.standbys[0]
    standby.run("SELECT pg_wal_replay_pause()")
    while standby.run("SELECT pg_get_wal_replay_pause_state()") != "paused":
        pass
    try:
        yield
    finally:
        standby.run("SELECT pg_wal_replay_resume()")


async def operations(http: AsyncClient) -> dict[str, float]:
    """Return how many operations each server had."""
    await http.get("/metrics")
    family = next(each for each in REGISTRY.collect() if each.name == "database_operations")
    return {each.labels["server"]: each.value for each in family.samples if each.name.endswith("_total")}


async def asked(http: AsyncClient, work: Callable[[], Awaitable[object]]) -> dict[str, float]:
    """Return which servers some work has used, and how often."""
    before = await operations(http)
    await work()
    after = await operations(http)
    return {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}


async def until_used(http: AsyncClient, tenant: Tenant) -> None:
    """Read until the replica answers, whose first check runs beside the reads."""
    deadline = time.monotonic() + LIMIT
    while "replica 1" not in await asked(http, lambda: names(http, tenant)):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def names(http: AsyncClient, tenant: Tenant, query: str = "", **headers: str) -> list[str]:
    answer = await http.get(f"/api/v1/projects?fields=name{query}", headers={**tenant.headers, **headers})
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


async def test_the_standby_answers_reads_and_nothing_else(
    pair: Cluster, replicated: Settings, serve_app: ServeApp, primary: Prisma, ada: Tenant
):
    project = await primary.project.create(data={"name": "old", "userId": ada.id})
    headers = ada.headers
    async with serve_app(create_app(replicated)) as http:
        await until_used(http, ada)
        one = f"/api/v1/projects/{project.id}"
        # The admission of each request is an operation on the primary.
        assert await asked(http, lambda: names(http, ada)) == {"primary": 1, "replica 1": 1}
        assert await asked(http, lambda: http.get(one, headers=headers)) == {"primary": 1, "replica 1": 1}
        assert await asked(http, lambda: http.get("/api/v1/credits/balance", headers=headers)) == {"primary": 2}
        with standing_still(pair):
            await primary.project.create(data={"name": "new", "userId": ada.id})
            await primary.credit.create(data={"userId": ada.id, "amount": Decimal(5), "type": CreditType.BONUS})
            balance = await http.get("/api/v1/credits/balance", headers=headers)
            seen = [await names(http, ada), await names(http, ada, **{"Cache-Control": "no-cache"})]
            # A version that the standby still has is compared on the primary.
            shown = await http.get(one, headers=headers)
            await primary.project.update(where={"id": project.id}, data={"description": "d"})
            stale = await http.get(one, headers=headers)
            late = await http.patch(one, headers={**headers, "If-Match": stale.headers["ETag"]}, json={"name": "late"})
            fresh = await http.get(one, headers=headers)
            done = await http.patch(one, headers={**headers, "If-Match": fresh.headers["ETag"]}, json={"name": "done"})
            # A key that the primary does not know any more opens nothing.
            await primary.apikey.delete_many(where={"userId": ada.id})
            refused = await http.get(one, headers=headers)
    assert (balance.json()["balance"], seen) == ("5.00", [["old"], ["new", "old"]])
    assert stale.headers["ETag"] == shown.headers["ETag"] != fresh.headers["ETag"]
    assert [late.status_code, done.status_code, refused.status_code] == [412, 200, 401]


async def test_callers_see_their_own_changes_at_once(
    pair: Cluster, replicated: Settings, serve_app: ServeApp, primary: Prisma, ada: Tenant
):
    admin = await enrol(primary, Role.ADMIN)
    for_ada = f"&userId={ada.id}"
    async with serve_app(create_app(replicated)) as http:
        await until_used(http, ada)
        with standing_still(pair):
            made = await http.post("/api/v1/projects", headers=ada.headers, json={"name": "ada's"})
            seen = [await names(http, ada), await names(http, admin, for_ada)]
            refused = await http.post("/api/v1/projects", headers=admin.headers, json={})
            seen.append(await names(http, admin, for_ada))
            await http.post(f"/api/v1/projects?userId={ada.id}", headers=admin.headers, json={"name": "admin's"})
            seen += [await names(http, admin, for_ada), await names(http, ada)]
            # The table's owner writes here, not a tenant.
            user = await http.post("/api/v1/users", headers=admin.headers, json={"email": f"{made.json()['id']}@x.com"})
            users = await http.get("/api/v1/users?take=1&fields=id", headers=admin.headers)
    assert (made.status_code, refused.status_code) == (201, 422)
    assert seen == [["ada's"], [], [], ["admin's", "ada's"], ["admin's", "ada's"]]
    assert users.json()["items"] == [{"id": user.json()["id"]}]


async def test_a_dead_standby_does_no_harm(
    pair: Cluster, replicated: Settings, serve_app: ServeApp, primary: Prisma, ada: Tenant
):
    await primary.project.create(data={"name": "old", "userId": ada.id})
    urls = (*replicated.replica_urls, replica_url(pair, free_port()))
    standby = pair.standbys[0]
    async with serve_app(create_app(replace(replicated, replica_urls=urls))) as http:
        await until_used(http, ada)
        await asyncio.to_thread(standby.stop, "immediate")
        try:
            seen = [await names(http, ada) for _ in range(4)]
            made = await http.post("/api/v1/projects", headers=ada.headers, json={"name": "new"})
            seen.append(await names(http, ada))
            health = await http.get("/api/health")
        finally:
            await asyncio.to_thread(standby.start)
    assert (seen, made.status_code) == ([*[["old"]] * 4, ["new", "old"]], 201)
    assert (health.status_code, health.json()["replicas"]) == (200, {"usable": 0, "total": 2})


async def test_tenants_are_kept_apart_on_the_standby(pair: Cluster, replicated: Settings, primary: Prisma, ada: Tenant):
    eve = await enrol(primary)
    for tenant in (ada, eve):
        await primary.project.create(data={"name": tenant.id, "userId": tenant.id})
    pair.wait_for_standbys()
    url = replicated.database_url or ""
    client = create_client(url, replicated.environment, replicas=replicated.replica_urls, max_lag=LAG)
    async with client:
        isolation = await find_isolation(client)
        replica = Access(client.replica(), isolation, user_id=ada.id, repeatable=True, reads=True)
        # Without a condition, as a route that forgot it would do.
        found = await replica.run(lambda db: db.project.find_many())
        place = await replica.run(lambda db: db.query_first("SELECT current_user::text AS role, pg_is_in_recovery()"))
    assert (isolation.on, [row.name for row in found]) == (True, [ada.id])
    assert place == {"role": "ainative_tenant", "pg_is_in_recovery": True}
