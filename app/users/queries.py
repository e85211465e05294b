"""Queries about users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.users.schemas import Relation

if TYPE_CHECKING:
    from collections.abc import Collection

    from prisma import Prisma
    from prisma.models import User
    from prisma.types import UserCreateInput, UserInclude, UserUpdateInput

# Rows of each relation in one answer: a busy user has far more metrics than anybody reads.
RELATED_ROWS = 100

_INCLUDES: dict[Relation, UserInclude] = {
    Relation.ACCOUNTS: {"accounts": {"take": RELATED_ROWS, "order_by": {"id": "asc"}}},
    Relation.SESSIONS: {"sessions": {"take": RELATED_ROWS, "order_by": {"expires": "desc"}}},
    Relation.API_KEYS: {"apiKeys": {"take": RELATED_ROWS, "order_by": {"createdAt": "desc"}}},
    Relation.PROJECTS: {"projects": {"take": RELATED_ROWS, "order_by": {"createdAt": "desc"}}},
    Relation.SUBSCRIPTIONS: {"subscriptions": {"take": RELATED_ROWS, "order_by": {"createdAt": "desc"}}},
    Relation.BILLING_INFO: {"billingInfo": True},
    Relation.CREDITS: {"credits": {"take": RELATED_ROWS, "order_by": {"createdAt": "desc"}}},
    Relation.USAGE_METRICS: {"usageMetrics": {"take": RELATED_ROWS, "order_by": {"date": "desc"}}},
}


async def list_users(db: Prisma, *, skip: int, take: int, relations: Collection[Relation]) -> list[User]:
    """Return a page of users, newest first."""
    # The id decides between users of the same millisecond, so that no page repeats or leaves out one.
    return await db.user.find_many(
        skip=skip, take=take, order=[{"createdAt": "desc"}, {"id": "desc"}], include=_include(relations)
    )


async def count_users(db: Prisma) -> int:
    """Return how many users there are."""
    return await db.user.count()


async def find_user(db: Prisma, id: str, relations: Collection[Relation]) -> User | None:
    """Return a user, or None."""
    return await db.user.find_unique(where={"id": id}, include=_include(relations))


async def create_user(db: Prisma, data: UserCreateInput) -> User:
    """Create a user; UniqueViolationError when the address is taken."""
    return await db.user.create(data=data)


async def update_user(db: Prisma, id: str, data: UserUpdateInput) -> User | None:
    """Change a user and return it, or None; UniqueViolationError when the address is taken."""
    return await db.user.update(where={"id": id}, data=data)


async def delete_user(db: Prisma, id: str) -> User | None:
    """Delete a user with everything that belongs to it and return it, or None."""
    return await db.user.delete(where={"id": id})


def _include(relations: Collection[Relation]) -> UserInclude | None:
    include: UserInclude = {}
    for relation in relations:
        include.update(_INCLUDES[relation])
    return include or None
