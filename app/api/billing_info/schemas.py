"""The request and response bodies for billing info."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import TypedDict

from app.http.field_types import ExternalId

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), Field(examples=["IE"], description="ISO 3166-1.")]
LastDigits = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$"), Field(examples=["4242"])]


class BillingInfoPut(BaseModel):
    """A user's new billing info: fields that are left out become empty, except `stripeCustomerId`, which stays."""

    model_config = ConfigDict(extra="forbid")

    addressLine1: Line | None = None
    addressLine2: Line | None = None
    city: Line | None = None
    state: Line | None = None
    postalCode: Line | None = None
    country: Country | None = None
    paymentMethodId: ExternalId | None = Field(default=None, description="Never shown again.")
    last4: LastDigits | None = None
    cardBrand: Line | None = None
    stripeCustomerId: ExternalId | None = Field(default=None, description="Only for ADMIN; never shown again.")

    @property
    def names_customer(self) -> bool:
        """Whether it names the customer at Stripe."""
        return "stripeCustomerId" in self.model_fields_set


class BillingInfoShown(TypedDict, total=False):
    """Billing info; a field is there unless `fields` left it out."""

    id: str
    addressLine1: str | None
    addressLine2: str | None
    city: str | None
    state: str | None
    postalCode: str | None
    country: str | None
    last4: str | None
    cardBrand: str | None
    createdAt: datetime
    updatedAt: datetime
