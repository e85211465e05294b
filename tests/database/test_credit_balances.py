"""The balances that the database keeps: none gets below zero, and each is the sum of the credits."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from httpx import AsyncClient

from prisma import Prisma
from prisma.errors import DataError, PrismaError
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


async def test_the_service_tells_what_the_database_refused(http: AsyncClient, db: Prisma, enrol: Enrol):
    ada = await enrol("ada")
    await db.credit.create(credit(5))
    # As if another application had spent it since the service read the sum.
    await db.execute_raw("UPDATE service.credit_balances SET balance = 0")
    answer = await http.post("/api/v1/credits/spend", json={"amount": "1.00"}, headers=ada.headers)
    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (
        409, "insufficient_credits", "The balance is less than what is to be spent.",
    )  # fmt: skip
    assert await db.credit.count() == 1
