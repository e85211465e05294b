"""Owners: locks on the users that records belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.http.problems import NotFoundError

if TYPE_CHECKING:
    from prisma import Prisma

# The weakest lock that excludes itself: rows that refer to this user may be added meanwhile.
_LOCK = "SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE"


async def lock_user(tx: Prisma, user_id: str) -> None:
    """Let other transactions that lock this user wait until this one ends.

    Raises:
        NotFoundError: there is no such user.
    """
    if await tx.query_first(_LOCK, user_id) is None:
        raise NotFoundError("user", user_id)
