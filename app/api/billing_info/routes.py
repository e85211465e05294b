"""The routes for billing info."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Response

from app.api.billing_info import queries
from app.api.billing_info.schemas import BillingInfoPut, BillingInfoShown
from app.api.router import api_router
from app.auth.authentication import AdminRequiredError, CurrentCaller
from app.http.etags import NOT_MODIFIED, Expected, ExpectedVersion, Known, KnownVersion, version_responses
from app.http.problems import problem_responses
from app.http.sparse_fields import Fields, Row, fields_of
from app.tenancy.access import TenantAccess

router = api_router("billing-info")

ShownFields = Annotated[Fields, Depends(fields_of(BillingInfoShown))]
READ = problem_responses(HTTPStatus.NOT_FOUND) | version_responses(HTTPStatus.OK) | NOT_MODIFIED
REFUSED = problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED)
FIRST = {"description": "It is the first.", "model": BillingInfoShown}
CHANGED = (
    REFUSED
    | version_responses(HTTPStatus.OK)
    | {int(HTTPStatus.CREATED): FIRST | version_responses(HTTPStatus.CREATED)[int(HTTPStatus.CREATED)]}
)


@router.get("", responses=READ)
async def read_billing_info(access: TenantAccess, fields: ShownFields, known: KnownVersion) -> BillingInfoShown:
    """Return the billing info."""
    return _shown(await access.run(lambda tx: queries.find_billing_info(tx, access.user_id, fields)), fields, known)


@router.put("", responses=CHANGED)
async def put_billing_info(
    access: TenantAccess,
    caller: CurrentCaller,
    body: BillingInfoPut,
    fields: ShownFields,
    expected: ExpectedVersion,
    response: Response,
) -> BillingInfoShown:
    """Make the billing info this: 201 when it is the first, 200 when it takes the place of another."""
    if body.names_customer and not caller.is_admin:
        raise AdminRequiredError
    data = body.model_dump(exclude=None if body.names_customer else {"stripeCustomerId"})
    # A second time does no harm, so an unknown outcome is tried again.
    row, is_new = await access.run(
        lambda tx: queries.put_billing_info(tx, access.user_id, data, fields, expected),
        repeatable=expected.versions is None,
    )
    if is_new:
        response.status_code = HTTPStatus.CREATED
    return _shown(row, fields, expected)


def _shown(row: Row, fields: Fields, version: Expected | Known) -> BillingInfoShown:
    version.show(row["updatedAt"])
    return fields.shown(row)  # type: ignore[return-value]
