"""The queries for invoices."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from app.api import kinds, records
from app.api.billing_info.queries import NoBillingInfoError, find_id
from app.api.transitions import INVOICES, check_transition
from app.http.problems import InvalidFieldError, NotFoundError, ProblemError
from prisma import sql
from prisma.enums import InvoiceStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.http.pagination import Window
    from app.http.sparse_fields import Fields, Row
    from prisma import Prisma

NOUN = "invoice"
# The fields of the bill, by which the same invoice is recognised; the others change as it is paid.
_FIXED = ("amount", "currency", "periodStart", "periodEnd", "dueDate")
_TABLE = sql("invoices")
_OF_STATUS = {
    InvoiceStatus.DRAFT: sql("status = 'DRAFT'"),
    InvoiceStatus.OPEN: sql("status = 'OPEN'"),
    InvoiceStatus.PAID: sql("status = 'PAID'"),
    InvoiceStatus.VOID: sql("status = 'VOID'"),
    InvoiceStatus.UNCOLLECTIBLE: sql("status = 'UNCOLLECTIBLE'"),
}
_FIND = 'SELECT id FROM invoices WHERE "stripeInvoiceId" = $1 AND "billingInfoId" = $2'
_LOCK = """
SELECT invoices.status::text AS status FROM invoices JOIN billing_info ON billing_info.id = invoices."billingInfoId"
WHERE invoices.id = $1 AND billing_info."userId" = $2 FOR UPDATE OF invoices
"""


class DifferentInvoiceError(ProblemError):
    """409: Stripe's id is that of another invoice."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.CONFLICT, "different_invoice", "There is another invoice with this stripeInvoiceId."
        )


async def list_invoices(
    tx: Prisma, user_id: str, window: Window, fields: Fields, *, status: InvoiceStatus | None
) -> list[Row]:
    """Return a page's invoices of a user, newest first."""
    billing_info_id = await find_id(tx, user_id)
    if billing_info_id is None:
        return []
    # Named by its own column, by which an index has them in order.
    if status is not None:
        conditions = [_OF_STATUS[status], sql('"billingInfoId" = {}', billing_info_id)]
        return await kinds.find_page(tx.invoice, _TABLE, conditions, window)
    return await records.find_page(tx.invoice, {"billingInfoId": billing_info_id}, window, fields)


async def find_invoice(tx: Prisma, user_id: str, id: str, fields: Fields) -> Row:
    """Return an invoice; NotFoundError."""
    return await records.find(tx.invoice, {"id": id, **_of(user_id)}, fields, NOUN)


async def create_invoice(tx: Prisma, user_id: str, data: Mapping[str, Any], fields: Fields) -> tuple[Row, bool]:
    """Return the invoice with this id of Stripe's, and whether it is new.

    Raises:
        NoBillingInfoError: 409, the user has no billing info.
        DifferentInvoiceError: what was billed under this id is something else, or somebody else's.
    """
    billing_info = await find_id(tx, user_id)
    if billing_info is None:
        raise NoBillingInfoError(HTTPStatus.CONFLICT)
    data = {name: _stored(value) for name, value in data.items()}
    if data["status"] == InvoiceStatus.PAID and data["paidAt"] is None:
        data["paidAt"] = datetime.now(UTC)
    rows: list[Any] = [{**data, "billingInfoId": billing_info}]
    # Skipped without an error if it exists: an error would end the transaction, which still has to read it.
    is_new = await tx.invoice.create_many(data=rows, skip_duplicates=True) == 1
    id = await tx.query_first(_FIND, data["stripeInvoiceId"], billing_info)
    if id is None:
        raise DifferentInvoiceError
    found = await records.find(tx.invoice, id, fields, NOUN, "id", *_FIXED)
    if any(found[name] != data[name] for name in _FIXED):
        raise DifferentInvoiceError
    return found, is_new


async def update_invoice(tx: Prisma, user_id: str, id: str, change: Mapping[str, Any], fields: Fields) -> Row:
    """Change an invoice.

    Raises:
        NotFoundError: there is none.
        ProblemError: 409, its state can't become that one.
    """
    found = await tx.query_first(_LOCK, id, user_id)
    if found is None:
        raise NotFoundError(NOUN, id)
    data, before = dict(change), InvoiceStatus(found["status"])
    status = data.get("status", before)
    check_transition(NOUN, INVOICES, before, status)
    if status is InvoiceStatus.PAID:
        if before is not InvoiceStatus.PAID:
            data.setdefault("paidAt", datetime.now(UTC))
        if data.get("paidAt", before) is None:
            raise InvalidFieldError("body.paidAt", "A PAID invoice has paidAt.")
    elif data.get("paidAt") is not None:
        raise InvalidFieldError("body.paidAt", "Only a PAID invoice has paidAt.")
    return await records.change(tx.invoice, {"id": id}, data, fields, NOUN)


def _stored(value: Any) -> Any:
    """Return a value as the column holds it: times to the millisecond, so that they can be compared."""
    return value.replace(microsecond=value.microsecond // 1000 * 1000) if isinstance(value, datetime) else value


def _of(user_id: str) -> dict[str, Any]:
    return {"billingInfo": {"is": {"userId": user_id}}}
