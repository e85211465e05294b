"""The request and response bodies for subscriptions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, model_validator
from typing_extensions import TypedDict

from app.http.field_types import ExternalId, Instant
from prisma.enums import Plan, SubscriptionStatus


class FirstStatus(StrEnum):
    """The states in which a subscription may begin."""

    INCOMPLETE = "INCOMPLETE"
    TRIALING = "TRIALING"
    ACTIVE = "ACTIVE"


class SubscriptionCreate(BaseModel):
    """A new subscription."""

    model_config = ConfigDict(extra="forbid")

    plan: Plan
    status: FirstStatus = FirstStatus.INCOMPLETE
    stripeSubscriptionId: ExternalId | None = None
    stripeCustomerId: ExternalId | None = None
    currentPeriodStart: Instant | None = None
    currentPeriodEnd: Instant | None = None
    cancelAtPeriodEnd: bool = False


class SubscriptionUpdate(BaseModel):
    """Changes of a subscription; fields that are left out stay."""

    model_config = ConfigDict(extra="forbid")

    plan: Plan | None = None
    status: SubscriptionStatus | None = None
    stripeSubscriptionId: ExternalId | None = None
    stripeCustomerId: ExternalId | None = None
    currentPeriodStart: Instant | None = None
    currentPeriodEnd: Instant | None = None
    cancelAtPeriodEnd: bool | None = None

    @model_validator(mode="after")
    def _something_valid(self) -> SubscriptionUpdate:
        if not self.model_fields_set:
            raise ValueError("Name at least one field to change.")
        for required in ("plan", "status", "cancelAtPeriodEnd"):
            if required in self.model_fields_set and getattr(self, required) is None:
                raise ValueError(f"{required} can't be null.")
        return self

    @property
    def is_for_everybody(self) -> bool:
        """Whether the subscriber may change this; everything else follows from payments."""
        return self.model_fields_set <= {"cancelAtPeriodEnd"}


class SubscriptionShown(TypedDict, total=False):
    """A subscription; a field is there unless `fields` left it out."""

    id: str
    plan: Plan
    status: SubscriptionStatus
    currentPeriodStart: datetime | None
    currentPeriodEnd: datetime | None
    cancelAtPeriodEnd: bool
    createdAt: datetime
    updatedAt: datetime
