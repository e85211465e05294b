"""The service's own tables, for a database user that does not own them and for tenants."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Generator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from httpx import AsyncClient

from app.api.api_keys.restrictions import RESTRICTIONS_MISSING, can_store_restrictions
from app.api.credits.queries import can_read_balances
from app.auth.keys import new_key, stored
from app.database.expiry import delete_expired
from app.database.isolation import ROLE, SCRIPT, Isolation, find_isolation
from app.idempotency.stored_responses import EXPIRED_RESPONSES, can_store_responses
from app.tenancy.access import Access
from prisma import Prisma
from prisma.enums import CreditType
from tests.conftest import Enrol

if TYPE_CHECKING:
    from conftest import Server

ROOT = Path(__file__).resolve().parents[2]
SECURITY = ROOT / "docs" / "service" / "security.md"
USERS = "/api/v1/users"
KEYS = "/api/v1/api-keys"
EXPIRE = """UPDATE service.idempotency_keys SET "expiresAt" = now() AT TIME ZONE 'UTC' - interval '1 second'"""


@pytest.fixture
def own_database(server: Server, template: str) -> Generator[str]:
    """The URL of a migrated database, whose grants a test may change."""
    name = f"tables_{uuid.uuid4().hex[:12]}"
    server.create_database(name, template)
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def as_service_user(server: Server, own_database: str) -> Generator[str]:
    """The URL of a user who has what the documentation says and owns nothing."""
    user = f"service_{uuid.uuid4().hex[:12]}"
    (grants,) = re.findall(r"```sql\n(GRANT.*?)```", SECURITY.read_text(), re.DOTALL)
    server.run(f"CREATE ROLE {user} LOGIN;")
    with psycopg.connect(own_database, autocommit=True) as owner:
        owner.execute(grants.replace("service_user", user).encode())
        owner.execute((ROOT / SCRIPT).read_bytes())
        yield own_database.replace("postgres@", f"{user}@")
        owner.execute(f'DROP OWNED BY "{user}"; DROP ROLE "{user}"'.encode())


async def enrolled(db: Prisma, id: str, role: Any) -> dict[str, str]:
    key = new_key()
    await db.user.create({"id": id, "email": f"{id}@example.com", "role": role})
    await db.apikey.create({"userId": id, "name": "K", "key": stored(key)})
    return {"Authorization": f"Bearer {key}"}


async def repeated(http: AsyncClient, path: str, body: dict[str, Any], headers: dict[str, str]) -> list[int]:
    """Send a request twice with one key; return the statuses, and how many records were made."""
    once = {**headers, "Idempotency-Key": "once"}
    answers = [await http.post(path, json=body, headers=once) for _ in range(2)]
    return [*(answer.status_code for answer in answers), len({answer.json().get("id") for answer in answers})]


async def test_a_service_user_who_owns_no_table(as_service_user: str, serve: Any, caplog: pytest.LogCaptureFixture):
    async with Prisma(datasource={"url": as_service_user}, use_dotenv=False) as db:
        chief, ada = await enrolled(db, "chief", "ADMIN"), await enrolled(db, "ada", "USER")
        await db.credit.create({"userId": "ada", "amount": Decimal(5), "type": CreditType.BONUS})
        with caplog.at_level(logging.WARNING, "app.process.lifespan"):
            async with serve(as_service_user) as http:
                done = [
                    await repeated(http, USERS, {"email": "bea@example.com"}, chief),
                    await repeated(http, KEYS, {"name": "Mine"}, ada),
                ]
                mine = (await http.get(KEYS, headers=ada)).json()["items"][0]["id"]
                restricted = await http.patch(f"{KEYS}/{mine}?userId=ada", json={"isActive": False}, headers=chief)
                undone = await http.patch(f"{KEYS}/{mine}", json={"isActive": True}, headers=ada)
                balance = (await http.get("/api/v1/credits/balance", headers=ada)).json()
                noted = await db.query_raw('SELECT "keyId" FROM service.api_key_restrictions')
                deleted = await http.delete(f"{KEYS}/{mine}", headers=ada)
                left = await db.query_raw('SELECT "keyId" FROM service.api_key_restrictions')
        await db.execute_raw(EXPIRE)
        swept = await delete_expired(db, [EXPIRED_RESPONSES])
        isolation = await find_isolation(db)
    assert [r.getMessage() for r in caplog.records if r.name == "app.process.lifespan"] == []
    assert (done, balance, swept, isolation) == (
        [[201, 201, 1]] * 2,
        {"balance": "5.00"},
        2,
        Isolation(on=True),
    )
    assert (restricted.status_code, undone.status_code, undone.json()["code"]) == (200, 403, "restricted")
    assert (noted, deleted.status_code, left) == ([{"keyId": mine}], 204, [])


async def test_a_tenant_sees_only_what_is_theirs(as_service_user: str):
    """A user who is in the role of tenants sees everything, until a transaction takes the role on."""
    rows = "SELECT (SELECT count(*) FROM service.{0})::int AS n"
    async with Prisma(datasource={"url": as_service_user}, use_dotenv=False) as db:
        for name in ("ada", "bea"):
            await enrolled(db, name, "USER")
            await db.credit.create({"userId": name, "amount": Decimal(5), "type": CreditType.BONUS})
        await db.execute_raw("INSERT INTO service.api_key_restrictions SELECT id, false, NULL FROM api_keys")
        await db.execute_raw(
            """INSERT INTO service.idempotency_keys SELECT 'x', id, 'k', '', 200, '{}', '', now() FROM users"""
        )
        isolation, seen = await find_isolation(db), list[tuple[int, int]]()
        for table in ("idempotency_keys", "api_key_restrictions", "credit_balances"):
            count: Any = rows.format(table)
            (every,) = await db.query_raw(count)
            (own,) = await Access(db, isolation, user_id="ada", repeatable=True).run(
                lambda tx, sql=count: tx.query_raw(sql)
            )
            seen.append((every["n"], own["n"]))
    assert seen == [(2, 1)] * 3


@pytest.mark.parametrize("ended", ["DELETE FROM api_keys WHERE id = $1", "DELETE FROM users", "TRUNCATE api_keys"])
async def test_restrictions_go_with_their_key(db: Prisma, enrol: Enrol, ended: Any):
    key = await enrol("ada")
    row = await db.apikey.find_first_or_raise(where={"key": stored(key.key)})
    await db.execute_raw("INSERT INTO service.api_key_restrictions VALUES ($1, false, NULL)", row.id)
    await db.execute_raw(ended, *([row.id] if "$1" in ended else []))
    assert await db.query_raw("SELECT * FROM service.api_key_restrictions") == []


@pytest.mark.parametrize(
    ("revoked", "usable"),
    [
        (f"USAGE ON SCHEMA service FROM {{0}}, {ROLE}", (False, False, False)),
        (f"USAGE ON SCHEMA service FROM {ROLE}", (False, False, False)),
        ("DELETE ON service.idempotency_keys FROM {0}", (False, True, True)),
        (f"INSERT ON service.idempotency_keys FROM {ROLE}", (False, True, True)),
        ("INSERT ON service.api_key_restrictions FROM {0}", (True, False, True)),
        (f"SELECT ON service.api_key_restrictions FROM {ROLE}", (True, False, True)),
        (f"SELECT ON service.credit_balances FROM {ROLE}", (True, True, False)),
    ],
)
async def test_a_table_without_rights_is_not_used(
    own_database: str, as_service_user: str, revoked: str, usable: tuple[bool, ...]
):
    user = as_service_user.partition("//")[2].partition("@")[0]
    with psycopg.connect(own_database, autocommit=True) as owner:
        owner.execute(f"REVOKE {revoked.format(user)}")  # type: ignore[arg-type]
    async with Prisma(datasource={"url": as_service_user}, use_dotenv=False) as db:
        found = (await can_store_responses(db), await can_store_restrictions(db), await can_read_balances(db))
    assert found == usable


async def test_the_service_says_that_restrictions_do_not_hold(
    own_database: str, serve: Any, caplog: pytest.LogCaptureFixture
):
    with psycopg.connect(own_database, autocommit=True) as owner:
        owner.execute(f"REVOKE SELECT ON service.api_key_restrictions FROM {ROLE}")
    with caplog.at_level(logging.WARNING, "app.process.lifespan"):
        async with serve(own_database):
            pass
    told = [r.getMessage() for r in caplog.records if r.name == "app.process.lifespan"]
    assert told == [f"Owners of API keys may undo what an ADMIN restricts. {RESTRICTIONS_MISSING}"]
