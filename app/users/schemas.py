"""What goes in and comes out over HTTP for users. The names are those of the database, shared with TypeScript."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    HttpUrl,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from prisma.enums import CreditType, Plan, Role, SubscriptionStatus

# A zero byte can't be stored, and no control character belongs into a name.
_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=_PRINTABLE)]
MAX_URL = 2048  # characters, more than browsers take


def _web_address(text: str) -> str:
    # Checked as an address, kept as the text that it was: HttpUrl alone would write it anew.
    _WEB_ADDRESS.validate_python(text)
    return text


_WEB_ADDRESS = TypeAdapter(HttpUrl)
Avatar = Annotated[
    str, Field(max_length=MAX_URL, examples=["https://example.com/ada.png"]), AfterValidator(_web_address)
]


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

    email: EmailStr
    name: Name | None = None
    avatar: Avatar | None = None
    role: Role = Role.USER


class UserUpdate(BaseModel):
    """What to change about a user; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    email: EmailStr | None = None
    name: Name | None = None
    avatar: Avatar | None = None
    role: Role | None = None

    @model_validator(mode="after")
    def _something_valid(self) -> UserUpdate:
        if not self.model_fields_set:
            raise ValueError("Name at least one field to change.")
        for required in ("email", "role"):
            if required in self.model_fields_set and getattr(self, required) is None:
                raise ValueError(f"{required} can't be null.")
        return self


class _Row(BaseModel):
    """A record as it is shown: never with a token, a key or another secret."""

    model_config = ConfigDict(from_attributes=True)

    id: str


class AccountShown(_Row):
    type: str
    provider: str
    providerAccountId: str


class SessionShown(_Row):
    expires: datetime


class ApiKeyShown(_Row):
    name: str
    createdAt: datetime
    expiresAt: datetime | None
    lastUsedAt: datetime | None
    isActive: bool
    rateLimit: int = Field(description="Requests per hour.")


class ProjectShown(_Row):
    name: str
    description: str | None
    settings: Any
    isActive: bool
    createdAt: datetime
    updatedAt: datetime


class SubscriptionShown(_Row):
    plan: Plan
    status: SubscriptionStatus
    currentPeriodStart: datetime | None
    currentPeriodEnd: datetime | None
    cancelAtPeriodEnd: bool
    createdAt: datetime
    updatedAt: datetime


class BillingInfoShown(_Row):
    addressLine1: str | None
    addressLine2: str | None
    city: str | None
    state: str | None
    postalCode: str | None
    country: str | None
    last4: str | None
    cardBrand: str | None


class CreditShown(_Row):
    amount: Decimal
    type: CreditType
    description: str | None
    reference: str | None
    createdAt: datetime


class UsageMetricShown(_Row):
    endpoint: str
    method: str
    requests: int
    tokens: int
    embeddings: int
    cost: Decimal = Field(description="US dollars.")
    date: datetime
    metadata: Any


class UserShown(_Row):
    """A user; a relation is there only when `include` named it."""

    email: str
    emailVerified: datetime | None
    name: str | None
    avatar: str | None
    role: Role
    createdAt: datetime
    updatedAt: datetime
    accounts: list[AccountShown] = []
    sessions: list[SessionShown] = []
    apiKeys: list[ApiKeyShown] = []
    projects: list[ProjectShown] = []
    subscriptions: list[SubscriptionShown] = []
    billingInfo: BillingInfoShown | None = None
    credits: list[CreditShown] = []
    usageMetrics: list[UsageMetricShown] = []


class UserPage(BaseModel):
    """A part of all users, newest first."""

    items: list[UserShown]
    total: int
    skip: int
    take: int
