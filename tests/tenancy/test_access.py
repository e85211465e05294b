"""The access of tenants: which rows a transaction sees and may change, and what happens if its commit breaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from httpx import AsyncClient

from app.database.isolation import ROLE, Isolation, find_isolation
from app.database.retry import UnknownOutcomeError
from app.tenancy.access import Access
from prisma import Prisma
from prisma.enums import CreditType, InvoiceStatus, Plan, SubscriptionStatus
from prisma.errors import DataError, data_error
from tests.conftest import Enrol

if TYPE_CHECKING:
    from conftest import Server

ROOT = Path(__file__).resolve().parent.parent.parent
DAY = datetime(2026, 1, 1, tzinfo=UTC)
TENANTS = ("ada", "eve")
# The client's attribute of every tenant table → a change that its tenant may make, None where it may make none.
TABLES: dict[str, dict[str, Any] | None] = {
    "user": {"name": "New"},
    "account": None,
    "session": None,
    "apikey": {"name": "New"},
    "usagemetric": None,
    "subscription": {"cancelAtPeriodEnd": True},
    "billinginfo": {"city": "New"},
    "invoice": {"currency": "eur"},
    "credit": None,
    "project": {"name": "New"},
}
DELETED = frozenset(TABLES) - {"usagemetric", "credit"}
ADDED = frozenset(TABLES) - {"user", "account", "session"}


def rows(owner: str, id: str) -> dict[str, dict[str, Any]]:
    """Return a row for every table, all under the id `id`."""
    return {
        "user": {"id": id, "email": f"{id}@example.com"},
        "account": {"id": id, "userId": owner, "type": "oauth", "provider": "p", "providerAccountId": id},
        "session": {"id": id, "userId": owner, "sessionToken": id, "expires": DAY},
        "apikey": {"id": id, "userId": owner, "key": id, "name": "k"},
        "usagemetric": {"id": id, "userId": owner, "endpoint": "/"},
        "subscription": {"id": id, "userId": owner, "plan": Plan.PRO, "status": SubscriptionStatus.ACTIVE},
        "billinginfo": {"id": id, "userId": owner},
        "invoice": {
            "id": id, "billingInfoId": owner, "stripeInvoiceId": id, "amount": Decimal(1),
            "status": InvoiceStatus.DRAFT, "periodStart": DAY, "periodEnd": DAY,
        },
        "credit": {"id": id, "userId": owner, "amount": Decimal(1), "type": CreditType.BONUS},
        "project": {"id": id, "userId": owner, "name": "p"},
    }  # fmt: skip


@pytest.fixture
async def tenants(db: Prisma) -> None:
    """Two tenants with a row in every table, whose id is the tenant's."""
    for tenant in TENANTS:
        for table, row in rows(tenant, tenant).items():
            await getattr(db, table).create(data=row)


@asynccontextmanager
async def access(url: str, user_id: str | None = "ada") -> AsyncGenerator[Access]:
    async with Prisma(datasource={"url": url}, use_dotenv=False) as client:
        yield Access(client, await find_isolation(client), user_id=user_id, repeatable=False)


SETTINGS = """
    SELECT current_user::text AS role, current_setting('app.user_id', true) AS id,
        current_setting('enable_sort') AS sorts, current_setting('plan_cache_mode') AS plans
"""


async def test_ways_to_plan_statements(either: str):
    """Each is for one transaction, with the role that it has anyway."""
    async with access(either) as way, access(either, None) as owner:
        ways = [way, way.in_order(), way.planned_anew(), way, owner.planned_anew()]
        found = [await each.run(lambda tx: tx.query_first(SETTINGS)) for each in ways]
    usual, tenant = {"sorts": "on", "plans": "auto"}, {"role": ROLE, "id": "ada"}
    anew = {**usual, "plans": "force_custom_plan"}
    assert found == [
        {**tenant, **usual},
        {**tenant, **usual, "sorts": "off"},
        {**tenant, **anew},
        {**tenant, **usual},
        {**anew, "role": found[4] and found[4]["role"], "id": found[4] and found[4]["id"]},
    ]


