"""The request and response bodies for verification tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, NotRequired

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import TypedDict

from app.http.field_types import Instant

LIFETIME = timedelta(hours=24)  # as NextAuth has it

Visible = Annotated[str, StringConstraints(min_length=1, max_length=320, pattern=r"^[^\x00-\x1f\x7f]+$")]


class VerificationTokenCreate(BaseModel):
    """A new token. Without `token` one is made."""

    model_config = ConfigDict(extra="forbid")

    identifier: Visible = Field(description="What is to be confirmed, e.g. an address.")
    token: Visible | None = None
    expires: Instant = Field(default_factory=lambda: datetime.now(UTC) + LIFETIME)


class VerificationTokenConsume(BaseModel):
    """A token that somebody brought back."""

    model_config = ConfigDict(extra="forbid")

    identifier: Visible
    token: Visible


class VerificationTokenMade(TypedDict):
    """A token that was made a moment ago; it is never shown again.

    Where an Idempotency-Key repeats the answer, `token` is null and `notice` says why.
    """

    identifier: str
    token: str | None
    expires: datetime
    notice: NotRequired[str]


class VerificationTokenConsumed(BaseModel):
    """What was confirmed."""

    identifier: str
    expires: datetime
