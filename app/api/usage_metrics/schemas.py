"""The request and response bodies for usage metrics."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import TypedDict

from app.http.field_types import Instant, StorableJson, Whole
from app.http.money import Cost, CostShown

MAX_BATCH = 1000  # records
MAX_COUNT = 2**31 - 1  # the largest Int that Prisma takes

Endpoint = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$"),
    Field(examples=["/v1/chat/completions"]),
]
Method = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,16}$"), Field(examples=["POST"])]
Count = Annotated[Whole, Field(ge=0, le=MAX_COUNT)]


class UsageCreate(BaseModel):
    """What was used."""

    model_config = ConfigDict(extra="forbid")

    endpoint: Endpoint
    method: Method = "GET"
    requests: Count = 1
    tokens: Count = 0
    embeddings: Count = 0
    cost: Cost = Field(default=Decimal(0), description="US dollars.")
    date: Instant | None = Field(default=None, description="When; now, if left out.")
    metadata: StorableJson = Field(default=None, description="Any JSON; null for none.")


class UsageBatch(BaseModel):
    """Records that are written together: all or none."""

    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[UsageCreate], Field(min_length=1, max_length=MAX_BATCH)]


class Recorded(BaseModel):
    """How many records were written."""

    recorded: int


class UsageShown(TypedDict, total=False):
    """A record of usage; a field is there unless `fields` left it out. `cost` is in US dollars."""

    id: str
    endpoint: str
    method: str
    requests: int
    tokens: int
    embeddings: int
    cost: CostShown
    date: datetime
    metadata: Any


class Dimension(StrEnum):
    """What a report may be broken down by."""

    DAY = "day"
    ENDPOINT = "endpoint"
    USER = "user"


class UsageSum(TypedDict, total=False):
    """The sums of one group; `day` (in UTC), `endpoint` and `userId` are there if the report is broken down by them."""

    day: str
    endpoint: str
    userId: str
    requests: int
    tokens: int
    embeddings: int
    cost: CostShown


class UsageReport(BaseModel):
    """The groups of a report in the order of day, endpoint and user; `more` tells whether others follow."""

    items: list[UsageSum]
    more: bool
