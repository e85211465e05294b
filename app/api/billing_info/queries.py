"""The queries for billing info."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from app.api import records
from app.api.locks import lock_user
from app.http.problems import PreconditionFailedError, ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.http.etags import Expected
    from app.http.sparse_fields import Fields, Row
    from prisma import Prisma

NOUN = "billing_info"


class NoBillingInfoError(ProblemError):
    """The user has no billing info: 404 for a request that reads it, 409 for one that needs it."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status, f"{NOUN}_not_found", "This user has no billing info.")


async def find_id(tx: Prisma, user_id: str) -> str | None:
    """Return the id of a user's billing info, or None."""
    found = await tx.query_first('SELECT id FROM billing_info WHERE "userId" = $1', user_id)
    return found["id"] if found else None


async def find_billing_info(tx: Prisma, user_id: str, fields: Fields) -> Row:
    """Return a user's billing info; NoBillingInfoError."""
    id = await find_id(tx, user_id)
    if id is None:
        raise NoBillingInfoError(HTTPStatus.NOT_FOUND)
    return await records.find(tx.billinginfo, {"id": id}, fields, NOUN, "updatedAt")


async def put_billing_info(
    tx: Prisma, user_id: str, data: Mapping[str, Any], fields: Fields, expected: Expected
) -> tuple[Row, bool]:
    """Replace a user's billing info, and return it and whether it is new.

    Raises:
        NotFoundError: there is no such user.
        PreconditionFailedError: it is another version than the one expected, or there is none yet.
        UniqueViolationError: another user is this customer of Stripe.
    """
    await lock_user(tx, user_id)
    id = await find_id(tx, user_id)
    if id is not None:
        where = {"id": id}
        return await records.change(tx.billinginfo, where, data, fields, NOUN, "updatedAt", expected=expected), False
    if expected.versions is not None:
        raise PreconditionFailedError(NOUN)
    return await records.create(tx.billinginfo, {**data, "userId": user_id}, fields, "updatedAt"), True
