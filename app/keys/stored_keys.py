"""Stored API keys: made, found and revoked by an operator, who never sees what signs in after it was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.api.api_keys.queries import create_api_key, delete_api_key
from app.auth.keys import STORED_PREFIX, stored, stored_forms
from app.command_line import shell_command
from app.errors import FatalError

if TYPE_CHECKING:
    from datetime import datetime

    from prisma import Prisma
    from prisma.models import ApiKey, User

FINGERPRINT = 12  # hexadecimal digits of a key's SHA-256: enough to tell keys apart, useless to sign in
MIN_START = 4  # characters of an id or a fingerprint that name a key

# The fingerprint of a key that the TypeScript application stored in clear is made by the database.
_BEGINNING = """
SELECT id FROM api_keys WHERE starts_with(id, $1) OR starts_with(
    CASE WHEN starts_with(key, $2) THEN substr(key, length($2) + 1)
    ELSE encode(sha256(convert_to(key, 'UTF8')), 'hex') END, lower($1)
)
"""


@dataclass(frozen=True, slots=True)
class KeyShown:
    """A key without what signs in; `user` is the address of its owner."""

    id: str
    fingerprint: str
    name: str
    user: str
    role: str
    rate_limit: int
    is_active: bool
    created: datetime
    last_used: datetime | None
    expires: datetime | None

    def members(self) -> dict[str, Any]:
        """Return it for programs, with the names of the API."""
        return {
            "id": self.id,
            "fingerprint": self.fingerprint,
            "name": self.name,
            "user": self.user,
            "rateLimit": self.rate_limit,
            "isActive": self.is_active,
            "createdAt": self.created,
            "lastUsedAt": self.last_used,
            "expiresAt": self.expires,
        }


async def create_key(db: Prisma, who: str, name: str, limit: int) -> tuple[str, KeyShown]:
    """Make a key for the user with an address or id, and return it and what is shown of it.

    Raises:
        FatalError: there is no such user.
    """
    user = await find_user(db, who)
    made = await create_api_key(db, user.id, {"name": name, "rateLimit": limit})
    row = await db.apikey.find_unique_or_raise(where={"id": made["id"]}, include={"user": True})
    return made["key"], _shown(row)


async def find_keys(db: Prisma, who: str | None) -> list[KeyShown]:
    """Return all keys, or those of the user with an address or id, oldest first.

    Raises:
        FatalError: there is no such user.
    """
    owner = {} if who is None else {"userId": (await find_user(db, who)).id}
    rows = await db.apikey.find_many(where=owner, include={"user": True}, order=[{"createdAt": "asc"}, {"id": "asc"}])  # type: ignore[arg-type]
    return [_shown(row) for row in rows]


async def revoke_key(db: Prisma, named: str) -> KeyShown:
    """Delete the key with this id, or that is this one, or whose id or fingerprint begins so; return what it was.

    Raises:
        FatalError: there is none, or several begin so.
    """
    exact = {"OR": [{"id": named}, {"key": {"in": stored_forms(named)}}]}
    rows = await db.apikey.find_many(where=exact, include={"user": True}) or await _beginning(db, named)  # type: ignore[arg-type]
    if not rows:
        raise FatalError(
            "There is no such key.", f"See the ids and fingerprints: {shell_command('python -m app.keys list')}"
        )
    if len(rows) > 1:
        raise FatalError(f"{len(rows)} keys begin with {named}.", "Name more characters of the id or fingerprint.")
    (row,) = rows
    await delete_api_key(db, row.userId, row.id)
    return _shown(row)


async def _beginning(db: Prisma, start: str) -> list[ApiKey]:
    if len(start) < MIN_START:
        return []
    ids = [row["id"] for row in await db.query_raw(_BEGINNING, start, STORED_PREFIX)]
    return await db.apikey.find_many(where={"id": {"in": ids}}, include={"user": True})


async def find_user(db: Prisma, who: str) -> User:
    """Return the user with an address, in small or capital letters, or an id.

    Raises:
        FatalError: there is none.
    """
    user = await db.user.find_first(where={"OR": [{"email": who}, {"id": who}, {"email": who.lower()}]})
    if user is None:
        raise FatalError(f"There is no user {who}.", "Name the address or the id of one in the table users.")
    return user


def _shown(row: ApiKey) -> KeyShown:
    hashed = row.key if row.key.startswith(STORED_PREFIX) else stored(row.key)
    assert row.user is not None  # noqa: S101 included by every query
    return KeyShown(
        id=row.id,
        fingerprint=hashed.removeprefix(STORED_PREFIX)[:FINGERPRINT],
        name=row.name,
        user=row.user.email,
        role=row.user.role,
        rate_limit=row.rateLimit,
        is_active=row.isActive,
        created=row.createdAt,
        last_used=row.lastUsedAt,
        expires=row.expiresAt,
    )
