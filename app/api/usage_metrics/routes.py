"""The routes for usage metrics."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from pydantic import BeforeValidator

from app.api.router import api_router
from app.api.usage_metrics import queries
from app.api.usage_metrics.schemas import (
    Dimension,
    Endpoint,
    Recorded,
    UsageBatch,
    UsageCreate,
    UsageReport,
    UsageShown,
)
from app.auth.authentication import CurrentCaller, require_admin
from app.http.field_types import Whole
from app.http.money import MICRO, with_places
from app.http.pagination import PAGE_RESPONSE, Order, Page, Window, window_of
from app.http.problems import problem_responses
from app.http.sparse_fields import Fields, Row, fields_of, no_words, words
from app.http.time_ranges import Since, Until
from app.idempotency.request import IDEMPOTENCY_RESPONSES, Idempotency, WorkResult
from app.tenancy.access import Access, RecordID, TenantAccess, owner_access
from prisma import Prisma

MAX_GROUPS = 1000
DEFAULT_GROUPS = 100
MAX_SKIP = 2**31 - 1

router = api_router("usage-metrics")

LATEST_FIRST = Order({"date": datetime, "id": str})
UsageWindow = Annotated[Window, Depends(window_of(LATEST_FIRST))]
ShownFields = Annotated[Fields, Depends(fields_of(UsageShown))]
OfEndpoint = Annotated[Endpoint | None, Query(description="Only of this endpoint.")]


@router.get("", responses=PAGE_RESPONSE)
async def list_usage(
    access: TenantAccess,
    window: UsageWindow,
    fields: ShownFields,
    endpoint: OfEndpoint = None,
    since: Since = None,
    until: Until = None,
) -> Page[UsageShown]:
    """Return a page of records, latest first."""
    rows = await access.in_order().run(
        lambda tx: queries.list_usage(tx, access.user_id, window, fields, endpoint=endpoint, since=since, until=until)
    )
    return window.page(rows, fields)


@router.post("", status_code=HTTPStatus.CREATED, response_model=UsageShown, responses=IDEMPOTENCY_RESPONSES)
async def record_usage(
    access: TenantAccess, idempotency: Idempotency, body: UsageCreate, fields: ShownFields
) -> Response:
    """Record usage."""

    async def work(tx: Prisma) -> WorkResult:
        row = await queries.record_usage(tx, access.user_id, body, fields)
        return WorkResult(
            with_places(fields.shown(row), "cost", MICRO),
            headers={"Location": access.location(f"{router.prefix}/{row['id']}")},
        )

    return await idempotency.run(access, work)


@router.post("/batch", status_code=HTTPStatus.CREATED, response_model=Recorded, responses=IDEMPOTENCY_RESPONSES)
async def record_batch(access: TenantAccess, idempotency: Idempotency, body: UsageBatch) -> Response:
    """Record up to 1,000 usages together: all or none."""

    async def work(tx: Prisma) -> WorkResult:
        return WorkResult(Recorded(recorded=await queries.record_batch(tx, access.user_id, body.items)))

    return await idempotency.run(access, work)


async def _report_access(
    request: Request,
    caller: CurrentCaller,
    access: TenantAccess,
    everyone: Annotated[bool, Query(description="Of all users; only for ADMIN.")] = False,
) -> Access:
    return await owner_access(request, await require_admin(caller)) if everyone else access


@router.get("/report")
async def read_report(
    access: Annotated[Access, Depends(_report_access)],
    by: Annotated[
        list[Dimension],
        BeforeValidator(words),
        Query(
            default_factory=no_words, description="What to break down by, e.g. by=day,endpoint; nothing for one sum."
        ),
    ],
    since: Since = None,
    until: Until = None,
    endpoint: OfEndpoint = None,
    take: Annotated[Whole, Query(ge=1, le=MAX_GROUPS)] = DEFAULT_GROUPS,
    skip: Annotated[Whole, Query(ge=0, le=MAX_SKIP)] = 0,
) -> UsageReport:
    """Return sums of requests, tokens, embeddings and cost by day (in UTC), endpoint and user."""
    found = await access.planned_anew().run(
        lambda tx: queries.report(
            tx, access.user_id, by, since=since, until=until, endpoint=endpoint, take=take + 1, skip=skip
        )
    )
    return UsageReport(items=found[:take], more=len(found) > take)


@router.get("/{id}", responses=problem_responses(HTTPStatus.NOT_FOUND))
async def read_usage(access: TenantAccess, id: RecordID, fields: ShownFields) -> UsageShown:
    """Return a record."""
    row: Row = await access.run(lambda tx: queries.find_usage(tx, access.user_id, id, fields))
    return fields.shown(row)  # type: ignore[return-value]
