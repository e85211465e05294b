"""The routes for the counters of rate limits, for ADMIN."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Query
from pydantic import StringConstraints

from app.api.rate_limits import queries
from app.api.rate_limits.schemas import RateLimitShown, Reset
from app.api.router import api_router
from app.http.pagination import NEWEST_FIRST, PAGE_RESPONSE, Page, Window, window_of
from app.http.problems import problem_responses
from app.http.sparse_fields import Fields, fields_of
from app.tenancy.access import OwnerAccess, RecordID

router = api_router("rate-limits")

Text = Annotated[str, StringConstraints(min_length=1, max_length=255)]
LimitWindow = Annotated[Window, Depends(window_of(NEWEST_FIRST))]
ShownFields = Annotated[Fields, Depends(fields_of(RateLimitShown))]


@router.get("", responses=PAGE_RESPONSE)
async def list_rate_limits(
    access: OwnerAccess,
    window: LimitWindow,
    fields: ShownFields,
    identifier: Annotated[Text | None, Query(examples=["user:ID", "ip:192.0.2.1", "key:ID"])] = None,
    endpoint: Annotated[Text | None, Query(description="A tier, `key`, `keys` or `abuse`.")] = None,
) -> Page[RateLimitShown]:
    """Return a page of counts, newest first."""
    # A general plan does not know how rare an endpoint is: of `abuse` there are few.
    rows = await access.planned_anew().run(
        lambda tx: queries.list_rate_limits(tx, window, fields, identifier=identifier, endpoint=endpoint)
    )
    return window.page(rows, fields)


@router.delete("")
async def reset_identifier(access: OwnerAccess, identifier: Annotated[Text, Query(examples=["user:ID"])]) -> Reset:
    """Reset the counters of an identifier, and lift its block."""
    return Reset(reset=await access.run(lambda tx: queries.reset_identifier(tx, identifier)))


@router.delete("/{id}", status_code=HTTPStatus.NO_CONTENT, responses=problem_responses(HTTPStatus.NOT_FOUND))
async def reset_one(access: OwnerAccess, id: RecordID) -> None:
    """Remove a count."""
    await access.run(lambda tx: queries.reset_one(tx, id))
