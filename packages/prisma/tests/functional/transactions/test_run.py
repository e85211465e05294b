"""`tx().run(...)`: operations that run in one transaction and return their results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_type

import pytest

from prisma.errors import UniqueViolationError

if TYPE_CHECKING:
    from prisma import Prisma
    from prisma.models import Project, User

pytestmark = pytest.mark.portable


@pytest.mark.needs("standard_quotes")
@pytest.mark.needs("isolation_levels")
async def test_results_of_operations(db: Prisma) -> None:
    results = await db.tx(isolation_level="Serializable").run(
        lambda tx: tx.user.create({"id": "ada", "email": "ada@example.com"}),
        lambda tx: tx.project.create({"name": "Engine", "user": {"connect": {"id": "ada"}}}),
        lambda tx: tx.user.count(),
        lambda tx: tx.query_raw("SELECT current_setting('transaction_isolation') AS level"),
    )
    if TYPE_CHECKING:
        assert_type(results, tuple[User, Project, int, list[dict[str, Any]]])
    user, made, count, levels = results
    assert (user.id, made.userId, count, levels) == ("ada", "ada", 1, [{"level": "serializable"}])


async def test_a_list_of_operations(db: Prisma) -> None:
    emails = ["a", "b", "c"]
    users = await db.tx().run([lambda tx, email=email: tx.user.create({"email": email}) for email in emails])
    if TYPE_CHECKING:
        assert_type(users, list[User])
    assert ([user.email for user in users], await db.tx().run([]), await db.user.count()) == (emails, [], 3)


async def test_all_or_nothing(db: Prisma) -> None:
    create: Any = lambda tx: tx.user.create({"email": "ada"})  # noqa: E731
    with pytest.raises(UniqueViolationError):
        await db.tx().run(create, create)
    async with db.tx() as tx:
        await tx.user.create({"email": "bob"})
        with pytest.raises(UniqueViolationError):
            await tx.tx().run([create, create])
    assert [user.email for user in await db.user.find_many()] == ["bob"]


async def test_values_are_no_operations(db: Prisma) -> None:
    value: Any = 1
    with pytest.raises(TypeError, match="takes functions of the transaction's client"):
        await db.tx().run(value)
    assert await db.user.count() == 0
