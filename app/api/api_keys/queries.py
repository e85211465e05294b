"""The queries for API keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.api import records
from app.api.api_keys.restrictions import find_restriction, store_restriction
from app.api.api_keys.schemas import ApiKeyShown
from app.auth.keys import new_key, stored
from app.http.pagination import Window
from app.http.problems import NotFoundError
from app.http.sparse_fields import Fields, Row, all_fields
from prisma import Prisma

_EVERY = all_fields(ApiKeyShown)
_LOCK = 'SELECT "rateLimit" FROM api_keys WHERE id = $1 AND "userId" = $2 FOR UPDATE'


async def list_api_keys(
    tx: Prisma, user_id: str, window: Window, fields: Fields, *, is_active: bool | None
) -> list[Row]:
    """Return a page's keys of a user, newest first; all, or only the active or inactive ones."""
    where = {"userId": user_id} if is_active is None else {"userId": user_id, "isActive": is_active}
    return await records.find_page(tx.apikey, where, window, fields)


async def find_api_key(tx: Prisma, user_id: str, id: str, fields: Fields) -> Row:
    """Return a key; NotFoundError."""
    return await records.find(tx.apikey, {"id": id, "userId": user_id}, fields, "api_key")


async def create_api_key(tx: Prisma, user_id: str, data: Mapping[str, Any]) -> Row:
    """Make a key and return it, with the key itself."""
    key = new_key()
    row = await records.create(tx.apikey, {**data, "userId": user_id, "key": stored(key)}, _EVERY)
    return {**row, "key": key}


async def rotate_api_key(tx: Prisma, user_id: str, id: str) -> Row:
    """Put a new key into the place of an old one, which is worth nothing from then on; NotFoundError."""
    key = new_key()
    data = {"key": stored(key), "lastUsedAt": None}
    row = await records.change(tx.apikey, {"id": id, "userId": user_id}, data, _EVERY, "api_key")
    return {**row, "key": key}


async def update_api_key(
    tx: Prisma, user_id: str, id: str, change: Mapping[str, Any], fields: Fields, *, may_be_restricted: bool
) -> Row:
    """Change a key of one's own.

    Raises:
        NotFoundError: there is none.
        RestrictedError: an ADMIN has taken away what the change would give back.
    """
    if may_be_restricted:
        (await find_restriction(tx, id)).check(change)
    return await records.change(tx.apikey, {"id": id, "userId": user_id}, change, fields, "api_key")


async def restrict_api_key(tx: Prisma, user_id: str, id: str, change: Mapping[str, Any], fields: Fields) -> Row:
    """Change a key as ADMIN; its owner can't undo the restrictions. NotFoundError."""
    found = await tx.query_first(_LOCK, id, user_id)
    if found is None:
        raise NotFoundError("api_key", id)
    before = await find_restriction(tx, id)
    await store_restriction(tx, id, before.after(change, found["rateLimit"]))
    return await records.change(tx.apikey, {"id": id, "userId": user_id}, change, fields, "api_key")


async def delete_api_key(tx: Prisma, user_id: str, id: str) -> None:
    """Revoke a key; NotFoundError."""
    await records.remove(tx.apikey, {"id": id, "userId": user_id}, "api_key")
