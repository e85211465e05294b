"""The routes for subscriptions."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Query, Response

from app.api.router import api_router
from app.api.subscriptions import queries
from app.api.subscriptions.schemas import SubscriptionCreate, SubscriptionShown, SubscriptionUpdate
from app.auth.authentication import Admin, AdminRequiredError, CurrentCaller
from app.http.etags import NOT_MODIFIED, Expected, ExpectedVersion, Known, KnownVersion, tag, version_responses
from app.http.pagination import NEWEST_FIRST, PAGE_RESPONSE, Page, Window, window_of
from app.http.problems import problem_responses
from app.http.sparse_fields import Fields, Row, fields_of
from app.idempotency.request import IDEMPOTENCY_RESPONSES, Idempotency, WorkResult
from app.tenancy.access import RecordID, TenantAccess
from prisma import Prisma
from prisma.enums import Plan, SubscriptionStatus

router = api_router("subscriptions")

SubscriptionWindow = Annotated[Window, Depends(window_of(NEWEST_FIRST))]
ShownFields = Annotated[Fields, Depends(fields_of(SubscriptionShown))]
MADE = IDEMPOTENCY_RESPONSES | version_responses(HTTPStatus.CREATED)
READ = problem_responses(HTTPStatus.NOT_FOUND) | version_responses(HTTPStatus.OK) | NOT_MODIFIED
REFUSED = problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED)
CHANGED = REFUSED | version_responses(HTTPStatus.OK)


@router.get("", responses=PAGE_RESPONSE)
async def list_subscriptions(
    access: TenantAccess,
    window: SubscriptionWindow,
    fields: ShownFields,
    plan: Annotated[Plan | None, Query()] = None,
    status: Annotated[SubscriptionStatus | None, Query()] = None,
) -> Page[SubscriptionShown]:
    """Return a page of subscriptions, newest first."""
    rows = await access.in_order().run(
        lambda tx: queries.list_subscriptions(tx, access.user_id, window, fields, plan=plan, status=status)
    )
    return window.page(rows, fields)


@router.post("", status_code=HTTPStatus.CREATED, response_model=SubscriptionShown, responses=MADE)
async def create_subscription(
    access: TenantAccess, _: Admin, idempotency: Idempotency, body: SubscriptionCreate, fields: ShownFields
) -> Response:
    """Create a subscription of the user whom `userId` names; only for ADMIN."""

    async def work(tx: Prisma) -> WorkResult:
        row = await queries.create_subscription(tx, access.user_id, body.model_dump(), fields)
        headers = {"Location": access.location(f"{router.prefix}/{row['id']}"), "ETag": tag(row["updatedAt"])}
        return WorkResult(fields.shown(row), headers=headers)

    return await idempotency.run(access, work)


@router.get("/{id}", responses=READ)
async def read_subscription(
    access: TenantAccess, id: RecordID, fields: ShownFields, known: KnownVersion
) -> SubscriptionShown:
    """Return a subscription."""
    row = await access.run(lambda tx: queries.find_subscription(tx, access.user_id, id, fields))
    return _shown(row, fields, known)


@router.patch("/{id}", responses=CHANGED)
async def update_subscription(
    access: TenantAccess,
    caller: CurrentCaller,
    id: RecordID,
    body: SubscriptionUpdate,
    fields: ShownFields,
    expected: ExpectedVersion,
) -> SubscriptionShown:
    """Change a subscription: `cancelAtPeriodEnd` as its subscriber, everything as ADMIN."""
    if not (body.is_for_everybody or caller.is_admin):
        raise AdminRequiredError
    change = body.model_dump(exclude_unset=True)
    row = await access.run(lambda tx: queries.update_subscription(tx, access.user_id, id, change, fields, expected))
    return _shown(row, fields, expected)


def _shown(row: Row, fields: Fields, version: Expected | Known) -> SubscriptionShown:
    version.show(row["updatedAt"])
    return fields.shown(row)  # type: ignore[return-value]