@pytest.mark.usefixtures("tenants")
class TestRows:
    @pytest.mark.parametrize("table", TABLES)
    async def test_only_ones_own_are_seen(self, either: str, table: str):
        async with access(either) as way:
            found = await way.run(lambda tx: getattr(tx, table).find_many())
            other = await way.run(lambda tx: getattr(tx, table).find_first(where={"id": "eve"}))
        assert ([row.id for row in found], other) == (["ada"], None)

    @pytest.mark.parametrize("table", [name for name, change in TABLES.items() if change is not None])
    async def test_only_ones_own_are_changed(self, either: str, db: Prisma, table: str):
        change = TABLES[table]
        async with access(either) as way:
            # Without a condition, as a route that forgot it would do.
            changed = await way.run(lambda tx: getattr(tx, table).update_many(where={}, data=change))
            foreign = await way.run(lambda tx: getattr(tx, table).update(where={"id": "eve"}, data=change))
        assert (changed, foreign, await getattr(db, table).count(where=change)) == (1, None, 1)

    @pytest.mark.parametrize("table", sorted(DELETED))
    async def test_only_ones_own_are_deleted(self, either: str, db: Prisma, table: str):
        async with access(either) as way:
            deleted = await way.run(lambda tx: getattr(tx, table).delete_many())
        assert (deleted, [row.id for row in await getattr(db, table).find_many()]) == (1, ["eve"])

    @pytest.mark.parametrize("table", sorted(ADDED - {"billinginfo"}))
    async def test_none_is_added_for_others(self, either: str, db: Prisma, table: str):
        async with access(either) as way:
            await way.run(lambda tx: getattr(tx, table).create(data=rows("ada", "second")[table]))
            with pytest.raises(DataError, match="row-level security"):
                await way.run(lambda tx: getattr(tx, table).create(data=rows("eve", "third")[table]))
        assert await getattr(db, table).count() == 3

    @pytest.mark.parametrize("table", ["project", "apikey", "subscription", "billinginfo"])
    async def test_none_is_given_away(self, either: str, table: str):
        async with access(either) as way:
            with pytest.raises(DataError, match="row-level security"):
                await way.run(lambda tx: getattr(tx, table).update_many(where={}, data={"userId": "mallory"}))

    @pytest.mark.parametrize(
        "work",
        [
            lambda tx: tx.user.update_many(where={}, data={"role": "ADMIN"}),
            lambda tx: tx.credit.update_many(where={}, data={"amount": Decimal(1000)}),
            lambda tx: tx.credit.delete_many(),
            lambda tx: tx.usagemetric.delete_many(),
            lambda tx: tx.session.update_many(where={}, data={"expires": datetime.now(UTC) + timedelta(days=1)}),
            lambda tx: tx.user.create(data={"email": "x@example.com"}),
            lambda tx: tx.verificationtoken.find_many(),
            lambda tx: tx.ratelimit.find_many(),
            lambda tx: tx.query_raw("SELECT * FROM _prisma_migrations"),
        ],
    )  # fmt: skip
    async def test_what_no_tenant_may_do(self, either: str, work: Callable[[Prisma], Any]):
        async with access(either) as way:
            with pytest.raises(DataError, match=r"permission denied|denied access"):
                await way.run(work)

    async def test_no_user_no_rows(self, either: str):
        async with access(either, "") as way:
            counts = [await way.run(lambda tx, table=table: getattr(tx, table).count()) for table in TABLES]
        assert counts == [0] * len(TABLES)

    async def test_the_owner_sees_all(self, either: str):
        async with access(either, None) as way:
            counts = [await way.run(lambda tx, table=table: getattr(tx, table).count()) for table in TABLES]
        assert counts == [2] * len(TABLES)

    async def test_with_a_user_goes_everything_of_theirs(self, either: str, db: Prisma):
        async with access(either) as way:
            await way.run(lambda tx: tx.user.delete(where={"id": "ada"}))
        assert [await getattr(db, table).count() for table in TABLES] == [1] * len(TABLES)

    async def test_nothing_is_left_on_the_connection(self, migrated: str, pooled: str):
        look = "SELECT current_user::text AS role, NULLIF(current_setting('app.user_id', true), '') AS user"
        for url in (migrated, pooled):
            async with access(f"{url}&connection_limit=1") as way:
                inside = await way.run(lambda tx: tx.query_first(look))
                outside = await way.db.query_first(look)
                with pytest.raises(ZeroDivisionError):
                    await way.run(_fail)
                after_failure = await way.db.query_first(look)
            owner = {"role": "postgres", "user": None}
            assert (inside, outside, after_failure) == ({"role": ROLE, "user": "ada"}, owner, owner)

    async def test_one_statement_of_several_users_on_one_connection(self, either: str):
        """The plan that a prepared statement has kept is not that of the role before."""
        async with access(f"{either}&connection_limit=1") as way:
            found: list[list[str]] = []
            for user_id in ("ada", None, "eve") * 8:  # more often than it takes PostgreSQL to keep a general plan
                other = Access(way.db, way.isolation, user_id=user_id, repeatable=False)
                found.append([row.id for row in await other.run(lambda tx: tx.project.find_many(order={"id": "asc"}))])
        assert found == [["ada"], ["ada", "eve"], ["eve"]] * 8

    async def test_many_at_once_through_a_few_connections(self, pooled: str):
        async with Prisma(datasource={"url": f"{pooled}&connection_limit=12"}, use_dotenv=False) as client:
            isolation = await find_isolation(client)

            async def names(user_id: str) -> list[str]:
                way = Access(client, isolation, user_id=user_id, repeatable=True)
                return [row.userId for row in await way.run(lambda tx: tx.project.find_many())]

            asked = [TENANTS[number % 2] for number in range(200)]
            assert await asyncio.gather(*map(names, asked)) == [[name] for name in asked]


