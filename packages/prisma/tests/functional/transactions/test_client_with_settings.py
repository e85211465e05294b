"""Clients with settings: each operation has them, in a transaction of its own, and nothing else has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from prisma.errors import DataError, InputError, TransactionError, UniqueViolationError

LOOK = "SELECT current_setting('app.user_id', true) AS id"
VALUE = "o'neil \\' ; $1 -- \u00e9\U0001f600"

# Rows are visible to the user whose address is the setting.
POLICIES = """
CREATE ROLE settings_reader;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO settings_reader;
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users TO settings_reader USING (email = current_setting('app.user_id', true));
CREATE POLICY every ON projects TO settings_reader USING (true)
"""


@pytest.fixture
async def single(make_client: Callable[..., Any], url: str) -> Any:
    """A client with one connection, so that what is left behind would show."""
    async with make_client(datasource={"url": f"{url}&connection_limit=1"}) as client:
        yield client


@pytest.fixture
async def tenants(single: Any) -> Any:
    """The same, with the policies, and a function that returns the client of a user."""
    await single.user.create({"email": "a"})
    await single.user.create({"email": "b"})
    try:
        await single.execute_raw(POLICIES)
        yield lambda email: single.with_settings({"role": "settings_reader", "app.user_id": email})
    finally:
        await single.execute_raw("DROP OWNED BY settings_reader")
        await single.execute_raw("DROP ROLE settings_reader")


async def user_of(client: Any) -> str | None:
    return (await client.query_raw(LOOK))[0]["id"] or None


async def emails(client: Any) -> list[str]:
    return [user.email for user in await client.user.find_many(order={"email": "asc"})]


async def test_raw_statements_have_them_at_first_and_when_they_are_kept(single: Any) -> None:
    scoped = single.with_settings({"app.user_id": VALUE})
    inside = [await user_of(scoped) for _ in range(3)]
    with_parameters = [
        (await scoped.query_raw("SELECT current_setting($1::text, true) AS id", "app.user_id"))[0]["id"]
        for _ in range(3)
    ]
    assert (inside, with_parameters, await user_of(single)) == ([VALUE] * 3, [VALUE] * 3, None)


async def test_operations_see_the_rows_of_their_user_alone(tenants: Any, single: Any) -> None:
    seen = [await emails(tenants(email)) for email in ("a", "b", "c", "a", "b")]
    unique = [await tenants("a").user.find_unique({"email": email}) for email in ("a", "b", "a", "b")]
    found = [None if user is None else user.email for user in unique]
    assert (seen, found, await emails(single)) == ([["a"], ["b"], [], ["a"], ["b"]], ["a", None, "a", None], ["a", "b"])


@pytest.mark.tasks
async def test_lookups_of_two_users_at_once_are_not_answered_by_one_query(tenants: Any, url: str) -> None:
    clients = [tenants(email) for email in ("a", "b")] * 3
    for _ in range(2):
        found = await asyncio.gather(*(client.user.find_unique({"email": "a"}) for client in clients))
        assert [user is not None for user in found] == [True, False] * 3


async def test_operations_of_several_statements_are_one_transaction(tenants: Any, single: Any) -> None:
    scoped = tenants("a")
    for name in ("first", "second"):
        project = {"projects": {"create": [{"name": name}]}}
        changed = [await scoped.user.update(project, {"email": email}) for email in ("a", "b")]
        assert [user is not None for user in changed] == [True, False]
    with_projects = await scoped.user.find_many(include={"projects": {"order_by": {"name": "asc"}}})
    found = [(user.email, [project.name for project in user.projects]) for user in with_projects]
    assert (found, await single.project.count(), await user_of(single)) == ([("a", ["first", "second"])], 2, None)


async def test_transactions_batches_and_streams_have_them(tenants: Any) -> None:
    scoped = tenants("a")
    async with scoped.tx() as tx:
        inside = [await emails(tx), await emails(tx), await user_of(tx)]
    manager = scoped.tx()
    tx = await manager.start({"app.user_id": "b"})
    other = await emails(tx)
    await manager.rollback()
    batch = scoped.batch_()
    batch.user.update_many(where={}, data={"name": "Ada"})
    await batch.commit()
    named = [(user.email, user.name) for user in await scoped.with_settings({"role": "none"}).user.find_many()]
    streamed = [user.email async for user in scoped.user.stream(batch_size=1)]
    assert (inside, other, sorted(named), streamed) == (
        [["a"], ["a"], "a"], ["b"], [("a", "Ada"), ("b", None)], ["a"],
    )  # fmt: skip


async def test_after_failures_nothing_is_left_and_the_settings_still_hold(single: Any) -> None:
    scoped = single.with_settings({"app.user_id": "x"})
    await scoped.user.create({"email": "a"})
    outcomes: list[object] = []
    for _ in range(2):
        with pytest.raises(UniqueViolationError):
            await scoped.user.create({"email": "a"})
        outcomes += [await user_of(single), await user_of(scoped)]
        with pytest.raises(DataError):
            await scoped.query_raw("SELECT $1::int / $2::int AS id", 1, 0)
        outcomes += [await user_of(single), await user_of(scoped)]
        with pytest.raises(DataError):
            await scoped.query_raw("SELECT $1::text AS id", "a\ud800")
        outcomes += [await user_of(single), await user_of(scoped)]
    assert (outcomes, await emails(single)) == ([None, "x"] * 6, ["a"])


async def test_a_statement_that_is_prepared_again_keeps_them(tenants: Any, single: Any) -> None:
    every = "SELECT * FROM users"
    scoped = tenants("a")
    before = [len(await scoped.query_raw(every)) for _ in range(2)]
    await single.execute_raw("ALTER TABLE users ADD note text")
    changed = [len(await scoped.query_raw(every)) for _ in range(2)]
    await single.execute_raw("ALTER TABLE users DROP note")
    assert (before, changed, await emails(scoped), len(await single.query_raw(every))) == ([1, 1], [1, 1], ["a"], 2)


async def test_refused_settings_run_nothing(single: Any) -> None:
    for _ in range(2):
        with pytest.raises(DataError, match="no_such_role"):
            await single.with_settings({"role": "no_such_role"}).user.create({"email": "a"})
    await single.user.create({"email": "b"})
    for _ in range(2):
        with pytest.raises(DataError, match="no_such_role"):
            await single.with_settings({"role": "no_such_role"}).user.create({"email": "a"})
    assert (await emails(single), await user_of(single)) == (["b"], None)


async def test_a_name_or_a_value_that_is_no_text_is_an_input_error(single: Any) -> None:
    with pytest.raises(InputError, match="A setting of a transaction and its name are text"):
        single.with_settings({"app.x": "a\0b"})


async def test_the_client_of_a_transaction_can_have_no_others(single: Any) -> None:
    async with single.tx() as tx:
        with pytest.raises(TransactionError, match="A transaction has the settings"):
            tx.with_settings({"app.x": "y"})
