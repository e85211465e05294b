"""The routes for invoices."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Query, Response

from app.api.invoices import queries
from app.api.invoices.schemas import InvoiceCreate, InvoiceShown, InvoiceUpdate
from app.api.router import api_router
from app.auth.authentication import Admin
from app.http.money import CENT, with_places
from app.http.pagination import NEWEST_FIRST, PAGE_RESPONSE, Page, Window, window_of
from app.http.problems import problem_responses
from app.http.sparse_fields import Fields, Row, fields_of
from app.idempotency.request import IDEMPOTENCY_RESPONSES, Idempotency, WorkResult
from app.tenancy.access import RecordID, TenantAccess
from prisma import Prisma
from prisma.enums import InvoiceStatus

router = api_router("invoices")

InvoiceWindow = Annotated[Window, Depends(window_of(NEWEST_FIRST))]
ShownFields = Annotated[Fields, Depends(fields_of(InvoiceShown))]
CREATED = IDEMPOTENCY_RESPONSES | {int(HTTPStatus.OK): {"description": "there was this invoice", "model": InvoiceShown}}


@router.get("", responses=PAGE_RESPONSE)
async def list_invoices(
    access: TenantAccess,
    window: InvoiceWindow,
    fields: ShownFields,
    status: Annotated[InvoiceStatus | None, Query()] = None,
) -> Page[InvoiceShown]:
    """Return a page of invoices, newest first."""
    rows = await access.in_order().run(
        lambda tx: queries.list_invoices(tx, access.user_id, window, fields, status=status)
    )
    return window.page(rows, fields)


@router.post("", status_code=HTTPStatus.CREATED, response_model=InvoiceShown, responses=CREATED)
async def create_invoice(
    access: TenantAccess, _: Admin, idempotency: Idempotency, body: InvoiceCreate, fields: ShownFields
) -> Response:
    """Create an invoice of the user whom `userId` names; only for ADMIN.

    The same `stripeInvoiceId` again gives the invoice that is there with 200, if amount, currency, period and due date
    are the same.
    """

    async def work(tx: Prisma) -> WorkResult:
        row, is_new = await queries.create_invoice(tx, access.user_id, body.model_dump(), fields)
        status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
        return WorkResult(
            with_places(fields.shown(row), "amount", CENT),
            status,
            {"Location": access.location(f"{router.prefix}/{row['id']}")},
        )

    return await idempotency.run(access, work)


@router.get("/{id}", responses=problem_responses(HTTPStatus.NOT_FOUND))
async def read_invoice(access: TenantAccess, id: RecordID, fields: ShownFields) -> InvoiceShown:
    """Return an invoice."""
    return _shown(await access.run(lambda tx: queries.find_invoice(tx, access.user_id, id, fields)), fields)


@router.patch("/{id}", responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT))
async def update_invoice(
    access: TenantAccess, _: Admin, id: RecordID, body: InvoiceUpdate, fields: ShownFields
) -> InvoiceShown:
    """Change the state of an invoice of the user whom `userId` names; only for ADMIN."""
    change = body.model_dump(exclude_unset=True)
    return _shown(await access.run(lambda tx: queries.update_invoice(tx, access.user_id, id, change, fields)), fields)


def _shown(row: Row, fields: Fields) -> InvoiceShown:
    return fields.shown(row)  # type: ignore[return-value]
