"""Addresses that Auth.js does not find, or takes for another user's, because it looks them up in small letters."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from prisma import Prisma

_FIND = """
SELECT id FROM users WHERE lower(email) IN (SELECT lower(email) FROM users WHERE email <> lower(email))
"""


@dataclass(frozen=True, slots=True)
class Clash:
    """A user whose address is not found, or `shared`: another user has it in other letters."""

    address: str
    email: str
    id: str
    role: str
    created: datetime
    shared: bool

    @property
    def problem(self) -> str:
        """What is wrong, in words."""
        return "several users have it" if self.shared else "has capital letters"

    def row(self) -> tuple[object, ...]:
        """Return it for people."""
        return self.address, self.email, self.id, self.role, self.created, self.problem

    def members(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "address": self.address,
            "email": self.email,
            "id": self.id,
            "role": self.role,
            "createdAt": self.created,
            "problem": self.problem,
        }


async def find_clashes(db: Prisma) -> list[Clash]:
    """Return the users whose addresses clash or are not in small letters, those of one address together."""
    ids = [row["id"] for row in await db.query_raw(_FIND)]
    users = await db.user.find_many(where={"id": {"in": ids}}, order=[{"createdAt": "asc"}, {"id": "asc"}])
    counts = Counter(user.email.lower() for user in users)
    found = [
        Clash(address, user.email, user.id, user.role, user.createdAt, counts[address] > 1)
        for user in users
        for address in (user.email.lower(),)
    ]
    return sorted(found, key=lambda clash: clash.address)
