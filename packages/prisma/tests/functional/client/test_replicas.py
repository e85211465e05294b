"""Clients with replicas, on a primary with two streaming standbys: which server answers what, and what is fresh."""

from __future__ import annotations

import asyncio
import copy
import pickle
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from prisma.engine.errors import EngineConnectionError
from prisma.errors import TransactionError
from servers import free_port
from servers.cluster import Cluster, Member

pytestmark = pytest.mark.schema("blog")

MakeClient = Callable[..., Any]

TABLES = Path(__file__).parents[1] / "schemas" / "blog" / "tables.sql"
LIMIT = 30.0  # seconds for what happens in the background
READER = """
    DROP ROLE IF EXISTS reader;
    CREATE ROLE reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
    ALTER TABLE "User" ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON "User" USING (name = current_setting('app.name', true));
"""


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    """The name of a database with the tables of the blog, which the standbys have as well."""
    name = f"replicas_{uuid.uuid4().hex[:8]}"
    cluster.primary.run(f'CREATE DATABASE "{name}"')
    cluster.primary.run(TABLES.read_text(encoding="utf-8"), database=name)
    cluster.wait_for_standbys()
    yield name
    cluster.primary.run(f'DROP DATABASE "{name}" WITH (FORCE)')


def url_of(cluster: Cluster, member: Member | int, database: str) -> str:
    port = member if isinstance(member, int) else member.port
    return f"{cluster.url().partition('@')[0]}@127.0.0.1:{port}/{database}?application_name={database}"


@pytest.fixture
async def connect(
    cluster: Cluster, database: str, make_client: MakeClient
) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    """Connect a client with the two standbys as replicas, or with others, and wait until they are known to be fresh."""
    clients: list[Any] = []

    async def connected(replicas: list[Member | int] | None = None, *, wait: bool = True, **arguments: Any) -> Any:
        urls = [url_of(cluster, each, database) for each in (replicas or cluster.standbys)]
        client = make_client(datasource={"url": url_of(cluster, cluster.primary, database)}, replicas=urls, **arguments)
        clients.append(client)
        await client.connect()
        if wait:
            await until(client, lambda: not any(problems(client)))
        return client

    yield connected
    for client in clients:
        await client.disconnect(0)


def problems(db: Any) -> list[str | None]:
    """Return for each replica why it is left out."""
    return [replica.problem for replica in db._core.link.source.session.replicas.all]


async def until(db: Any, holds: Callable[[], bool]) -> None:
    """Read until something holds: checks are made while there are reads."""
    deadline = time.monotonic() + LIMIT
    while not holds():
        assert time.monotonic() < deadline, problems(db)
        await db.user.count()
        await asyncio.sleep(0.01)


async def operations(db: Any) -> dict[str, int]:
    """Return how many operations each server had."""
    metrics = await db.get_metrics()
    return {each.labels["server"]: each.value for each in metrics.counters if each.key == "prisma_client_queries_total"}


async def asked(db: Any, work: Callable[[], Awaitable[object]]) -> dict[str, int]:
    """Return which servers some work has used, and how often."""
    before = await operations(db)
    await work()
    after = await operations(db)
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


@contextmanager
def paused(cluster: Cluster) -> Iterator[None]:
    """Let the standbys receive, and replay nothing."""
    for member in cluster.standbys:
        member.run("SELECT pg_wal_replay_pause()")
        while member.run("SELECT pg_get_wal_replay_pause_state()") != "paused":
            pass
    try:
        yield
    finally:
        for member in cluster.standbys:
            member.run("SELECT pg_wal_replay_resume()")


async def test_reads_are_answered_by_replicas_and_the_rest_by_the_primary(connect: Any, cluster: Cluster) -> None:
    db = await connect()
    reads = [
        lambda: db.user.find_many(),
        lambda: db.user.find_first(),
        lambda: db.user.find_unique(where={"id": 1}),
        lambda: db.user.count(),
        lambda: db.user.aggregate(count=True),
        lambda: db.user.group_by(["name"]),
    ]

    async def all_reads() -> None:
        for read in reads:
            await read()

    async def a_transaction() -> None:
        async with db.tx() as tx:
            await tx.user.count()

    async def a_batch() -> None:
        async with db.batch_() as batch:
            batch.user.create(data={"name": "b"})

    async def the_rest() -> None:
        await db.user.create(data={"name": "a"})
        await db.query_raw("SELECT 1")
        await a_transaction()
        await a_batch()

    assert await asked(db, all_reads) == {"replica 1": 3, "replica 2": 3}
    assert await asked(db, the_rest) == {"primary": 4}
    assert await asked(db, lambda: db.primary().user.find_many()) == {"primary": 1}
    assert await asked(db, lambda: db.primary().with_settings({"app.x": "1"}).user.find_many()) == {"primary": 1}


