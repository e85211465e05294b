"""The queries for projects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.api import records
from app.http.etags import Expected
from app.http.merge_patch import merged_document
from app.http.pagination import Window
from app.http.sparse_fields import Fields, Row
from prisma import Json, Prisma


async def list_projects(
    tx: Prisma, user_id: str, window: Window, fields: Fields, *, is_active: bool | None
) -> list[Row]:
    """Return a page's projects of a user, newest first; all, or only the active or inactive ones."""
    where = {"userId": user_id} if is_active is None else {"userId": user_id, "isActive": is_active}
    return await records.find_page(tx.project, where, window, fields)


async def find_project(tx: Prisma, user_id: str, id: str, fields: Fields) -> Row:
    """Return a project; NotFoundError."""
    return await records.find(tx.project, {"id": id, "userId": user_id}, fields, "project", "updatedAt")


async def create_project(tx: Prisma, user_id: str, data: Mapping[str, Any], fields: Fields) -> Row:
    """Create a project."""
    return await records.create(tx.project, {**_stored(data), "userId": user_id}, fields, "updatedAt")


async def update_project(
    tx: Prisma, user_id: str, id: str, change: Mapping[str, Any], fields: Fields, expected: Expected
) -> Row:
    """Change a project; its settings are merged, also with a concurrent change."""
    data = dict(change)
    if "settings" in data:
        # Locked until the commit: a second merge at the same time waits, and then reads the result of this one.
        found = await tx.query_first(
            'SELECT settings FROM projects WHERE id = $1 AND "userId" = $2 FOR UPDATE', id, user_id
        )
        before = found["settings"] if found else None
        data["settings"] = merged_document(before, data["settings"], "body.settings")
    where = {"id": id, "userId": user_id}
    return await records.change(tx.project, where, _stored(data), fields, "project", "updatedAt", expected=expected)


async def delete_project(tx: Prisma, user_id: str, id: str, expected: Expected) -> None:
    """Delete a project; NotFoundError, PreconditionFailedError."""
    await records.remove(tx.project, {"id": id, "userId": user_id}, "project", expected=expected)


def _stored(data: Mapping[str, Any]) -> dict[str, Any]:
    settings = data.get("settings")
    return {**data, "settings": Json(settings)} if settings is not None else dict(data)
