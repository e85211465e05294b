"""The request and response bodies for invoices."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from typing_extensions import TypedDict

from app.http.field_types import ExternalId, Instant, WebAddress
from app.http.money import Amount, AmountShown
from prisma.enums import InvoiceStatus

Currency = Annotated[str, StringConstraints(pattern=r"^[a-z]{3}$"), Field(examples=["usd"])]


class InvoiceCreate(BaseModel):
    """A new invoice."""

    model_config = ConfigDict(extra="forbid")

    stripeInvoiceId: ExternalId
    amount: Amount
    currency: Currency = "usd"
    status: InvoiceStatus
    pdfUrl: WebAddress | None = None
    periodStart: Instant
    periodEnd: Instant
    paidAt: Instant | None = Field(default=None, description="Now, if left out for a PAID invoice.")
    dueDate: Instant | None = None

    @model_validator(mode="after")
    def _in_order(self) -> InvoiceCreate:
        if self.periodEnd < self.periodStart:
            raise ValueError("periodEnd is before periodStart.")
        if self.paidAt is not None and self.status is not InvoiceStatus.PAID:
            raise ValueError("Only a PAID invoice has paidAt.")
        return self


class InvoiceUpdate(BaseModel):
    """Changes of an invoice; fields that are left out stay. The bill itself never changes."""

    model_config = ConfigDict(extra="forbid")

    status: InvoiceStatus | None = None
    pdfUrl: WebAddress | None = None
    paidAt: Instant | None = Field(default=None, description="Now, if left out when the status becomes PAID.")

    @model_validator(mode="after")
    def _something_valid(self) -> InvoiceUpdate:
        if not self.model_fields_set:
            raise ValueError("Name at least one field to change.")
        if "status" in self.model_fields_set and self.status is None:
            raise ValueError("status can't be null.")
        return self


class InvoiceShown(TypedDict, total=False):
    """An invoice; a field is there unless `fields` left it out."""

    id: str
    stripeInvoiceId: str
    amount: AmountShown
    currency: str
    status: InvoiceStatus
    pdfUrl: str | None
    periodStart: datetime
    periodEnd: datetime
    paidAt: datetime | None
    dueDate: datetime | None
    createdAt: datetime