async def test_a_client_of_the_replicas(connect: Any, cluster: Cluster) -> None:
    db = await connect()
    replica = db.replica()
    ports = {(await replica.query_raw("SELECT inet_server_port() AS port"))[0]["port"] for _ in range(4)}
    async with replica.tx() as tx:
        in_transaction = await tx.query_raw("SELECT pg_is_in_recovery() AS it")
    assert ports == {member.port for member in cluster.standbys}
    assert in_transaction == [{"it": True}]
    with pytest.raises(Exception, match="25006"):
        await replica.user.create(data={"name": "a"})
    assert replica.is_connected()
    port = "SELECT inet_server_port() AS port"
    assert await replica.primary().query_raw(port) == [{"port": cluster.primary.port}]


async def test_settings_travel_to_the_replicas(connect: Any, cluster: Cluster, database: str) -> None:
    db = await connect()
    await db.user.create_many(data=[{"name": name} for name in ("ada", "bob")])
    for statement in READER.split(";")[:-1]:
        cluster.primary.run(statement, database=database)
    cluster.wait_for_standbys()
    own = db.with_settings({"role": "reader", "app.name": "ada"})
    try:
        used = await asked(db, lambda: own.user.count())
        names = [user.name for user in await own.user.find_many()]
        raw = await own.replica().query_raw("SELECT current_setting('app.name') AS name")
        assert (names, raw, "primary" in used) == (["ada"], [{"name": "ada"}], False)
    finally:
        cluster.primary.run("DROP OWNED BY reader", database=database)
        cluster.primary.run("DROP ROLE reader", database=database)


async def test_reads_may_be_as_old_as_the_bound(connect: Any, cluster: Cluster) -> None:
    db = await connect(max_replica_lag=60.0)
    with paused(cluster):
        await db.user.create(data={"name": "new"})
        assert (await db.user.count(), await db.primary().user.count()) == (0, 1)


async def test_a_client_may_read_its_own_writes(connect: Any, cluster: Cluster) -> None:
    db = await connect(max_replica_lag=60.0, read_your_writes=True)
    with paused(cluster):
        await db.user.create(data={"name": "1"})
        counts = [await db.user.count()]
        async with db.tx() as tx:
            await tx.user.create(data={"name": "2"})
        counts.append(await db.user.count())
        await db.execute_raw("INSERT INTO \"User\" (name) VALUES ('3')")
        counts.append(await db.user.count())
        # The replicas are not left out for good: they lack the writes only.
        assert (counts, any(problems(db))) == ([1, 2, 3], False)
    session = db._core.link.source.session
    await until(db, lambda: all(each.as_of >= session.replicas.writes.last for each in session.replicas.all))
    assert "primary" not in await asked(db, lambda: db.user.count())


async def test_a_replica_that_is_too_far_behind_is_left_out(connect: Any, cluster: Cluster) -> None:
    db = await connect(max_replica_lag=0.4)
    with paused(cluster):
        await db.user.create(data={"name": "new"})
        await until(db, lambda: all(problem and "behind" in problem for problem in problems(db)))
        assert await db.user.count() == 1
        with pytest.raises(EngineConnectionError, match=r"replica 1.*more than 0\.4 s behind") as caught:
            await db.replica().user.count()
        assert caught.value.code == "P1001"
    await until(db, lambda: not any(problems(db)))


async def test_a_dead_replica_is_left_out(connect: Any, cluster: Cluster, caplog: pytest.LogCaptureFixture) -> None:
    dead = free_port()
    db = await connect([dead, cluster.standbys[0]], wait=False, log=["warn"])
    await until(db, lambda: problems(db)[1] is None and problems(db)[0] != "it was not asked yet")
    assert await asked(db, lambda: db.user.count()) == {"replica 2": 1}
    assert "The replica 1 is left out: " in caplog.text
    assert cluster.primary.password not in f"{caplog.text} {problems(db)}"


async def test_without_any_replica_reads_go_to_the_primary(connect: Any, cluster: Cluster) -> None:
    dead = free_port()
    db = await connect([dead], wait=False)
    assert await db.user.count() == 0
    with pytest.raises(EngineConnectionError) as caught:
        await db.replica().user.count()
    assert (caught.value.code, list(caught.value.meta["reasons"])) == ("P1001", ["replica 1"])


