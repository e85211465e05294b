"""Verification tokens over HTTP: for services, which sign in with a key of an ADMIN."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.errors import TENANT_RESPONSES, problem_responses
from app.tenancy import OwnerGate
from app.verification_tokens import queries
from app.verification_tokens.schemas import (
    VerificationTokenConsume,
    VerificationTokenConsumed,
    VerificationTokenCreate,
    VerificationTokenMade,
    Visible,
)

router = APIRouter(prefix="/api/v1/verification-tokens", tags=["verification tokens"], responses=TENANT_RESPONSES)


@router.post("", status_code=HTTPStatus.CREATED, responses=problem_responses(HTTPStatus.CONFLICT))
async def create_verification_token(
    gate: OwnerGate, body: VerificationTokenCreate, response: Response
) -> VerificationTokenMade:
    """Create a token; ADMIN. The answer holds it; nobody can show it again."""
    row = await gate.run(lambda tx: queries.create_verification_token(tx, body))
    response.headers["Cache-Control"] = "no-store"
    return VerificationTokenMade(identifier=row.identifier, token=row.token, expires=row.expires)


@router.post("/consume", responses=problem_responses(HTTPStatus.NOT_FOUND))
async def consume_verification_token(gate: OwnerGate, body: VerificationTokenConsume) -> VerificationTokenConsumed:
    """Use a token up; ADMIN. It succeeds once, however many try at the same moment."""
    expires = await gate.run(lambda tx: queries.consume_verification_token(tx, body.identifier, body.token))
    if expires is None:
        raise queries.InvalidTokenError
    return VerificationTokenConsumed(identifier=body.identifier, expires=expires)


@router.delete("", status_code=HTTPStatus.NO_CONTENT)
async def delete_verification_tokens(gate: OwnerGate, identifier: Annotated[Visible, Query()]) -> None:
    """Delete all tokens of an identifier; ADMIN."""
    await gate.run(lambda tx: queries.delete_verification_tokens(tx, identifier))
