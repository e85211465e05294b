"""The response bodies for rate limits."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel
from typing_extensions import TypedDict


class RateLimitShown(TypedDict, total=False):
    """How often one has called; a field is there unless `fields` left it out.

    `endpoint` is a tier, `key` for the hours of an API key, `keys` for those of all keys of a user, or `abuse` for
    requests beyond the limits: ten of them, and the identifier is blocked until `resetAt`. `createdAt` of an `abuse` is
    when the last of them was counted.
    """

    id: str
    identifier: str
    endpoint: str
    count: int
    resetAt: datetime
    createdAt: datetime


class Reset(BaseModel):
    """How many counts were removed."""

    reset: int