async def test_a_replica_may_end_and_come_back(connect: Any, cluster: Cluster) -> None:
    db = await connect()
    standby = cluster.standbys[0]
    await asyncio.to_thread(standby.stop, "immediate")
    try:
        # Both in turn: what the dead one was to answer, the primary does.
        assert [await db.user.count() for _ in range(6)] == [0] * 6
        assert [bool(problem) for problem in problems(db)] == [True, False]
    finally:
        await asyncio.to_thread(standby.start)
    await until(db, lambda: not any(problems(db)))
    assert await asked(db, lambda: asyncio.gather(db.user.count(), db.user.count())) == {"replica 1": 1, "replica 2": 1}


async def test_the_end_of_a_client_is_the_end_of_all_its_connections(
    connect: Any, cluster: Cluster, database: str
) -> None:
    db = await connect()
    await db.disconnect()
    sessions = f"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{database}'"
    deadline = time.monotonic() + LIMIT
    while (left := [member.run(sessions) for member in cluster.members]) != ["0", "0", "0"]:
        assert time.monotonic() < deadline, left
    assert not db.is_connected()


async def test_a_transaction_is_on_one_server(connect: Any, cluster: Cluster) -> None:
    db = await connect(wait=False)
    async with db.tx() as tx:
        for way in ("primary", "replica"):
            with pytest.raises(TransactionError, match="on one server"):
                getattr(tx, way)()


async def test_a_client_without_replicas_has_one_database(db: Any) -> None:
    await db.user.create(data={"name": "a"})
    assert (await db.primary().user.count(), await db.replica().user.count()) == (1, 1)


@pytest.mark.parametrize(
    ("replica", "reason"),
    [
        ("postgresql://u:secret@a,b/db", "a replica is one server"),
        ("postgresql://u:secret@a", "it names no database"),
    ],
)
async def test_wrong_urls_of_replicas(make_client: MakeClient, replica: str, reason: str) -> None:
    db = make_client(replicas=["postgresql://u:secret@a/db", replica])
    with pytest.raises(EngineConnectionError, match=f"Replica 2: The database URL is not valid: {reason}") as caught:
        await db.connect()
    assert (caught.value.code, "secret" in str(caught.value)) == ("P1013", False)


@pytest.mark.parametrize("arguments", [{"replicas": "postgresql://u@h/db"}, {"max_replica_lag": 0}])
def test_wrong_options(make_client: MakeClient, driver: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="takes a list of URLs"):
        make_client(**arguments)


async def test_replicas_of_the_environment(
    cluster: Cluster, database: str, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url_of(cluster, cluster.primary, database))
    monkeypatch.setenv("DATABASE_REPLICA_URLS", ", ".join(url_of(cluster, each, database) for each in cluster.standbys))
    servers: list[set[str]] = []
    for arguments in ({}, {"replicas": []}, {"datasource": {"url": url_of(cluster, cluster.primary, database)}}):
        db = make_client(**{"datasource": None, **arguments})
        await db.connect()
        servers.append({each.labels.get("server", "") for each in (await db.get_metrics()).counters})
        await db.disconnect(0)
    assert servers == [{"primary", "replica 1", "replica 2"}, {""}, {""}]


@pytest.mark.parametrize("replicas", [[], ["postgresql://u:secret@a/db"]])
def test_a_client_is_not_pickled(make_client: MakeClient, driver: str, replicas: list[str]) -> None:
    db = make_client(replicas=replicas)
    with pytest.raises(TypeError, match="cannot pickle"):
        pickle.dumps(db)
    with pytest.raises(TypeError, match="cannot pickle"):
        copy.deepcopy(db)


async def test_metrics_of_all_servers(connect: Any, cluster: Cluster) -> None:
    db = await connect()
    text = await db.get_metrics("prometheus")
    heads = [line for line in text.splitlines() if line.startswith("# TYPE prisma_pool_connections_limit ")]
    servers = {
        line.partition('server="')[2].partition('"')[0] for line in text.splitlines() if "connections_limit{" in line
    }
    assert (len(heads), servers) == (1, {"primary", "replica 1", "replica 2"})


async def test_metrics_say_which_replicas_are_usable(connect: Any, cluster: Cluster) -> None:
    db = await connect([cluster.standbys[0], free_port()], wait=False)
    await until(db, lambda: problems(db)[0] is None)
    metrics = await db.get_metrics(global_labels={"app": "web"})
    usable = {each.labels["server"]: each.value for each in metrics.gauges if each.key == "prisma_replica_usable"}
    assert usable == {"replica 1": 1.0, "replica 2": 0.0}
