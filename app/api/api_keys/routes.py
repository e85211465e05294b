"""The routes for API keys."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from app.api.api_keys import queries
from app.api.api_keys.schemas import MAX_HOURLY, ApiKeyCreate, ApiKeyMade, ApiKeyShown, ApiKeyUpdate
from app.api.router import api_router
from app.auth.authentication import CurrentCaller
from app.auth.caller import Caller
from app.http.pagination import NEWEST_FIRST, PAGE_RESPONSE, Page, Window, window_of
from app.http.problems import ProblemError, problem_responses
from app.http.sparse_fields import Fields, Row, fields_of
from app.idempotency.request import IDEMPOTENCY_RESPONSES, SHOWN_ONCE, Idempotency, WorkResult
from app.tenancy.access import RecordID, TenantAccess, UserAccess
from prisma import Prisma

router = api_router("api-keys")

KeyWindow = Annotated[Window, Depends(window_of(NEWEST_FIRST))]
ShownFields = Annotated[Fields, Depends(fields_of(ApiKeyShown))]
ONE = problem_responses(HTTPStatus.NOT_FOUND)


class LimitTooHighError(ProblemError):
    """403: more requests per hour than the caller's role may give a key."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            HTTPStatus.FORBIDDEN, "rate_limit_too_high", f"Your role allows {limit} requests per hour for a key."
        )


@router.get("", responses=PAGE_RESPONSE)
async def list_api_keys(
    access: TenantAccess,
    window: KeyWindow,
    fields: ShownFields,
    is_active: Annotated[bool | None, Query(alias="isActive")] = None,
) -> Page[ApiKeyShown]:
    """Return a page of keys, newest first; without the keys themselves."""
    rows = await access.in_order().run(
        lambda tx: queries.list_api_keys(tx, access.user_id, window, fields, is_active=is_active)
    )
    return window.page(rows, fields)


@router.post("", status_code=HTTPStatus.CREATED, response_model=ApiKeyMade, responses=IDEMPOTENCY_RESPONSES)
async def create_api_key(
    access: TenantAccess, caller: CurrentCaller, idempotency: Idempotency, body: ApiKeyCreate
) -> Response:
    """Make a key. The answer holds it; nobody can show it again."""
    _check_limit(caller, body.rateLimit)

    async def work(tx: Prisma) -> WorkResult:
        return _made(access, await queries.create_api_key(tx, access.user_id, body.model_dump()), HTTPStatus.CREATED)

    return await idempotency.run(access, work)


@router.get("/{id}", responses=ONE)
async def read_api_key(access: TenantAccess, id: RecordID, fields: ShownFields) -> ApiKeyShown:
    """Return a key, without the key itself."""
    return await access.run(lambda tx: queries.find_api_key(tx, access.user_id, id, fields))  # type: ignore[return-value]


@router.patch("/{id}", responses=ONE)
async def update_api_key(
    request: Request, access: TenantAccess, caller: CurrentCaller, id: RecordID, body: ApiKeyUpdate, fields: ShownFields
) -> ApiKeyShown:
    """Change a key, e.g. switch it off for a while. Its owner can't undo what an ADMIN restricts."""
    _check_limit(caller, body.rateLimit)
    change = body.model_dump(exclude_unset=True)
    restricts = request.state.stores_restrictions
    if restricts and access.acts_for_other:
        return await access.as_owner(caller).run(  # type: ignore[return-value]
            lambda tx: queries.restrict_api_key(tx, access.user_id, id, change, fields)
        )
    return await access.run(  # type: ignore[return-value]
        lambda tx: queries.update_api_key(tx, access.user_id, id, change, fields, may_be_restricted=restricts)
    )


@router.post("/{id}/rotate", response_model=ApiKeyMade, responses=ONE | IDEMPOTENCY_RESPONSES)
async def rotate_api_key(access: TenantAccess, idempotency: Idempotency, id: RecordID) -> Response:
    """Replace a key by a new one with the same settings. The old one is worth nothing from now on."""

    async def work(tx: Prisma) -> WorkResult:
        return _made(access, await queries.rotate_api_key(tx, access.user_id, id), HTTPStatus.OK)

    return await idempotency.run(access, work)


@router.delete("/{id}", status_code=HTTPStatus.NO_CONTENT, responses=ONE)
async def delete_api_key(access: TenantAccess, id: RecordID) -> None:
    """Revoke a key for good."""
    await access.run(lambda tx: queries.delete_api_key(tx, access.user_id, id))


def _check_limit(caller: Caller, limit: int | None) -> None:
    allowed = MAX_HOURLY[caller.role]
    if limit is not None and limit > allowed:
        raise LimitTooHighError(allowed)


def _made(access: UserAccess, row: Row, status: HTTPStatus) -> WorkResult:
    headers = {"Location": access.location(f"{router.prefix}/{row['id']}"), "Cache-Control": "no-store"}
    return WorkResult(row, status, headers, replay={**row, "key": None, "notice": SHOWN_ONCE})