async def test_an_unknown_outcome_over_http(http: AsyncClient, enrol: Enrol, server: Server, db: Prisma):
    ada = await enrol("ada")
    async with breaking_commit(db, server, "projects"):
        answer = await http.post("/api/v1/projects", json={"name": "P"}, headers=ada.headers)
    again = await http.post("/api/v1/projects", json={"name": "P"}, headers=ada.headers)
    assert (answer.status_code, answer.json()["code"], again.status_code) == (503, "outcome_unknown", 201)
    assert await db.project.count() == 1


@asynccontextmanager
async def breaking_commit(db: Prisma, server: Server, table: str) -> AsyncGenerator[None]:
    """End the connection of the first transaction that inserts into a table, at its commit."""
    name = (await db.query_raw("SELECT current_database()::text AS name"))[0]["name"]
    server.run(
        f'\\c "{name}"\n'
        "CREATE SEQUENCE tries; CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN "
        "IF nextval('tries') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$; "
        f"CREATE CONSTRAINT TRIGGER break AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION break();"
    )
    try:
        yield
    finally:
        server.run(f'\\c "{name}"\nDROP TRIGGER break ON {table}; DROP FUNCTION break; DROP SEQUENCE tries;')


async def _fail(_: Prisma) -> None:
    raise ZeroDivisionError


class TestOutcome:
    """A request's work happens once."""

    @staticmethod
    async def no_sleep(_: float) -> None:
        """Let no time pass."""

    async def test_a_transient_error_before_the_commit_is_tried_again(self, db: Prisma):
        calls = 0

        async def work(tx: Prisma) -> int:
            nonlocal calls
            calls += 1
            await tx.user.create(data={"email": f"{calls}@example.com"})
            if calls < 3:
                raise data_error("P1017", "gone", {})
            return calls

        way = Access(db, Isolation(on=True), user_id=None, repeatable=False)
        assert await way.run(work, sleep=self.no_sleep) == 3
        assert [user.email for user in await db.user.find_many()] == ["3@example.com"]

    @pytest.mark.parametrize(("repeatable", "users"), [(False, 0), (True, 2)])
    async def test_a_connection_that_breaks_at_the_commit(
        self, db: Prisma, server: Server, repeatable: bool, users: int
    ):
        way = Access(db, Isolation(on=True), user_id=None, repeatable=repeatable)
        calls = 0

        async def work(tx: Prisma) -> None:
            nonlocal calls
            calls += 1
            await tx.user.create(data={"email": f"{calls}@example.com"})

        async with breaking_commit(db, server, "users"):
            if repeatable:
                await way.run(work, sleep=self.no_sleep)
            else:
                with pytest.raises(UnknownOutcomeError):
                    await way.run(work, sleep=self.no_sleep)
        assert [user.email for user in await db.user.find_many()] == ([f"{users}@example.com"] if users else [])
