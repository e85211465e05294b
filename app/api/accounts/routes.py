"""The routes for accounts, which users link by signing in at the web application."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Query

from app.api.accounts import queries
from app.api.accounts.schemas import AccountShown
from app.api.router import api_router
from app.http.pagination import PAGE_RESPONSE, Order, Page, Window, window_of
from app.http.problems import problem_responses
from app.http.sparse_fields import Fields, fields_of
from app.tenancy.access import RecordID, TenantAccess

router = api_router("accounts")

# The table has no time.
AccountWindow = Annotated[Window, Depends(window_of(Order({"id": str}, descending=False)))]
ShownFields = Annotated[Fields, Depends(fields_of(AccountShown))]
ONE = problem_responses(HTTPStatus.NOT_FOUND)


@router.get("", responses=PAGE_RESPONSE)
async def list_accounts(
    access: TenantAccess,
    window: AccountWindow,
    fields: ShownFields,
    provider: Annotated[str | None, Query(max_length=100, pattern=r"^[^\x00]*$")] = None,
) -> Page[AccountShown]:
    """Return a page of accounts."""
    rows = await access.in_order().run(
        lambda tx: queries.list_accounts(tx, access.user_id, window, fields, provider=provider)
    )
    return window.page(rows, fields)


@router.get("/{id}", responses=ONE)
async def read_account(access: TenantAccess, id: RecordID, fields: ShownFields) -> AccountShown:
    """Return an account."""
    return await access.run(lambda tx: queries.find_account(tx, access.user_id, id, fields))  # type: ignore[return-value]


@router.delete("/{id}", status_code=HTTPStatus.NO_CONTENT, responses=ONE)
async def delete_account(access: TenantAccess, id: RecordID) -> None:
    """Unlink an account: the user can't sign in with it any more."""
    await access.run(lambda tx: queries.delete_account(tx, access.user_id, id))
