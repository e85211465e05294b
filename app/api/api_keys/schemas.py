"""The request and response bodies for API keys; only the response that creates a key contains it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NotRequired

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import TypedDict

from app.http.field_types import Instant, Name, Whole
from prisma.enums import Role

DEFAULT_HOURLY = 1000  # the default of the column
# The largest limit of a key, by the role of its user.
MAX_HOURLY = {Role.USER: 1000, Role.PREMIUM: 5000, Role.ENTERPRISE: 50_000, Role.ADMIN: 1_000_000}

Hourly = Annotated[Whole, Field(ge=1, le=max(MAX_HOURLY.values()), description="Requests per hour.")]


class ApiKeyCreate(BaseModel):
    """A new key."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    expiresAt: Instant | None = None
    rateLimit: Hourly = DEFAULT_HOURLY


class ApiKeyUpdate(BaseModel):
    """Changes of a key; fields that are left out stay."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    expiresAt: Instant | None = None
    isActive: bool | None = None
    rateLimit: Hourly | None = None

    @model_validator(mode="after")
    def _something_valid(self) -> ApiKeyUpdate:
        if not self.model_fields_set:
            raise ValueError("Name at least one field to change.")
        for required in ("name", "isActive", "rateLimit"):
            if required in self.model_fields_set and getattr(self, required) is None:
                raise ValueError(f"{required} can't be null.")
        return self


class ApiKeyShown(TypedDict, total=False):
    """A key without what signs in; a field is there unless `fields` left it out. `rateLimit` is requests per hour."""

    id: str
    name: str
    createdAt: datetime
    expiresAt: datetime | None
    lastUsedAt: datetime | None
    isActive: bool
    rateLimit: int


class ApiKeyMade(ApiKeyShown):
    """A key that was made a moment ago, with `key`, which is never shown again.

    Where an Idempotency-Key repeats the answer, `key` is null and `notice` says why.
    """

    key: str | None
    notice: NotRequired[str]
