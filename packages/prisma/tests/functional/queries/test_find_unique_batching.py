"""`find_unique` calls of one loop tick share statements, and each gets its own answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from prisma.errors import FieldNotFoundError, RecordNotFoundError

if TYPE_CHECKING:
    from prisma import Prisma

pytestmark = [pytest.mark.tasks, pytest.mark.portable]

NAMES = [f"user{index}" for index in range(20)]


@pytest.fixture
async def statements(db: Prisma) -> list[str]:
    """The statements that ran since the users were made: each has its own project."""
    for name in NAMES:
        await db.user.create({"id": name, "email": f"{name}@x", "projects": {"create": {"name": name}}})
    seen: list[str] = []
    db.on("query", lambda event: seen.append(event.query))
    return seen


@pytest.mark.needs("relation_joins")
async def test_calls_of_one_loop_tick_take_two_statements(db: Prisma, statements: list[str]) -> None:
    asked = [*NAMES, "nobody", NAMES[0]]
    users = await asyncio.gather(*(db.user.find_unique({"id": name}, include={"projects": True}) for name in asked))
    found = [user and (user.id, [project.name for project in user.projects or ()]) for user in users]
    assert found == [(name, [name]) if name != "nobody" else None for name in asked]
    # The first goes at once.
    assert len(statements) == 2
    first, last = users[0], users[-1]
    assert first is not None
    assert last is not None
    assert (first == last, first is last) == (True, False)


async def test_calls_one_after_the_other_are_not_batched(db: Prisma, statements: list[str]) -> None:
    for name in NAMES[:3]:
        await db.user.find_unique({"id": name})
    assert len(statements) == 3
    assert all(" IN " not in text and "ANY" not in text for text in statements)


async def test_or_raise_keeps_its_own_errors(db: Prisma, statements: list[str]) -> None:
    asked = [NAMES[0], "nobody", NAMES[1], "no one", NAMES[2]]
    answers = await asyncio.gather(
        *(db.user.find_unique_or_raise({"email": f"{name}@x"}) for name in asked), return_exceptions=True
    )
    kinds = [answer.id if not isinstance(answer, BaseException) else type(answer) for answer in answers]
    assert kinds == [NAMES[0], RecordNotFoundError, NAMES[1], RecordNotFoundError, NAMES[2]]
    errors = [answer for answer in answers if isinstance(answer, BaseException)]
    assert errors[0] is not errors[1]


async def test_calls_with_other_arguments_are_not_batched_together(db: Prisma, statements: list[str]) -> None:
    where: Any = [{"isActive": True}, {"isActive": False}] * 4
    users = await asyncio.gather(
        *(
            db.user.find_unique({"id": name}, include={"projects": {"where": each}})
            for name, each in zip(NAMES, where, strict=False)
        ),
        *(db.user.find_unique({"email": f"{name}@x"}) for name in NAMES),
    )
    assert [user and user.projects and len(user.projects) for user in users] == [1, []] * 4 + [None] * len(NAMES)


async def test_not_inside_transactions(db: Prisma, statements: list[str]) -> None:
    async with db.tx() as tx:
        await asyncio.gather(*(tx.user.find_unique({"id": name}) for name in NAMES[:4]))
    assert len(statements) == 6


async def test_a_wrong_call_does_not_fail_the_others(db: Prisma, statements: list[str]) -> None:
    wrong: Any = {"idd": 1}
    answers = await asyncio.gather(
        *(db.user.find_unique({"id": name}) for name in NAMES), db.user.find_unique(wrong), return_exceptions=True
    )
    assert ([getattr(answer, "id", None) for answer in answers[:-1]], type(answers[-1])) == (NAMES, FieldNotFoundError)


@pytest.mark.needs("server")  # a file answers before the first call can be cancelled
async def test_cancelling_one_call_does_not_fail_the_others(db: Prisma, statements: list[str]) -> None:
    for victim in range(4):
        tasks = [asyncio.ensure_future(db.user.find_unique({"id": name})) for name in NAMES]
        await asyncio.sleep(0)
        tasks[victim].cancel()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        expected = [*NAMES[:victim], None, *NAMES[victim + 1 :]]
        assert [getattr(answer, "id", None) for answer in answers] == expected


@pytest.mark.needs("standard_quotes")
@pytest.mark.needs("typed_columns")
async def test_keys_of_a_column_that_pads_texts(db: Prisma) -> None:
    await db.execute_raw("ALTER TABLE users ALTER COLUMN email TYPE char(12)")
    try:
        await db.user.create_many([{"email": name} for name in ("a", "b", "c")])
        users = await asyncio.gather(*(db.user.find_unique({"email": name}) for name in ("a", "b", "c", "d")))
    finally:
        await db.execute_raw("ALTER TABLE users ALTER COLUMN email TYPE text")
    assert [user and user.email.strip() for user in users] == ["a", "b", "c", None]
