"""The balances that the database keeps: none gets below zero, and each is the sum of the credits."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.api.credits.queries import InsufficientCreditsError, balance_of, can_read_balances, spend
from app.api.credits.schemas import CreditShown
from app.auth.keys import new_key, stored
from app.database.isolation import find_isolation
from app.http.sparse_fields import all_fields
from app.tenancy.access import Access
from prisma import Prisma
from prisma.errors import DataError, PrismaError
from prisma.migrate import deploy
from tests.conftest import Enrol

MIGRATION = Path(__file__).resolve().parents[2] / "migrations" / "20261130060000_credit_balances" / "migration.sql"
SUM = """SELECT coalesce(sum(amount), 0)::float AS sum FROM credits WHERE "userId" = $1"""
# How the sums of the credits and the balances differ; nothing, if all is well.
DIFFERENCES = """
    SELECT count(*)::int AS n FROM service.credit_balances AS b
    FULL JOIN (SELECT "userId", sum(amount) AS amount FROM credits GROUP BY 1) AS c USING ("userId")
    WHERE coalesce(b.balance, 0) <> coalesce(c.amount, 0)
"""
RACING, GIVEN = 24, 10


def credit(amount: int, user: str = "ada") -> Any:
    return {"userId": user, "amount": amount, "type": "BONUS" if amount > 0 else "USAGE"}


async def differences(db: Prisma) -> int:
    return (await db.query_raw(DIFFERENCES))[0]["n"]


async def spend_without_a_lock(db: Prisma, level: Any) -> bool:
    """Read the sum, then spend 1 if there is so much, as a client does that knows no lock."""
    try:
        async with db.tx(isolation_level=level, max_wait=30_000, timeout=30_000) as tx:
            found = await tx.query_first(SUM, "ada")
            await asyncio.sleep(0)
            if not found or found["sum"] < 1:
                return False
            await tx.credit.create(credit(-1))
    except PrismaError:
        return False
    return True


@pytest.mark.parametrize("level", ["ReadCommitted", "RepeatableRead", "Serializable"])
async def test_racing_spends_leave_no_debt(db: Prisma, enrol: Enrol, level: str):
    await enrol("ada")
    await db.credit.create(credit(GIVEN))
    spent = sum(await asyncio.gather(*(spend_without_a_lock(db, level) for _ in range(RACING))))
    left = (await db.query_raw(SUM, "ada"))[0]["sum"]
    assert (left >= 0, left) == (True, GIVEN - spent)
    assert await differences(db) == 0


async def test_the_order_in_a_statement_does_not_matter(db: Prisma, enrol: Enrol):
    await enrol("ada")
    await enrol("bea")
    await db.credit.create_many([credit(-3), credit(5), credit(7, "bea"), credit(-2)])
    with pytest.raises(DataError):
        await db.credit.create_many([credit(1, "bea"), credit(-1)])
    assert (await db.credit.count(), await differences(db)) == (4, 0)


async def test_corrections_are_followed_and_not_refused(db: Prisma, enrol: Enrol):
    await enrol("ada")
    await enrol("bea")
    grant = await db.credit.create(credit(5))
    await db.credit.create(credit(-5))
    await db.credit.update(where={"id": grant.id}, data={"amount": Decimal(2)})
    in_debt = await differences(db)
    with pytest.raises(DataError):
        await db.credit.create(credit(-1))
    await db.credit.create(credit(1))
    moved = await db.credit.update(where={"id": grant.id}, data={"userId": "bea"})
    await db.credit.delete(where={"id": grant.id})
    assert (in_debt, moved is not None, await differences(db)) == (0, True, 0)


async def test_the_balance_goes_with_its_user(db: Prisma, enrol: Enrol):
    await enrol("ada")
    await db.credit.create(credit(5))
    await db.user.delete(where={"id": "ada"})
    assert await db.query_raw("SELECT * FROM service.credit_balances") == []


async def test_the_script_makes_balances_from_what_is_there(db: Prisma, migrated: str, enrol: Enrol):
    await enrol("ada")
    await db.credit.create(credit(5))
    await db.execute_raw("DELETE FROM service.credit_balances")
    before = await differences(db)
    with psycopg.connect(migrated, autocommit=True) as connection:
        connection.execute(MIGRATION.read_bytes())
    assert (before, await differences(db)) == (1, 0)


async def test_a_reset_empties_what_the_service_noted(db: Prisma, migrated: str, enrol: Enrol):
    """`migrate reset` empties the tables of Prisma and runs the scripts again."""
    key = await enrol("ada")
    await db.execute_raw("INSERT INTO service.api_key_restrictions VALUES ($1, false, NULL)", key.id)
    # Other tests may have left theirs.
    noted = 'SELECT count(*) FROM service.api_key_restrictions WHERE "keyId" = %s'
    with psycopg.connect(migrated, autocommit=True) as connection:
        connection.execute(MIGRATION.read_bytes())
        kept = connection.execute(noted, [key.id]).fetchone()
        connection.execute("DELETE FROM users")
        connection.execute(MIGRATION.read_bytes())
        left = connection.execute(noted, [key.id]).fetchone()
    assert (kept, left) == ((1,), (0,))


async def test_a_tenant_sees_only_their_own_balance(db: Prisma, enrol: Enrol):
    for user in ("ada", "bea"):
        await enrol(user)
        await db.credit.create(credit(5, user))
    every = 'SELECT "userId", balance::int FROM service.credit_balances ORDER BY 1'
    own = await Access(db, await find_isolation(db), user_id="ada", repeatable=True).run(lambda tx: tx.query_raw(every))
    with pytest.raises(DataError):
        await Access(db, await find_isolation(db), user_id="ada", repeatable=True).run(
            lambda tx: tx.execute_raw("UPDATE service.credit_balances SET balance = 9")
        )
    assert (own, len(await db.query_raw(every))) == ([{"userId": "ada", "balance": 5}], 2)


@pytest.mark.parametrize("kept", [True, False])
async def test_the_balance_and_the_sum_are_the_same(db: Prisma, enrol: Enrol, kept: bool):
    await enrol("ada")
    found = [await balance_of(db, "ada", kept=kept)]
    await db.credit.create_many([credit(5), credit(-2)])
    found.append(await balance_of(db, "ada", kept=kept))
    assert found == [Decimal(0), Decimal(3)]


async def test_a_database_without_balances_sums_the_credits(database: str, serve: Any):
    """As where the user who migrates may not create tables in the schema `service`."""
    await deploy(MIGRATION.parents[1], database)
    async with Prisma(datasource={"url": database}, use_dotenv=False) as client:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("REVOKE ALL ON service.credit_balances FROM ainative_tenant")
        refused = await can_read_balances(client)
        await client.user.create({"id": "ada", "email": "ada@example.com"})
        key = new_key()
        await client.apikey.create({"userId": "ada", "name": "K", "key": stored(key)})
        await client.credit.create(credit(5))
        async with serve(database) as http:
            answer = await http.get("/api/v1/credits/balance", headers={"Authorization": f"Bearer {key}"})
    assert (refused, answer.json()) == (False, {"balance": "5.00"})


async def test_the_service_tells_what_the_database_refused(db: Prisma, enrol: Enrol):
    await enrol("ada")
    await db.credit.create(credit(5))
    # As if another application had spent it after the service looked.
    await db.execute_raw("UPDATE service.credit_balances SET balance = 0")
    with pytest.raises(InsufficientCreditsError) as refused:
        async with db.tx() as tx:
            await spend(tx, "ada", {"amount": Decimal(1)}, all_fields(CreditShown), kept=False)
    told = (refused.value.status, refused.value.code, refused.value.detail)
    assert told == (409, "insufficient_credits", "The balance is less than what is to be spent.")
    assert await db.credit.count() == 1
