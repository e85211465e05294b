"""Restrictions of API keys, which an ADMIN sets and the owner of the key must not undo."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from app.database.isolation import SCRIPT
from app.database.service_tables import is_usable
from app.http.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prisma import Prisma

_FIND = 'SELECT "isActive", "rateLimit" FROM service.api_key_restrictions WHERE "keyId" = $1'
_KEEP = """
INSERT INTO service.api_key_restrictions AS r ("keyId", "isActive", "rateLimit") VALUES ($1, $2::bool, $3::int)
ON CONFLICT ("keyId") DO UPDATE SET "isActive" = excluded."isActive", "rateLimit" = excluded."rateLimit"
"""
_LIFT = 'DELETE FROM service.api_key_restrictions WHERE "keyId" = $1'

RESTRICTIONS_MISSING = (
    "The table service.api_key_restrictions is missing or may not be used: have a user who may create schemas run "
    f"migrations/20261130050000_key_restrictions/migration.sql and {SCRIPT}, "
    "and grant what docs/service/security.md says."
)


class RestrictedError(ProblemError):
    """403: an ADMIN has switched the key off, or given it fewer requests."""

    def __init__(self, detail: str) -> None:
        super().__init__(HTTPStatus.FORBIDDEN, "restricted", detail)


@dataclass(frozen=True, slots=True)
class Restriction:
    """The restriction of a key: whether it must stay off, and its most requests per hour."""

    off: bool = False
    most: int | None = None

    def check(self, change: Mapping[str, Any]) -> None:
        """Refuse a change by the key's owner that undoes it.

        Raises:
            RestrictedError: it does.
        """
        if self.off and change.get("isActive"):
            raise RestrictedError("An ADMIN has switched this key off.")
        if self.most is not None and change.get("rateLimit", 0) > self.most:
            raise RestrictedError(f"An ADMIN allows this key {self.most} requests per hour at most.")

    def after(self, change: Mapping[str, Any], before: int) -> Restriction:
        """Return the restriction after an ADMIN's change; `before` is the `rateLimit` that the key had."""
        off, most = self.off, self.most
        if "isActive" in change:
            off = not change["isActive"]
        if "rateLimit" in change:
            most = change["rateLimit"] if change["rateLimit"] < before else None
        return Restriction(off, most)


async def can_store_restrictions(db: Prisma) -> bool:
    """Tell whether the table exists and may be used: written by this database user, and read by tenants."""
    own = ("SELECT", "INSERT", "UPDATE", "DELETE")
    return await is_usable(db, "api_key_restrictions", own=own, tenants=("SELECT",))


async def find_restriction(tx: Prisma, key_id: str) -> Restriction:
    """Return the restriction of a key."""
    found = await tx.query_first(_FIND, key_id)
    return Restriction() if found is None else Restriction(found["isActive"] is False, found["rateLimit"])


async def store_restriction(tx: Prisma, key_id: str, restriction: Restriction) -> None:
    """Store the restriction of a key."""
    if restriction == Restriction():
        await tx.execute_raw(_LIFT, key_id)
    else:
        await tx.execute_raw(_KEEP, key_id, False if restriction.off else None, restriction.most)
