"""The check of tenant isolation, on databases with and without the role, its rights and the policies."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.api.api_keys.restrictions import can_store_restrictions
from app.api.credits.queries import can_read_balances
from app.database.isolation import ROLE, SCRIPT, TABLES, Isolation, blindness, find_blind_roles, find_isolation
from app.idempotency.stored_responses import can_store_responses
from app.tenancy.access import Access
from prisma import Prisma
from prisma.migrate import deploy

if TYPE_CHECKING:
    from conftest import Server

ROOT = Path(__file__).resolve().parent.parent.parent
TENANTS = ("ada", "eve")
SERVICE_TABLES = (can_store_responses, can_store_restrictions, can_read_balances)


@pytest.fixture
def limited(server: Server, _migrated: str) -> Generator[str]:
    """The URL of an empty database whose owner may not create roles, on a server that does not know ours."""
    name = f"limited_{uuid.uuid4().hex[:12]}"
    # Away and back, because a role that other databases depend on can't be dropped.
    server.run(f"ALTER ROLE {ROLE} RENAME TO parked; CREATE ROLE {name} LOGIN; CREATE DATABASE {name} OWNER {name};")
    yield server.url(name).replace("postgres@", f"{name}@")
    server.run(f"DROP DATABASE {name} WITH (FORCE); DROP ROLE {name};")
    if "1" in server.run(f"SELECT count(*) FROM pg_roles WHERE rolname = '{ROLE}'").split():
        server.run(f"DROP ROLE {ROLE};")
    server.run(f"ALTER ROLE parked RENAME TO {ROLE};")


async def test_a_user_who_may_not_create_roles(
    limited: str, server: Server, serve: Any, caplog: pytest.LogCaptureFixture
):
    """The migration succeeds, the service works and warns, and the way out that it names is one."""
    done = await deploy(ROOT / "migrations", limited)
    assert done.applied == done.found
    with caplog.at_level(logging.WARNING, "app.process.lifespan"):
        async with serve(limited) as http:
            health = await http.get("/api/health")
    assert health.status_code == 200
    advice = (
        "Tenant isolation in the database is off. Have a user who may create roles run: "
        f"CREATE ROLE ainative_tenant NOLOGIN; then run {SCRIPT} again."
    )
    assert [r.getMessage() for r in caplog.records if r.name == "app.process.lifespan"] == [advice]

    owner = limited.partition("//")[2].partition("@")[0]
    script = (ROOT / SCRIPT).read_text()
    async with Prisma(datasource={"url": limited}, use_dotenv=False) as client:
        await client.user.create(data={"id": "ada", "email": "ada@example.com"})
        await client.user.create(data={"id": "eve", "email": "eve@example.com"})
        off = await find_isolation(client)
        seen = await Access(client, off, user_id="ada", repeatable=True).run(lambda tx: tx.user.count())
        server.run(f"CREATE ROLE {ROLE} NOLOGIN;")
        usable = [await can(client) for can in SERVICE_TABLES]
        await client.execute_raw(script)  # type: ignore[arg-type]
        usable += [await can(client) for can in SERVICE_TABLES]
        refused = await find_isolation(client)
        server.run(f"GRANT {ROLE} TO {owner};")
        on = await find_isolation(client)
        now_seen = await Access(client, on, user_id="ada", repeatable=True).run(lambda tx: tx.user.count())
    assert (off.on, seen) == (False, 2)
    assert refused.problem == f'The database user may not become {ROLE}. Run: GRANT {ROLE} TO "{owner}";'
    assert (on, now_seen) == (Isolation(on=True), 1)
    assert usable == [False, False, False, True, True, True]


async def test_a_user_who_may_create_roles_but_is_no_superuser(limited: str, server: Server):
    owner = limited.partition("//")[2].partition("@")[0]
    server.run(f"ALTER ROLE {owner} CREATEROLE;")
    await deploy(ROOT / "migrations", limited)
    async with Prisma(datasource={"url": limited}, use_dotenv=False) as client:
        for name in TENANTS:
            await client.user.create(data={"id": name, "email": name})
        isolation = await find_isolation(client)
        seen = await Access(client, isolation, user_id="ada", repeatable=True).run(lambda tx: tx.user.find_many())
    assert (isolation, [user.id for user in seen]) == (Isolation(on=True), ["ada"])


async def test_a_role_that_was_granted_access_goes_on_as_before(database: str, server: Server):
    """A role that gets access later sees nothing until the script runs again, and the service says so."""
    reader = f"reader_{uuid.uuid4().hex[:12]}"
    tables, isolation = next((ROOT / "migrations").glob("*_init")) / "migration.sql", ROOT / SCRIPT
    name = database.partition("localhost/")[2].partition("?")[0]
    reader_url = database.replace("postgres@", f"{reader}@")
    seen: list[int] = []
    server.run(f"CREATE ROLE {reader} LOGIN;")
    async with Prisma(datasource={"url": database}, use_dotenv=False) as owner:
        await owner.execute_raw(tables.read_text())  # type: ignore[arg-type]
        await owner.user.create(data={"email": "ada@example.com"})
        server.run(f'\\c "{name}"\nGRANT SELECT ON users TO {reader};')
        await owner.execute_raw(isolation.read_text())  # type: ignore[arg-type]
        async with Prisma(datasource={"url": reader_url}, use_dotenv=False) as client:
            seen.append(await client.user.count())
            before = (await find_isolation(client)).problem
            await owner.execute_raw("DROP POLICY as_granted ON users")  # as if the grant came after the migration
            server.run(f"GRANT {ROLE} TO {reader};")
            seen.append(await client.user.count())
            late = (await find_isolation(client)).problem
            await owner.execute_raw(isolation.read_text())  # type: ignore[arg-type]
            seen.append(await client.user.count())
            at_last = await find_isolation(client)
    server.run(f'\\c "{name}"\nDROP OWNED BY {reader};\n\\c postgres\nDROP ROLE {reader};')
    assert (seen, at_last) == ([1, 0, 1], Isolation(on=True))
    assert before == f'The database user may not become {ROLE}. Run: GRANT {ROLE} TO "{reader}";'
    assert late == (f'The database user "{reader}" does not see all rows. Run {SCRIPT} again as the tables\' owner.')


async def test_roles_that_see_nothing_are_named(
    database: str, server: Server, serve: Any, caplog: pytest.LogCaptureFixture
):
    early, late, group, owner = (f"{name}_{uuid.uuid4().hex[:12]}" for name in ("early", "late", "group", "owner"))
    name = database.partition("localhost/")[2].partition("?")[0]
    folder = ROOT / "migrations"
    script = ROOT / SCRIPT
    server.run(f"CREATE ROLE {early}; CREATE ROLE {late}; CREATE ROLE {group}; CREATE ROLE {owner} SUPERUSER;")
    await deploy(folder, database)
    async with Prisma(datasource={"url": database}, use_dotenv=False) as client:
        found = [await find_blind_roles(client)]
        server.run(f'\\c "{name}"\nGRANT SELECT ON users TO {early};')
        await client.execute_raw(script.read_text())  # type: ignore[arg-type]
        found.append(await find_blind_roles(client))
        server.run(
            f'\\c "{name}"\nGRANT SELECT ON projects TO {late}; GRANT {early} TO {group};'
            f"GRANT SELECT ON users TO {group}, {owner};"
        )
        found.append(await find_blind_roles(client))
        async with serve(database):
            pass
        await client.execute_raw(script.read_text())  # type: ignore[arg-type]
        found.append(await find_blind_roles(client))
    roles = f"{early}, {late}, {group}, {owner}"
    server.run(f'\\c "{name}"\nDROP OWNED BY {roles};\n\\c postgres\nDROP ROLE {roles};')
    assert found == [[], [], [late], []]
    assert [r.getMessage() for r in caplog.records if "see no rows" in r.getMessage()] == [blindness([late])]


@pytest.mark.usefixtures("migrated")  # so that the role exists
async def test_migrations_at_the_same_moment(server: Server):
    """Databases of one server are migrated at once, and each finds the role."""
    names = [f"parallel_{uuid.uuid4().hex[:12]}" for _ in range(4)]
    for name in names:
        server.create_database(name)
    server.run(f"ALTER ROLE {ROLE} RENAME TO parked;")
    try:
        await asyncio.gather(*(deploy(ROOT / "migrations", server.url(name)) for name in names))
        found: list[Isolation] = []
        for name in names:
            async with Prisma(datasource={"url": server.url(name)}, use_dotenv=False) as client:
                found.append(await find_isolation(client))
    finally:
        for name in names:
            server.drop_database(name)
        server.run(f"DROP ROLE IF EXISTS {ROLE}; ALTER ROLE parked RENAME TO {ROLE};")
    assert found == [Isolation(on=True)] * len(names)


async def test_every_table_of_tenants_is_protected(db: Prisma):
    """A table that belongs to users, directly or through another one, has to be added to the migrations' policies."""
    found = await db.query_raw(
        """
        WITH RECURSIVE owned AS (
            SELECT 'users'::regclass::oid AS id
            UNION SELECT conrelid FROM pg_constraint JOIN owned ON confrelid = owned.id WHERE contype = 'f')
        SELECT relname::text AS name, relrowsecurity AS protected,
            (SELECT count(*)::int FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'tenant') AS policies
        FROM owned JOIN pg_class ON pg_class.oid = owned.id ORDER BY relname"""
    )
    assert found == [{"name": name, "protected": True, "policies": 1} for name in sorted(TABLES)]


async def test_an_unrestricted_role_is_no_isolation(db: Prisma, server: Server):
    server.run(f"ALTER ROLE {ROLE} BYPASSRLS;")
    try:
        problem = (await find_isolation(db)).problem
    finally:
        server.run(f"ALTER ROLE {ROLE} NOBYPASSRLS;")
    assert problem == f"The role {ROLE} is not restricted. Run: ALTER ROLE {ROLE} NOSUPERUSER NOBYPASSRLS;"


async def test_the_rows_of_a_tenant_are_found_by_an_index(db: Prisma):
    """A query that forgot its condition is not only right, but quick: the policy's condition uses the index."""

    async def plan(tx: Prisma) -> str:
        await tx.execute_raw("SET LOCAL enable_seqscan = off")
        return str(await tx.query_raw("EXPLAIN SELECT * FROM projects"))

    explained = await Access(db, await find_isolation(db), user_id="ada", repeatable=True).run(plan)
    assert "Index Cond" in explained, explained
