"""The routes for sessions, which begin by signing in at the web application."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends

from app.api.router import api_router
from app.api.sessions import queries
from app.api.sessions.schemas import SessionShown
from app.http.pagination import PAGE_RESPONSE, Order, Page, Window, window_of
from app.http.problems import problem_responses
from app.http.sparse_fields import Fields, fields_of
from app.tenancy.access import RecordID, TenantAccess

router = api_router("sessions")

SessionWindow = Annotated[Window, Depends(window_of(Order({"expires": datetime, "id": str})))]
ShownFields = Annotated[Fields, Depends(fields_of(SessionShown))]
ONE = problem_responses(HTTPStatus.NOT_FOUND)


@router.get("", responses=PAGE_RESPONSE)
async def list_sessions(access: TenantAccess, window: SessionWindow, fields: ShownFields) -> Page[SessionShown]:
    """Return a page of sessions, the one that ends last first."""
    return window.page(
        await access.in_order().run(lambda tx: queries.list_sessions(tx, access.user_id, window, fields)), fields
    )


@router.get("/{id}", responses=ONE)
async def read_session(access: TenantAccess, id: RecordID, fields: ShownFields) -> SessionShown:
    """Return a session."""
    return await access.run(lambda tx: queries.find_session(tx, access.user_id, id, fields))  # type: ignore[return-value]


@router.delete("/{id}", status_code=HTTPStatus.NO_CONTENT, responses=ONE)
async def delete_session(access: TenantAccess, id: RecordID) -> None:
    """End a session: its token is worth nothing from now on."""
    await access.run(lambda tx: queries.delete_session(tx, access.user_id, id))


@router.delete("", status_code=HTTPStatus.NO_CONTENT)
async def delete_sessions(access: TenantAccess) -> None:
    """End all sessions of a user, also the one that this request was made with."""
    await access.run(lambda tx: queries.delete_sessions(tx, access.user_id))
