"""The queries for verification tokens."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from pydantic import AwareDatetime, BaseModel

from app.api.verification_tokens.schemas import VerificationTokenCreate
from app.http.problems import ProblemError
from prisma import Prisma

ENTROPY = 32  # bytes

# Deleting and reading are one statement, so only one of several concurrent requests gets the row.
_CONSUME = "DELETE FROM verification_tokens WHERE identifier = $1 AND token = $2 RETURNING expires"


class _Consumed(BaseModel):
    expires: AwareDatetime


class InvalidTokenError(ProblemError):
    """404, in the same words whether the token is unknown, used or expired."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.NOT_FOUND, "verification_token_not_found", "There is no such token, or not any more."
        )


async def create_verification_token(tx: Prisma, new: VerificationTokenCreate) -> Any:
    """Create a token and return its row; UniqueViolationError when it exists."""
    token = new.token or secrets.token_urlsafe(ENTROPY)
    return await tx.verificationtoken.create(
        data={"identifier": new.identifier, "token": token, "expires": new.expires}
    )


async def consume_verification_token(tx: Prisma, identifier: str, token: str) -> datetime | None:
    """Delete a token and return until when it was good; None if there was none, or it had expired."""
    found = await tx.query_first(_CONSUME, identifier, token, model=_Consumed)
    return found.expires if found is not None and found.expires > datetime.now(UTC) else None


async def delete_verification_tokens(tx: Prisma, identifier: str) -> None:
    """Delete all tokens of an identifier."""
    await tx.verificationtoken.delete_many(where={"identifier": identifier})
