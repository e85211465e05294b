"""Several callers create or upsert a record with the same key at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

import servers
from prisma.drivers.sqlite.writer_lock import WRITER_LOCKS
from prisma.errors import UniqueViolationError
from servers.spellings import Spelling

# MySQL has no native upsert: the slower caller reads before it waits.
pytestmark = [pytest.mark.schema("relations"), pytest.mark.portable, pytest.mark.needs("returning")]

NUMBER = {"country": "NL", "number": 7}
COMPANY = {**NUMBER, "name": "Acme"}
BY_NUMBER = {"country_number": NUMBER}
BY_NAME = {"called": {"country": "NL", "name": "Acme"}}
GO = {"where": {"name": "Go"}, "create": {"name": "Go"}}
ACME = {"where": BY_NUMBER, "create": COMPANY}

Operation = Callable[[Any], Awaitable[Any]]


Lose = Callable[[Any, Operation, Operation], Awaitable[Any]]


@pytest.fixture
def lose(spelling: Spelling) -> Lose:
    """Start an operation that waits for another transaction, and let that transaction commit first."""
    return partial(_lose, spelling)


async def _is_waiting(db: Any, spelling: Spelling) -> bool:
    if spelling.waiting is not None:
        return bool(await db.query_raw(spelling.waiting))
    # A writer of SQLite waits in the client.
    return any(lock._queue for lock in list(WRITER_LOCKS._by_path.values()))  # pyright: ignore[reportPrivateUsage]


async def _lose(spelling: Spelling, db: Any, win: Operation, operation: Operation) -> Any:
    async with db.tx(timeout=60_000) as winner:
        await win(winner)
        task = asyncio.ensure_future(operation(db))
        async with asyncio.timeout(servers.PATIENCE):
            while not await _is_waiting(db, spelling):  # noqa: ASYNC110 nobody tells us when
                await asyncio.sleep(0.005)
    return await task


def _company(client: Any) -> Any:
    return client.company.create(COMPANY)


def _skill(client: Any) -> Any:
    return client.skill.create({"name": "Go"})


async def _batch(client: Any) -> Any:
    async with client.batch_() as batch:
        batch.skill.upsert({"name": "Go"}, {"create": {"name": "Go"}, "update": {}})
        batch.skill.upsert({"name": "C"}, {"create": {"name": "C"}, "update": {}})
    return await client.skill.find_many(order={"name": "asc"})


def _skilled(**verbs: Any) -> Operation:
    skills = {"include": {"skills": True}}
    return lambda client: client.person.create({"name": "Ada", "skills": verbs}, **skills)


# The write that comes first, the slower operation, and its result.
RACES: dict[str, tuple[Operation, Operation, Callable[[Any], Any], Any]] = {
    "upsert": (
        _skill,
        lambda client: client.skill.upsert({"name": "Go"}, {"create": {"name": "Go"}, "update": {}}),
        lambda skill: skill.name,
        "Go",
    ),
    "upsert by a compound id": (
        _company,
        lambda client: client.company.upsert(BY_NUMBER, {"create": {**COMPANY, "name": "Other"}, "update": {}}),
        lambda company: company.name,
        "Acme",
    ),
    "upsert by a compound key with a name": (
        _company,
        lambda client: client.company.upsert(BY_NAME, {"create": {**COMPANY, "number": 8}, "update": {}}),
        lambda company: company.number,
        7,
    ),
    "upsert that includes relations and changes the record": (
        _company,
        lambda client: client.company.upsert(
            BY_NUMBER, {"create": COMPANY, "update": {"name": "New"}}, include={"staff": True}
        ),
        lambda company: (company.name, company.staff),
        ("New", []),
    ),
    "upsert with nested records": (
        _company,
        lambda client: client.company.upsert(
            BY_NUMBER,
            {"create": {**COMPANY, "offices": {"create": [{}]}}, "update": {"offices": {"create": [{}, {}]}}},
            include={"offices": True},
        ),
        lambda company: len(company.offices),
        2,
    ),
    "connect_or_create of many to many": (
        _skill,
        _skilled(connect_or_create=[{"where": {"name": "C"}, "create": {"name": "C"}}, GO]),
        lambda person: sorted(skill.name for skill in person.skills),
        ["C", "Go"],
    ),
    "connect_or_create of many to one": (
        _company,
        lambda client: client.office.create({"company": {"connect_or_create": ACME}}, include={"company": True}),
        lambda office: office.company.name,
        "Acme",
    ),
    "connect_or_create two levels down": (
        _skill,
        lambda client: client.person.create(
            {"name": "Ada", "team": {"create": [{"name": "Bob", "skills": {"connect_or_create": [GO]}}]}},
            include={"team": {"include": {"skills": True}}},
        ),
        lambda person: [skill.name for skill in person.team[0].skills],
        ["Go"],
    ),
    "batch": (_skill, _batch, lambda skills: [skill.name for skill in skills], ["C", "Go"]),
    "create_many": (
        _skill,
        lambda client: client.skill.create_many([{"name": "Go"}, {"name": "C"}], skip_duplicates=True),
        lambda count: count,
        1,
    ),
}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.needs(*(["skip_duplicates"] if name == "create_many" else [])))
        for name in RACES
    ],
)
async def test_the_slower_caller_finds_the_record(db: Any, lose: Lose, name: str) -> None:
    win, operation, seen, wanted = RACES[name]
    assert seen(await lose(db, win, operation)) == wanted


async def test_the_slower_caller_updates_the_record_of_a_to_one_relation(db: Any, lose: Lose) -> None:
    await _company(db)
    employee = await db.employee.create({"id": 1, **NUMBER})
    desk = {"desk": {"upsert": {"create": {}, "update": {"id": 5}}}}

    changed = await lose(
        db,
        lambda client: client.desk.create({"employeeId": 1}),
        lambda client: client.employee.update(desk, {"id": employee.id}, include={"desk": True}),
    )
    assert changed.desk.id == 5


async def test_an_upsert_creates_a_record_that_was_deleted_meanwhile(db: Any, lose: Lose) -> None:
    await _company(db)
    again = await lose(
        db,
        lambda client: client.company.delete(BY_NUMBER),
        lambda client: client.company.upsert(
            BY_NUMBER, {"create": {**COMPANY, "name": "New"}, "update": {"name": "Old"}}, include={"staff": True}
        ),
    )
    assert (again.name, await db.company.count()) == ("New", 1)


async def test_many_get_or_create_one_record(db: Any) -> None:
    async def get(number: int) -> Any:
        return await db.person.create({"name": "Ada", "skills": {"connect_or_create": [GO]}}, include={"skills": True})

    people = await asyncio.gather(*map(get, range(8)))
    assert ({person.skills[0].name for person in people}, await db.skill.count()) == ({"Go"}, 1)


# Operations that violate a constraint also without other callers, and its fields.
OTHERS: dict[str, tuple[Operation, list[str]]] = {
    "the key of another record": (
        lambda client: client.skill.upsert({"name": "C"}, {"create": {"name": "Go"}, "update": {}}),
        ["name"],
    ),
    "a key that the call does not name": (
        lambda client: client.company.upsert(
            {"country_number": {"country": "NL", "number": 8}}, {"create": {**COMPANY, "number": 8}, "update": {}}
        ),
        ["country", "name"],
    ),
    "a record that another condition hides": (
        lambda client: client.company.upsert(
            {**BY_NUMBER, "name": "x"}, {"create": {**COMPANY, "name": "Other"}, "update": {}}
        ),
        ["country", "number"],
    ),
    "a plain create": (lambda client: client.skill.create({"name": "Go"}), ["name"]),
}


@pytest.mark.parametrize("name", OTHERS)
async def test_other_violations_are_raised(db: Any, name: str) -> None:
    operation, fields = OTHERS[name]
    await _company(db)
    await _skill(db)
    with pytest.raises(UniqueViolationError) as caught:
        await operation(db)
    assert caught.value.meta["target"] == fields


# On SQLite a transaction waits when it begins, and finds the record.
@pytest.mark.needs("server")
async def test_the_slower_caller_inside_a_transaction_starts_it_again(db: Any, lose: Lose) -> None:
    async def upsert(client: Any) -> Any:
        return await client.skill.upsert({"name": "Go"}, {"create": {"name": "Go"}, "update": {}})

    async def inside(client: Any) -> Any:
        async with client.tx(timeout=60_000) as tx:
            with pytest.raises(UniqueViolationError):
                async with tx.tx() as savepoint:
                    await upsert(savepoint)
            return await upsert(tx)

    assert (await lose(db, _skill, inside)).name == "Go"
