"""Making, connecting and closing a client: options, states, and connecting at the first call."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from prisma import Prisma
from prisma.client import registry
from prisma.engine.errors import AlreadyConnectedError
from prisma.errors import ClientNotConnectedError

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]

Make = Callable[..., Any]


def test_constructor(package: Any) -> None:
    with pytest.raises(TypeError):
        package.Prisma(True)
    client = package.Prisma(
        use_dotenv=False, log_queries=True, auto_register=False, datasource=None, connect_timeout=timedelta(seconds=1)
    )
    assert not client.is_connected()


def test_auto_register(package: Any) -> None:
    previous = registry.replace(None)
    try:
        client = package.Prisma(use_dotenv=False, auto_register=True)
        assert (package.get_client(), client.is_registered()) == (client, True)
    finally:
        registry.replace(previous)


async def test_the_datasource_comes_before_the_environment(
    db: Any, package: Any, threads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@nowhere.invalid/none")
    assert await db.user.count() == 0


async def test_a_connect_timeout_in_seconds_warns(package: Any, threads: Any) -> None:
    with pytest.warns(DeprecationWarning, match="timedelta") as caught:
        package.Prisma(use_dotenv=False, connect_timeout=1)
    assert caught[0].filename == __file__


def test_http_options_are_accepted(package: Any) -> None:
    assert package.Prisma(use_dotenv=False, http={"timeout": 5, "limits": None, "http2": True})


async def test_connecting_twice_is_an_error(make_client: Make) -> None:
    db = make_client()
    await db.connect(timeout=timedelta(seconds=10))
    with pytest.raises(AlreadyConnectedError, match="Already connected"):
        await db.connect()
    await db.disconnect()


async def test_disconnect(make_client: Make) -> None:
    db = make_client()
    await db.disconnect()
    for timeout in (None, 1.5, timedelta(seconds=1)):
        await db.connect()
        await db.disconnect(timeout=timeout)
    with pytest.raises(ClientNotConnectedError):
        await db.user.count()


async def test_context_manager(make_client: Make) -> None:
    db = make_client()
    async with db as same:
        assert same.is_connected()
        await db.disconnect()
    assert not db.is_connected()


async def test_state(db: Any) -> None:
    assert (db.is_connected(), db.is_registered(), db.is_transaction()) == (True, False, False)
    async with db.tx() as tx:
        assert (tx.is_connected(), tx.is_transaction()) == (True, True)


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.tasks
async def test_a_client_that_was_never_closed_is_collected(make_client: Make) -> None:
    import gc

    db = make_client()
    await db.connect()
    await db.user.count()
    gone = weakref.ref(db)
    del db
    gc.collect()
    assert gone() is None


@pytest.mark.needs("server")
async def test_private_names(db: Any, package: Any) -> None:
    """Programs for 0.15.0 assign wrappers to the client's engine."""
    client: Any = package.Prisma(use_dotenv=False)
    assert getattr(client._engine, "process", None) is None
    client._Prisma__engine = "own"
    client._engine = "own"
    assert (client._engine, client._active_provider) == ("own", "postgresql")
    assert callable(client._execute)
    assert callable(client._copy)


async def test_the_engine_is_none_while_a_client_is_not_connected(make_client: Make) -> None:
    db = make_client()
    found = [db._internal_engine is None]
    await db.connect()
    found.append(db._internal_engine is None)
    async with db.tx() as tx:
        found.append(tx._internal_engine is None)
    await db.disconnect()
    assert [*found, db._internal_engine is None] == [True, False, False, True]


@pytest.mark.schema("service")
async def test_connecting_is_explicit_by_default(url: str) -> None:
    db = Prisma(datasource={"url": url})
    for use in (db.user.count, lambda: db.query_raw("SELECT 1"), db.tx().start, lambda: queued(db).commit()):
        with pytest.raises(ClientNotConnectedError):
            await use()


def queued(db: Prisma) -> Any:
    batch = db.batch_()
    batch.user.delete_many()
    return batch


@pytest.mark.schema("service")
async def test_lazy_connect(url: str) -> None:
    connected: list[str] = []
    db = Prisma(datasource={"url": url}, lazy_connect=True)
    db.on("info", lambda event: connected.append(event.message.split()[0]))
    before = db.is_connected()
    counts = await asyncio.gather(*(db.user.count() for _ in range(5)))
    await db.disconnect()
    async with db.tx() as tx:
        await tx.user.create({"email": "ada"})
    await queued(db).commit()
    await db.disconnect()
    assert (before, counts, connected) == (False, [0] * 5, ["Connected;", "Disconnected."] * 2)
