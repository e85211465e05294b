"""The routes for credits."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from app.api.credits import queries
from app.api.credits.schemas import Balance, CreditGrant, CreditShown, CreditSpend
from app.api.router import api_router
from app.auth.authentication import Admin
from app.http.money import CENT, with_places
from app.http.pagination import NEWEST_FIRST, PAGE_RESPONSE, Page, Window, window_of
from app.http.problems import problem_responses
from app.http.sparse_fields import Fields, Row, fields_of
from app.http.time_ranges import Since, Until
from app.idempotency.request import IDEMPOTENCY_RESPONSES, Idempotency, WorkResult
from app.tenancy.access import RecordID, TenantAccess, UserAccess
from prisma import Prisma
from prisma.enums import CreditType

router = api_router("credits")

CreditWindow = Annotated[Window, Depends(window_of(NEWEST_FIRST))]
ShownFields = Annotated[Fields, Depends(fields_of(CreditShown))]
MOVED = problem_responses(HTTPStatus.NOT_FOUND) | IDEMPOTENCY_RESPONSES


@router.get("", responses=PAGE_RESPONSE)
async def list_credits(
    access: TenantAccess,
    window: CreditWindow,
    fields: ShownFields,
    type: Annotated[CreditType | None, Query()] = None,
    since: Since = None,
    until: Until = None,
) -> Page[CreditShown]:
    """Return a page of movements, newest first."""
    rows = await access.in_order().run(
        lambda tx: queries.list_credits(tx, access.user_id, window, fields, type=type, since=since, until=until)
    )
    return window.page(rows, fields)


@router.get("/balance")
async def read_balance(request: Request, access: TenantAccess) -> Balance:
    """Return what may still be spent."""
    kept = request.state.keeps_balances
    return Balance(balance=await access.run(lambda tx: queries.balance_of(tx, access.user_id, kept=kept)))


@router.get("/{id}", responses=problem_responses(HTTPStatus.NOT_FOUND))
async def read_credit(access: TenantAccess, id: RecordID, fields: ShownFields) -> CreditShown:
    """Return a movement."""
    return fields.shown(await access.run(lambda tx: queries.find_credit(tx, access.user_id, id, fields)))  # type: ignore[return-value]


@router.post("/grants", status_code=HTTPStatus.CREATED, response_model=CreditShown, responses=MOVED)
async def grant_credits(
    access: TenantAccess, _: Admin, idempotency: Idempotency, body: CreditGrant, fields: ShownFields
) -> Response:
    """Give credits to the user whom `userId` names; only for ADMIN."""

    async def work(tx: Prisma) -> WorkResult:
        return _done(access, await queries.grant(tx, access.user_id, body.model_dump(), fields), fields)

    return await idempotency.run(access, work)


@router.post("/spend", status_code=HTTPStatus.CREATED, response_model=CreditShown, responses=MOVED)
async def spend_credits(
    request: Request, access: TenantAccess, idempotency: Idempotency, body: CreditSpend, fields: ShownFields
) -> Response:
    """Take credits, as far as there are any: the balance never falls below zero."""
    kept = request.state.keeps_balances

    async def work(tx: Prisma) -> WorkResult:
        return _done(access, await queries.spend(tx, access.user_id, body.model_dump(), fields, kept=kept), fields)

    return await idempotency.run(access, work)


def _done(access: UserAccess, movement: Row, fields: Fields) -> WorkResult:
    return WorkResult(
        with_places(fields.shown(movement), "amount", CENT),
        headers={"Location": access.location(f"{router.prefix}/{movement['id']}")},
    )
