"""The request and response bodies for users; the names are those of the database, shared with TypeScript."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from typing_extensions import TypedDict

from app.api.accounts.schemas import AccountShown
from app.api.api_keys.schemas import ApiKeyShown
from app.api.billing_info.schemas import BillingInfoShown
from app.api.credits.schemas import CreditShown
from app.api.projects.schemas import ProjectShown
from app.api.sessions.schemas import SessionShown
from app.api.subscriptions.schemas import SubscriptionShown
from app.api.usage_metrics.schemas import UsageShown
from app.http.field_types import Email, Name, WebAddress
from prisma.enums import Role


class Relation(StrEnum):
    """What `include` may name."""

    ACCOUNTS = "accounts"
    SESSIONS = "sessions"
    API_KEYS = "apiKeys"
    PROJECTS = "projects"
    SUBSCRIPTIONS = "subscriptions"
    BILLING_INFO = "billingInfo"
    CREDITS = "credits"
    USAGE_METRICS = "usageMetrics"


class UserCreate(BaseModel):
    """A new user."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    name: Name | None = None
    avatar: WebAddress | None = None
    role: Role = Role.USER


class UserUpdate(BaseModel):
    """Changes of a user; fields that are left out stay. Only an ADMIN changes roles.

    A new address needs the verification token that was sent to it, except from an ADMIN. Otherwise somebody could be
    signed in as the user who took their address before.
    """

    model_config = ConfigDict(extra="forbid")

    email: Email | None = None
    emailToken: SecretStr | None = Field(default=None, description="The token that was sent to the new address.")
    name: Name | None = None
    avatar: WebAddress | None = None
    role: Role | None = None

    @model_validator(mode="after")
    def _something_valid(self) -> UserUpdate:
        if not self.model_fields_set:
            raise ValueError("Name at least one field to change.")
        if self.emailToken is not None and self.email is None:
            raise ValueError("emailToken confirms an email, which is not there.")
        for required in ("email", "role"):
            if required in self.model_fields_set and getattr(self, required) is None:
                raise ValueError(f"{required} can't be null.")
        return self


class UserFields(TypedDict, total=False):
    """A user's own fields."""

    id: str
    email: str
    emailVerified: datetime | None
    name: str | None
    avatar: str | None
    role: Role
    createdAt: datetime
    updatedAt: datetime


class UserShown(UserFields, total=False):
    """A user; a field is there unless `fields` left it out, a relation only when `include` named it."""

    accounts: list[AccountShown]
    sessions: list[SessionShown]
    apiKeys: list[ApiKeyShown]
    projects: list[ProjectShown]
    subscriptions: list[SubscriptionShown]
    billingInfo: BillingInfoShown | None
    credits: list[CreditShown]
    usageMetrics: list[UsageShown]


INCLUDED: dict[Relation, type] = {
    Relation.ACCOUNTS: AccountShown,
    Relation.SESSIONS: SessionShown,
    Relation.API_KEYS: ApiKeyShown,
    Relation.PROJECTS: ProjectShown,
    Relation.SUBSCRIPTIONS: SubscriptionShown,
    Relation.BILLING_INFO: BillingInfoShown,
    Relation.CREDITS: CreditShown,
    Relation.USAGE_METRICS: UsageShown,
}
