"""Locks on the users that records belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.http.problems import NotFoundError

if TYPE_CHECKING:
    from prisma import Prisma

# The weakest lock that excludes itself: other transactions may still insert rows that refer to this user.
_LOCK = "SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE"


async def lock_user(tx: Prisma, user_id: str) -> None:
    """Lock a user until the transaction ends; other transactions that lock the same user wait.

    Raises:
        NotFoundError: there is no such user.
    """
    if await tx.query_first(_LOCK, user_id) is None:
        raise NotFoundError("user", user_id)
