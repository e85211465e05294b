"""The request and response bodies for credits."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from app.http.field_types import ExternalId, Prose
from app.http.money import AmountShown, PositiveAmount
from prisma.enums import CreditType


class GrantType(StrEnum):
    """Why credits are given."""

    PURCHASE = "PURCHASE"
    BONUS = "BONUS"
    REFUND = "REFUND"
    SUBSCRIPTION = "SUBSCRIPTION"
    PROMOTIONAL = "PROMOTIONAL"


class _Movement(BaseModel):
    model_config = ConfigDict(extra="forbid")

    amount: PositiveAmount
    description: Prose | None = None
    reference: ExternalId | None = None


class CreditGrant(_Movement):
    """Credits to give."""

    type: GrantType


class CreditSpend(_Movement):
    """Credits to take."""


class CreditShown(TypedDict, total=False):
    """A movement of the ledger; what was spent is negative. A field is there unless `fields` left it out."""

    id: str
    amount: AmountShown
    type: CreditType
    description: str | None
    reference: str | None
    createdAt: datetime


class Balance(BaseModel):
    """What may still be spent."""

    balance: Annotated[Decimal, Field(examples=["12.50"])]
