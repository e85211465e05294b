"""Credits over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Query, Response

from app.api.credits import queries
from app.api.credits.schemas import Balance, CreditGrant, CreditShown, CreditSpend
from app.api.router import api_router
from app.auth.authentication import Admin
from app.http.money import CENT, with_places
from app.http.pagination import NEWEST_FIRST, PAGE_RESPONSE, Page, Window, window_of
from app.http.problems import problem_responses
from app.http.sparse_fields import Fields, Row, fields_of
from app.http.time_ranges import Since, Until
from app.idempotency.request import ONCE_RESPONSES, Done, DoneOnce
from app.tenancy.access import RecordID, TenantGate, UserGate
from prisma import Prisma
from prisma.enums import CreditType

router = api_router("credits")

CreditWindow = Annotated[Window, Depends(window_of(NEWEST_FIRST))]
ShownFields = Annotated[Fields, Depends(fields_of(CreditShown))]
MOVED = problem_responses(HTTPStatus.NOT_FOUND) | ONCE_RESPONSES


@router.get("", responses=PAGE_RESPONSE)
async def list_credits(
    gate: TenantGate,
    window: CreditWindow,
    fields: ShownFields,
    type: Annotated[CreditType | None, Query()] = None,
    since: Since = None,
    until: Until = None,
) -> Page[CreditShown]:
    """Return a page of movements, newest first."""
    rows = await gate.run(
        lambda tx: queries.list_credits(tx, gate.user_id, window, fields, type=type, since=since, until=until)
    )
    return window.page(rows, fields)


@router.get("/balance")
async def read_balance(gate: TenantGate) -> Balance:
    """Return what may still be spent."""
    return Balance(balance=await gate.run(lambda tx: queries.balance_of(tx, gate.user_id)))


@router.get("/{id}", responses=problem_responses(HTTPStatus.NOT_FOUND))
async def read_credit(gate: TenantGate, id: RecordID, fields: ShownFields) -> CreditShown:
    """Return a movement."""
    return fields.shown(await gate.run(lambda tx: queries.find_credit(tx, gate.user_id, id, fields)))  # type: ignore[return-value]


@router.post("/grants", status_code=HTTPStatus.CREATED, response_model=CreditShown, responses=MOVED)
async def grant_credits(gate: TenantGate, _: Admin, once: DoneOnce, body: CreditGrant, fields: ShownFields) -> Response:
    """Give credits to the user whom `userId` names; only for ADMIN."""

    async def work(tx: Prisma) -> Done:
        return _done(gate, await queries.grant(tx, gate.user_id, body.model_dump(), fields), fields)

    return await once.run(gate, work)


@router.post("/spend", status_code=HTTPStatus.CREATED, response_model=CreditShown, responses=MOVED)
async def spend_credits(gate: TenantGate, once: DoneOnce, body: CreditSpend, fields: ShownFields) -> Response:
    """Take credits, as far as there are any: the balance never falls below zero."""

    async def work(tx: Prisma) -> Done:
        return _done(gate, await queries.spend(tx, gate.user_id, body.model_dump(), fields), fields)

    return await once.run(gate, work)


def _done(gate: UserGate, movement: Row, fields: Fields) -> Done:
    return Done(
        with_places(fields.shown(movement), "amount", CENT),
        headers={"Location": gate.place(f"{router.prefix}/{movement['id']}")},
    )
