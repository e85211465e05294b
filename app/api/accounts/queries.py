"""The queries for accounts."""

from __future__ import annotations

from app.api import records
from app.http.pagination import Window
from app.http.sparse_fields import Fields, Row
from prisma import Prisma


async def list_accounts(tx: Prisma, user_id: str, window: Window, fields: Fields, *, provider: str | None) -> list[Row]:
    """Return a page's accounts of a user; all, or those at one provider."""
    where = {"userId": user_id} if provider is None else {"userId": user_id, "provider": provider}
    return await records.find_page(tx.account, where, window, fields)


async def find_account(tx: Prisma, user_id: str, id: str, fields: Fields) -> Row:
    """Return an account; NotFoundError."""
    return await records.find(tx.account, {"id": id, "userId": user_id}, fields, "account")


async def delete_account(tx: Prisma, user_id: str, id: str) -> None:
    """Unlink an account; NotFoundError."""
    await records.remove(tx.account, {"id": id, "userId": user_id}, "account")
