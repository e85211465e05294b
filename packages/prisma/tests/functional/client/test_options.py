"""Options of the client: transactions, plan cache, lazy connect."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from prisma import Prisma
from prisma.errors import ClientNotConnectedError, TransactionError, TransactionExpiredError

LEVEL = "SELECT current_setting('transaction_isolation') AS level"


async def level_of(client: Any) -> str:
    return (await client.query_raw(LEVEL))[0]["level"]


async def test_the_default_isolation_level(url: str) -> None:
    async with Prisma(datasource={"url": url}, transaction_options={"isolation_level": "Serializable"}) as db:
        async with db.tx() as tx:
            default = await level_of(tx)
        async with db.tx(isolation_level="RepeatableRead") as tx:
            chosen = await level_of(tx)
        async with db.batch_() as batch:
            batch.execute_raw(f'INSERT INTO users (id, email, "updatedAt") SELECT 1, level, now() FROM ({LEVEL}) AS it')
        in_batch = await db.query_raw("SELECT email AS level FROM users")
        outside = await level_of(db)
    assert (default, chosen, in_batch, outside) == (
        "serializable",
        "repeatable read",
        [{"level": "serializable"}],
        "read committed",
    )


async def test_the_default_max_wait_and_timeout(url: str) -> None:
    options: Any = {"max_wait": timedelta(milliseconds=30), "timeout": 50}
    async with Prisma(datasource={"url": f"{url}&connection_limit=1"}, transaction_options=options) as db:
        with pytest.raises(TransactionExpiredError, match="was 50 ms"):
            async with db.tx() as tx:
                await tx.query_raw("SELECT pg_sleep(5)")
        # The connection is made usable again behind the transaction that was broken off.
        async with db.tx(timeout=timedelta(seconds=5), max_wait=timedelta(seconds=5)):
            with pytest.raises(TransactionError, match="within 30 ms"):
                await db.tx().start()


async def test_an_unknown_isolation_level(url: str) -> None:
    options: Any = {"isolation_level": "Snapshot"}
    async with Prisma(datasource={"url": url}, transaction_options=options) as db:
        with pytest.raises(TransactionError, match="Invalid isolation level 'Snapshot'"):
            db.tx()


@pytest.mark.parametrize(("size", "kept", "hits"), [(0, 0, 0), (2, 2, 1), (1000, 3, 3)])
async def test_query_plan_cache_max_size(url: str, size: int, kept: int, hits: int) -> None:
    from prisma._generated.metadata import SCHEMA
    from prisma.client.planning.plans import Plans

    # Clients of one process share their plans; start from none.
    Plans._instances.clear()  # pyright: ignore[reportPrivateUsage]
    async with Prisma(datasource={"url": url}, query_plan_cache_max_size=size) as db:
        users: list[Any] = []
        for _ in range(2):
            users.append(await db.user.find_many(take=3, skip=1))
            users.append(await db.user.find_first(where={"email": "x"}))
            users.append(await db.user.count())
            users.append(await db.user.count())
    plans = Plans.of(SCHEMA, "public", size)
    assert (len(plans._programs), plans.hits >= hits, users) == (kept, True, [[], None, 0, 0] * 2)  # pyright: ignore[reportPrivateUsage]


def test_a_negative_plan_cache_size() -> None:
    with pytest.raises(ValueError, match="must not be negative, got -1"):
        Prisma(query_plan_cache_max_size=-1)


async def test_connecting_is_explicit_by_default(url: str) -> None:
    db = Prisma(datasource={"url": url})
    for use in (db.user.count, lambda: db.query_raw("SELECT 1"), db.tx().start, lambda: queued(db).commit()):
        with pytest.raises(ClientNotConnectedError):
            await use()


def queued(db: Prisma) -> Any:
    batch = db.batch_()
    batch.user.delete_many()
    return batch


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


async def test_clients_that_an_older_version_generated(url: str) -> None:
    """They set the actions of all models in `_bind`."""
    from prisma.client import AsyncPrisma, Extension, TransactionManager
    from prisma.generated import load

    actions, models, schema = load("actions"), load("models"), load("metadata").SCHEMA

    class Former(AsyncPrisma):
        def __init__(self, **options: Any) -> None:
            super().__init__(schema=schema, **options)

        def _bind(self) -> None:
            self.user = actions.UserActions(self, models.User)
            self.project = actions.ProjectActions(self, models.Project)

        def tx(self) -> Any:
            return TransactionManager(client=self)

    class Derived(Former):
        pass

    extension = Extension("methods")

    @extension.model("user")
    async def sign_up(users: Any, email: str) -> Any:
        return await users.create({"email": email})

    async with Derived(datasource={"url": url}, use_dotenv=False, omit={"user": {"name": True}}) as db:
        async with db.extends(extension).tx() as tx:
            await tx.user.sign_up("ada")
            counts = await tx.user.count(), await db.user.count()
        found = [(user.email, "name" in user.model_fields_set) for user in await db.user.find_many()]
    assert (counts, found) == ((1, 0), [("ada", False)])


async def test_actions_belong_to_the_client_that_is_asked(db: Prisma) -> None:
    users = db.user
    async with db.tx() as tx:
        assert (db.user is users, tx.user is tx.user, tx.user is users) == (True, True, False)
        await tx.user.create({"email": "ada"})
        assert (await tx.user.count(), await db.user.count()) == (1, 0)
