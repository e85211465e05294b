"""The queries for sessions."""

from __future__ import annotations

from app.api import records
from app.http.pagination import Window
from app.http.sparse_fields import Fields, Row
from prisma import Prisma


async def list_sessions(tx: Prisma, user_id: str, window: Window, fields: Fields) -> list[Row]:
    """Return a page's sessions of a user, the one that ends last first."""
    return await records.find_page(tx.session, {"userId": user_id}, window, fields)


async def find_session(tx: Prisma, user_id: str, id: str, fields: Fields) -> Row:
    """Return a session; NotFoundError."""
    return await records.find(tx.session, {"id": id, "userId": user_id}, fields, "session")


async def delete_session(tx: Prisma, user_id: str, id: str) -> None:
    """End a session; NotFoundError."""
    await records.remove(tx.session, {"id": id, "userId": user_id}, "session")


async def delete_sessions(tx: Prisma, user_id: str) -> None:
    """End all sessions of a user."""
    await tx.session.delete_many(where={"userId": user_id})
