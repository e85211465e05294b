"""The routes for verification tokens, for programs that sign in with a key of an ADMIN."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Query, Response

from app.api.router import api_router
from app.api.verification_tokens import queries
from app.api.verification_tokens.schemas import (
    VerificationTokenConsume,
    VerificationTokenConsumed,
    VerificationTokenCreate,
    VerificationTokenMade,
    Visible,
)
from app.http.problems import problem_responses
from app.idempotency.request import IDEMPOTENCY_RESPONSES, SHOWN_ONCE, Idempotency, WorkResult
from app.tenancy.access import OwnerAccess
from prisma import Prisma

router = api_router("verification-tokens")


@router.post("", status_code=HTTPStatus.CREATED, response_model=VerificationTokenMade, responses=IDEMPOTENCY_RESPONSES)
async def create_verification_token(
    access: OwnerAccess, idempotency: Idempotency, body: VerificationTokenCreate
) -> Response:
    """Create a token; ADMIN. The answer holds it; nobody can show it again."""

    async def work(tx: Prisma) -> WorkResult:
        row = await queries.create_verification_token(tx, body)
        made = VerificationTokenMade(identifier=row.identifier, token=row.token, expires=row.expires)
        replay = {**made, "token": None, "notice": SHOWN_ONCE}
        return WorkResult(made, headers={"Cache-Control": "no-store"}, replay=replay)

    return await idempotency.run(access, work)


@router.post(
    "/consume",
    response_model=VerificationTokenConsumed,
    responses=problem_responses(HTTPStatus.NOT_FOUND) | IDEMPOTENCY_RESPONSES,
)
async def consume_verification_token(
    access: OwnerAccess, idempotency: Idempotency, body: VerificationTokenConsume
) -> Response:
    """Use a token up; ADMIN. It succeeds once, however many try at the same moment."""

    async def work(tx: Prisma) -> WorkResult:
        expires = await queries.consume_verification_token(tx, body.identifier, body.token)
        if expires is None:
            raise queries.InvalidTokenError
        return WorkResult(VerificationTokenConsumed(identifier=body.identifier, expires=expires), HTTPStatus.OK)

    return await idempotency.run(access, work)


@router.delete("", status_code=HTTPStatus.NO_CONTENT)
async def delete_verification_tokens(access: OwnerAccess, identifier: Annotated[Visible, Query()]) -> None:
    """Delete all tokens of an identifier; ADMIN."""
    await access.run(lambda tx: queries.delete_verification_tokens(tx, identifier))
